"""Takes a waiver back: what was given up can be claimed again. The waiver stays as history."""

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.changes import announce
from customers.models import Customer
from invoices.actions import LATE_REINSTATED
from invoices.models import LateWaiver


@transaction.atomic
def reinstate_waiver(*, waiver: LateWaiver, reason: str, actor: User, by: str = "") -> LateWaiver:
    """The waiver, ended. Raises BadInput without a reason, Conflict when it is not in force (any more)."""
    if not reason.strip():
        raise BadInput("Say why it is claimed after all.", code="reason_missing", fields={"reason": "Enter a reason."})
    Customer.objects.select_for_update(no_key=True).get(pk=waiver.customer_id)
    won = LateWaiver.objects.filter(pk=waiver.pk, state=LateWaiver.State.IN_FORCE).update(
        state=LateWaiver.State.REINSTATED, ended_by=actor, ended_at=timezone.now(), note=reason.strip()[:200]
    )
    waiver.refresh_from_db()
    if not won:
        raise Conflict("This waiver is not in force any more. Reload the page.", code="waiver_not_in_force")
    record(LATE_REINSTATED, waiver, actor=actor, by=by, amount=waiver.amount, reason=waiver.note)
    announce([waiver.customer_id])
    return waiver
