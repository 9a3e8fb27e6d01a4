"""Takes back an escalation that was raised by mistake, before anybody answered it."""

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from worklist.actions import ESCALATION_WITHDRAWN
from worklist.models import Activity, Escalation, Notification, WorklistItem


@transaction.atomic
def withdraw_escalation(*, escalation_id: int, actor: User) -> int:
    """The customer whose escalation is gone, from the timeline too and from what the managers had not read yet.

    Raises Conflict when it was answered or withdrawn since."""
    found = Escalation.objects.select_for_update().filter(pk=escalation_id, answered_on=None).first()
    if found is None:
        raise Conflict("This was answered or taken back already, so it stays as it is.", code="undo_changed")
    told = Activity.objects.filter(customer=found.customer_id, kind=Activity.Kind.ESCALATION, undone_at=None)
    told.filter(at__gte=found.raised_at).update(undone_at=timezone.now())
    record(ESCALATION_WITHDRAWN, found, actor=actor)
    found.delete()
    Notification.objects.filter(source=f"escalation:{escalation_id}", read_at=None).delete()
    WorklistItem.objects.filter(pk=found.customer_id).update(escalated=False)
    return found.customer_id
