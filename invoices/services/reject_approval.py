"""A second person refuses a request. It stays as history; nothing is posted."""

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.changes import announce
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.actions import APPROVAL_REJECTED
from invoices.models import Approval
from invoices.services.approve import claim, refuse_own_or_unfit
from invoices.services.follow_approval import follow_approval


@transaction.atomic
def reject_approval(*, approval: Approval, reason: str, actor: User, by: str = "") -> Approval:
    """The rejected request, with the reason for the person who asked.

    Raises NotAllowed for that person and for people without the right, BadInput without a reason, Conflict when it was
    decided before."""
    refuse_own_or_unfit(approval, actor)
    if not reason.strip():
        raise BadInput("Say why you reject it.", code="reason_missing", fields={"reason": "Enter a reason."})
    Customer.objects.select_for_update(no_key=True).get(pk=approval.customer_id)
    claim(approval, Approval.State.REJECTED, actor, reason)
    record(APPROVAL_REJECTED, approval, actor=actor, by=by, amount=approval.amount, reason=approval.note)
    follow_approval(approval=approval, on=business_day(approval.entity), actor=actor, by=by)
    announce([approval.customer_id])
    return approval
