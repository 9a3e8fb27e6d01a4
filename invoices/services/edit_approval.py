"""Changes a waiting request: the old one becomes void, a new one takes its place and waits from the start."""

from datetime import date

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.models import Customer
from invoices.actions import APPROVAL_VOIDED
from invoices.models import Approval
from invoices.rules.disputes import CREDIT_NOTE
from invoices.services.approve import claim
from invoices.services.follow_approval import follow_approval
from invoices.services.post_adjustment import Shares
from invoices.services.request_approval import request_approval


@transaction.atomic
def edit_approval(
    *, approval: Approval, kind: str, shares: Shares, effective_on: date, reason: str, actor: User, by: str = ""
) -> Approval:
    """The new request, asked for by `actor`, who from now on cannot approve it; `replaces` names the void one.

    Raises Conflict when the old one was decided before: what was posted is undone by reversing it, not by editing; else
    as `request_approval` does."""
    if CREDIT_NOTE in (kind, approval.kind):
        raise Conflict(
            "The credit note at the end of a dispute is not edited. Withdraw it, and end the dispute again.",
            code="is_a_credit_note",
        )
    customer = Customer.objects.select_for_update(no_key=True).get(pk=approval.customer_id)
    claim(approval, Approval.State.VOID, actor, "Edited")
    record(APPROVAL_VOIDED, approval, actor=actor, by=by, why="edited")
    anew = request_approval(
        kind=kind, entity=approval.entity, customer=customer, currency=approval.currency, shares=shares,
        effective_on=effective_on, reason=reason, replaces=approval, actor=actor, by=by,
    )  # fmt: skip
    follow_approval(approval=approval, on=effective_on, actor=actor, by=by)
    return anew
