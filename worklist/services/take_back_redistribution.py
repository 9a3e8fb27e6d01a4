"""Takes back a redistribution by set: accounts return to who had them, except those that changed hands again since."""

import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.audit.record import Fact, record_set
from collections_app.lib.errors import Conflict
from customers.models import Customer
from worklist.actions import REBALANCING_TAKEN_BACK
from worklist.models import Activity, Notification, Undo
from worklist.services.redistribute import ACTION, Redistribution, give


@transaction.atomic
def take_back_redistribution(*, batch: uuid.UUID, on: date, actor: User) -> Redistribution:
    """How many accounts went back, and how many stayed because somebody moved them since. Raises Conflict when it was
    taken back before, is too old, is another person's, or every account moved on (D89)."""
    mine = Undo.objects.filter(batch=batch, user=actor, action=ACTION, used_at=None, expires_at__gt=timezone.now())
    rows = list(mine.select_for_update().order_by("customer_id"))
    if not rows:
        raise Conflict("It is too late to take this back, or it was taken back already.", code="undo_over")
    ids = [row.customer_id for row in rows]
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    done = give(
        [(row.customer_id, row.before["after"]["collector"], row.before["before"]["collector"]) for row in rows], on=on
    )
    if not done:
        raise Conflict("All of these accounts changed hands again, so none was taken back.", code="undo_changed")
    now = timezone.now()
    Undo.objects.filter(pk__in=[row.pk for row in rows]).update(used_at=now)
    Activity.objects.filter(pk__in=[row.target_id for row in rows if row.customer_id in done]).update(undone_at=now)
    Notification.objects.filter(source=f"rebalance:{batch}", read_at=None).delete()
    facts = [Fact("customers.customer", pk, pk, {"batch": str(batch)}) for pk in sorted(done)]
    record_set(REBALANCING_TAKEN_BACK, facts, actor=actor)
    return Redistribution(batch, len(done), len(rows) - len(done))
