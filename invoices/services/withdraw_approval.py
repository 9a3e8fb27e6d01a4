"""Takes back a request that still waits. It stays as history; nothing is posted."""

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import NotAllowed
from customers.changes import announce
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.actions import APPROVAL_VOIDED
from invoices.models import Approval
from invoices.services.approve import claim
from invoices.services.follow_approval import follow_approval


@transaction.atomic
def withdraw_approval(*, approval: Approval, actor: User, by: str = "") -> Approval:
    """The void request. Raises NotAllowed for anybody but the person who asked, Conflict when it was decided before."""
    if approval.requested_by_id != actor.pk:
        raise NotAllowed("Only the person who asked can withdraw this. You can reject it.", code="not_own_request")
    Customer.objects.select_for_update(no_key=True).get(pk=approval.customer_id)
    claim(approval, Approval.State.VOID, actor, "Withdrawn")
    record(APPROVAL_VOIDED, approval, actor=actor, by=by, why="withdrawn")
    follow_approval(approval=approval, on=business_day(approval.entity), actor=actor, by=by)
    announce([approval.customer_id])
    return approval
