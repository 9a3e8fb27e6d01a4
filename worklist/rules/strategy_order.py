"""What another strategy does to the order of the list: who rises, who falls, the top side by side, person by person.
Pure; the same comparison serves the preview and its page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

TOP = 50
TOP_OF_ONE = 20
MOST_PEOPLE = 40
NOBODY = 0  # as the id of an analyst: accounts that are nobody's


class Standing(NamedTuple):
    """How a customer stands in one order: the rank in reference currency, 0 when there is nothing to do today, and the
    minutes that the next step takes."""

    rank: Decimal
    minutes: int


@dataclass(frozen=True, slots=True)
class Both:
    """One customer in the order of today and in the one to come."""

    customer_id: int
    analyst_id: int
    now: Standing
    then: Standing


Pick = Callable[[Both], Standing]


def _now(row: Both) -> Standing:
    return row.now


def _then(row: Both) -> Standing:
    return row.then


def compared(rows: Sequence[Both]) -> dict[str, Any]:
    """The comparison as plain values: how many rise, fall, stay, come and go; the tops; and each person's day."""
    now, then = order_of(rows, _now), order_of(rows, _then)
    place_now, place_then = places(now), places(then)
    both = place_now.keys() & place_then.keys()
    rising = sum(place_then[pk] < place_now[pk] for pk in both)
    falling = sum(place_then[pk] > place_now[pk] for pk in both)
    people = _people(rows, place_now, place_then)
    tops = {"": _top(now, then, TOP)}
    for person in people:
        who = person["analyst"]
        mine = [row for row in rows if row.analyst_id == who]
        tops[str(who)] = _top(order_of(mine, _now), order_of(mine, _then), TOP_OF_ONE)
    shown = {pk for top in tops.values() for side in top for pk in side if pk}
    return {
        "now": len(now),
        "then": len(then),
        "rises": rising,
        "falls": falling,
        "stays": len(both) - rising - falling,
        "comes": len(place_then.keys() - both),
        "goes": len(place_now.keys() - both),
        "people": people,
        "tops": tops,
        "places": {str(pk): [place_now.get(pk), place_then.get(pk)] for pk in sorted(shown)},
    }


def order_of(rows: Iterable[Both], pick: Pick) -> list[int]:
    """The customers with something to do, highest rank first, equal ones by id, as on the list."""
    ranked = ((pick(row).rank, row.customer_id) for row in rows)
    return [pk for _, pk in sorted((-rank, pk) for rank, pk in ranked if rank > 0)]


def places(order: Sequence[int]) -> dict[int, int]:
    """The place of each, the first being 1."""
    return {pk: place for place, pk in enumerate(order, start=1)}


def _top(now: Sequence[int], then: Sequence[int], size: int) -> list[list[int | None]]:
    """Line by line the customer of today and the one to come; None where one list is shorter."""
    longest = min(max(len(now), len(then)), size)
    return [
        [now[line] if line < len(now) else None, then[line] if line < len(then) else None] for line in range(longest)
    ]


def _people(rows: Sequence[Both], place_now: Mapping[int, int], place_then: Mapping[int, int]) -> list[dict[str, int]]:
    """Each person's accounts and minutes before and after, and how many of them rise and fall; fullest day first."""
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        was, comes = place_now.get(row.customer_id), place_then.get(row.customer_id)
        if was is None and comes is None:
            continue
        told = found.setdefault(
            row.analyst_id,
            {
                "analyst": row.analyst_id,
                "now": 0,
                "then": 0,
                "minutes_now": 0,
                "minutes_then": 0,
                "rises": 0,
                "falls": 0,
            },
        )
        told["now"] += was is not None
        told["then"] += comes is not None
        told["minutes_now"] += row.now.minutes if was is not None else 0
        told["minutes_then"] += row.then.minutes if comes is not None else 0
        if was is not None and comes is not None:
            told["rises"] += comes < was
            told["falls"] += comes > was
    ordered = sorted(found.values(), key=lambda told: (-told["minutes_then"], told["analyst"]))
    return ordered[:MOST_PEOPLE]
