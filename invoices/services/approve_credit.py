"""A second person approves the credit note at the end of a dispute: it is issued as asked for, and the dispute ends."""

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.actions import APPROVAL_POSTED
from invoices.models import Approval, DisputeCase, Invoice
from invoices.queries.approvals import posting_as_asked
from invoices.rules.approvals import Posting
from invoices.services.approve import claim, posting_to_approve
from invoices.services.close_case import issue_credits
from invoices.services.finish_case import finish_case
from invoices.services.follow_approval import waiting_case


def approve_credit(*, approval: Approval, actor: User, by: str = "") -> DisputeCase:
    """The dispute, closed as credited. Raises as `approve` does, and Conflict ('dispute_over') when the dispute ended
    otherwise since: then the request is to be rejected."""
    return _issued(approval, posting_to_approve(approval, actor, by), actor, by)


@transaction.atomic
def _issued(approval: Approval, posting: Posting, actor: User, by: str) -> DisputeCase:
    Customer.objects.select_for_update(no_key=True).get(pk=approval.customer_id)
    claim(approval, Approval.State.POSTED, actor)
    case = waiting_case(approval)
    if posting_as_asked(approval) != posting:
        raise Conflict("This request changed this very moment. Look at it again.", code="approval_tampered")
    if case is None:
        raise Conflict("The dispute ended otherwise since. Reject this request.", code="dispute_over")
    invoices = Invoice.objects.select_related("entity").in_bulk([pk for pk, _ in posting.shares])
    shares = [(invoices[pk], amount) for pk, amount in posting.shares]
    issue_credits(case, shares, on=posting.effective_on, actor=actor, text=case.resolution)
    record(
        APPROVAL_POSTED, approval, actor=actor, by=by, amount=approval.amount, currency=approval.currency, case=case.pk
    )  # fmt: skip
    return finish_case(
        case=case, outcome=DisputeCase.Outcome.CREDITED, resolution=case.resolution,
        on=business_day(approval.entity), actor=actor, by=by,
    )  # fmt: skip
