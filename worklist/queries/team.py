"""Who is away on a day and who works their list meanwhile. Reads only."""

from collections.abc import Mapping
from datetime import date

from worklist.models import Absence
from worklist.rules.team import Away, standing_in


def stand_ins(on: date) -> Mapping[int, int | None]:
    """For each person away on that day, by id, who works their list: the substitute's id, or None for nobody.

    Substitutes who are away themselves, or can no longer sign in, are passed over. One statement."""
    rows = Absence.objects.filter(starts_on__lte=on, ends_on__gte=on).order_by("starts_on", "pk")
    found = rows.values_list("user_id", "substitute_id", "substitute__is_active")
    return standing_in(Away(user, substitute if active else None) for user, substitute, active in found)
