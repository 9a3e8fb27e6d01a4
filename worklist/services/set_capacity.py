"""Keeps how many minutes a person works accounts on each weekday."""

from collections.abc import Sequence

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from worklist.actions import CAPACITY_SET
from worklist.models import Capacity
from worklist.queries.team import WEEKDAYS

MOST = 720  # twelve hours


@transaction.atomic
def set_capacity(*, user: User, week: Sequence[int], actor: User) -> Capacity:
    """The person's week: seven numbers of minutes, Monday first. Raises BadInput for more than a day can hold."""
    wrong = {name: f"Give 0 to {MOST} minutes." for name, minutes in zip(WEEKDAYS, week, strict=True)
             if not 0 <= minutes <= MOST}  # fmt: skip
    if wrong:
        raise BadInput(f"A day holds 0 to {MOST} minutes.", code="wrong_minutes", fields=wrong)
    fields = dict(zip(WEEKDAYS, week, strict=True))
    capacity = Capacity.objects.update_or_create(user=user, defaults=fields)[0]
    record(CAPACITY_SET, capacity, actor=actor, week=list(week))
    return capacity
