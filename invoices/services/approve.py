"""A second person approves a request: it is posted exactly as asked for, or refused with what has changed since."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.audit.record import record
from collections_app.lib.errors import Conflict, NotAllowed
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.actions import APPROVAL_POSTED, APPROVAL_TAMPERED
from invoices.models import Adjustment, Approval, Invoice
from invoices.queries.approvals import posting_as_asked
from invoices.rules.approvals import Posting
from invoices.rules.disputes import CREDIT_NOTE
from invoices.services.follow_approval import follow_approval, refuse_when_over
from invoices.services.post_adjustment import post_adjustment


def approve(*, approval: Approval, actor: User, by: str = "") -> Adjustment:
    """The adjustment just posted from the request. Of two people who approve at once, one posts.

    Raises NotAllowed for the person who asked and for people without the right; Conflict when it was decided before,
    when it is not any more what was asked for ('approval_tampered', logged), or when less is open by now: then it keeps
    waiting, to be edited or rejected."""
    posting = posting_to_approve(approval, actor, by)
    if posting.kind == CREDIT_NOTE:
        raise Conflict("A credit note for a dispute is approved as one.", code="is_a_credit_note")
    return _post(approval, posting, actor, by)


def posting_to_approve(approval: Approval, actor: User, by: str) -> Posting:
    """What this second person approves, as it was asked for. Raises NotAllowed and Conflict as `approve` does."""
    refuse_own_or_unfit(approval, actor)
    posting = posting_as_asked(_fresh(approval))
    if posting is None:
        record(APPROVAL_TAMPERED, approval, actor=actor, by=by, digest=approval.digest)
        raise Conflict(
            "This request is not any more what was asked for: somebody changed it behind the program's back. Nothing "
            "was posted, and it was logged. Reject it and ask again.",
            code="approval_tampered",
        )
    return posting


def refuse_own_or_unfit(approval: Approval, actor: User) -> None:
    """Nothing; raises NotAllowed unless this is a second person with the right to approve postings."""
    if not actor.may(Capability.APPROVE_POSTINGS):
        raise NotAllowed("Your role cannot decide on requests. Ask a manager.", code="not_an_approver")
    if approval.requested_by_id == actor.pk:
        raise NotAllowed(
            "You asked for this yourself, so somebody else decides. You can edit or withdraw it.", code="own_request"
        )


def claim(approval: Approval, state: str, actor: AbstractBaseUser, note: str = "") -> None:
    """Nothing; the request is in `state` now and this call made it so. Raises Conflict when somebody was faster."""
    won = Approval.objects.filter(pk=approval.pk, state=Approval.State.REQUESTED).update(
        state=state, decided_by_id=actor.pk, decided_at=timezone.now(), note=note.strip()[:200]
    )
    approval.refresh_from_db()
    if not won:
        raise Conflict(
            f"This request was decided before: {approval.get_state_display().lower()}, by {approval.decided_by}.",
            code="approval_decided",
        )


def _fresh(approval: Approval) -> Approval:
    return Approval.objects.get(pk=approval.pk)


@transaction.atomic
def _post(approval: Approval, posting: Posting, actor: User, by: str) -> Adjustment:
    customer = Customer.objects.select_for_update(no_key=True).get(pk=approval.customer_id)
    claim(approval, Approval.State.POSTED, actor)
    if posting_as_asked(approval) != posting:
        raise Conflict("This request changed this very moment. Look at it again.", code="approval_tampered")
    refuse_when_over(approval, [pk for pk, _ in posting.shares])
    invoices = Invoice.objects.in_bulk([pk for pk, _ in posting.shares])
    adjustment = post_adjustment(
        kind=posting.kind, entity=approval.entity, customer=customer, currency=posting.currency,
        shares=[(invoices[pk], amount) for pk, amount in posting.shares], effective_on=posting.effective_on,
        reason=posting.reason, approval=approval, actor=actor, by=by,
    )  # fmt: skip
    record(
        APPROVAL_POSTED, approval, actor=actor, by=by, amount=approval.amount, currency=approval.currency,
        adjustment=adjustment.pk,
    )  # fmt: skip
    follow_approval(approval=approval, on=business_day(approval.entity), actor=actor, by=by)
    return adjustment
