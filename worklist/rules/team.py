"""Who stands in for whom, and how full a day is: decided from plain facts. Pure; it knows no table and no clock."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Away(NamedTuple):
    """One person who is away on the day, and who was named to stand in; None when nobody was."""

    user_id: int
    substitute_id: int | None


def standing_in(away: Iterable[Away]) -> Mapping[int, int | None]:
    """For each absent person who works their list today: the substitute, or theirs when that one is away too.

    None when the chain ends at nobody, or comes back to where it began. Of several absences of one person the first
    that names somebody counts."""
    named: dict[int, int | None] = {}
    for row in away:
        if named.get(row.user_id) is None:
            named[row.user_id] = row.substitute_id
    return {user_id: _present(user_id, named) for user_id in named}


def _present(user_id: int, named: Mapping[int, int | None]) -> int | None:
    seen = {user_id}
    found = named[user_id]
    while found is not None and found in named:
        if found in seen:
            return None
        seen.add(found)
        found = named[found]
    return found


USUAL_WEEK = (360, 360, 360, 360, 360, 0, 0)  # minutes of accounts from Monday on, where nobody said otherwise
DAYS_OF_A_WEEK = 5


def usual_day(week: Sequence[int]) -> int:
    """The minutes of a person's usual day: a fifth of their week, so that two long days weigh as much as four short
    ones when accounts are given for good."""
    return sum(week) // DAYS_OF_A_WEEK
