"""Ends an absence early, or calls it off when it has not begun. The list goes back to its owner at once."""

from datetime import date, timedelta

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from worklist.actions import ABSENCE_ENDED
from worklist.models import Absence
from worklist.services.hand_lists import hand_lists


@transaction.atomic
def end_absence(*, absence: Absence, on: date, actor: User) -> Absence | None:
    """The absence with yesterday as its last day; None when it had not lasted a day and is gone.

    `on` is the first day the person is back. Raises Conflict when it was over or called off before."""
    found = Absence.objects.select_for_update().filter(pk=absence.pk, ends_on__gte=on).first()
    if found is None:
        raise Conflict("This absence is over already. Load the page again to see who is away.", code="absence_over")
    record(ABSENCE_ENDED, found, actor=actor, user=found.user_id, starts_on=found.starts_on, ends_on=found.ends_on)
    if found.starts_on >= on:
        found.delete()
        hand_lists(on=on)
        return None
    found.ends_on = on - timedelta(days=1)
    found.save(update_fields=["ends_on"])
    hand_lists(on=on)
    return found
