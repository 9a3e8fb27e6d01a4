"""Moves the demo clock: the business day of every entity. Instants of mails and log entries stay real."""

from datetime import date

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.actions import CLOCK_MOVED
from customers.models import BusinessClock

FARTHEST = 3660  # days; some ten years


@transaction.atomic
def move_clock(*, pinned_on: date | None, shift_days: int, actor: User | None, by: str = "") -> BusinessClock:
    """The clock as set: pinned to a day, shifted by whole days, or, with None and 0, today again.

    Raises BadInput for both at once and for a shift of more than ten years."""
    if pinned_on and shift_days:
        raise BadInput("Pin the clock to a day or shift it, not both.", code="pinned_and_shifted")
    if abs(shift_days) > FARTHEST:
        raise BadInput(
            "Shift the clock by ten years at most.", code="too_far", fields={"shift_days": "Ten years at most."}
        )
    clock, _ = BusinessClock.objects.update_or_create(pk=1, defaults={"pinned_on": pinned_on, "shift_days": shift_days})
    record(CLOCK_MOVED, clock, actor=actor, by=by, pinned_on=pinned_on, shift_days=shift_days)
    return clock
