"""Refuses a waiver that waits, or takes back one's own. It stays as history; the claim can still be made."""

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, NotAllowed
from customers.changes import announce
from customers.models import Customer
from invoices.actions import LATE_WAIVER_REJECTED
from invoices.models import LateWaiver
from invoices.services.approve_waiver import decide_waiver


@transaction.atomic
def reject_waiver(*, waiver: LateWaiver, reason: str, actor: User, by: str = "") -> LateWaiver:
    """The rejected waiver, with the reason for the person who asked; that person needs none to take it back.

    Raises NotAllowed for others without the right, BadInput without a reason, Conflict when it was decided before."""
    own = waiver.asked_by_id == actor.pk
    if not own and not actor.may(Capability.APPROVE_POSTINGS):
        raise NotAllowed("Your role cannot decide on waivers. Ask a manager.", code="not_an_approver")
    if not own and not reason.strip():
        raise BadInput("Say why you reject it.", code="reason_missing", fields={"reason": "Enter a reason."})
    Customer.objects.select_for_update(no_key=True).get(pk=waiver.customer_id)
    _reject(waiver, actor, reason.strip() or "Taken back")
    record(LATE_WAIVER_REJECTED, waiver, actor=actor, by=by, amount=waiver.amount, reason=waiver.note)
    announce([waiver.customer_id])
    return waiver


def _reject(waiver: LateWaiver, actor: User, reason: str) -> None:
    decide_waiver(waiver, LateWaiver.State.REJECTED, actor, reason)
