"""What an order of the past was worth, now that one knows how it went: the share of the late money that the first
accounts of it held, and how many contacts and minutes it takes to reach most of that money. Pure.

Late money of a day is what was open then and stayed open for more than 30 days after its due date. Money that could
have come sooner is what was overdue on the day and did not come within the week after."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Any, NamedTuple

SHARES = (10, 20)  # percent of the accounts with something open
MOST_OF_IT = Decimal("0.8")
ZERO = Decimal(0)


class Past(NamedTuple):
    """One customer on a day of the past, in reference currency: its rank by both orders, what a contact takes, and what
    became of the money."""

    customer_id: int
    now: Decimal
    then: Decimal
    minutes: int
    late: Decimal
    waiting: Decimal


def order_worth(rows: Sequence[Past], pick: Callable[[Past], Decimal]) -> dict[str, Any]:
    """What the order by the picked rank was worth, as plain values; shares are None without late money.

    `share_10` and `share_20` are parts of 1; `contacts` and `minutes` reach 80 % of the late money, None where no order
    of this length does; `waiting` is the money of the first 20 % that did not come within the week."""
    ordered = sorted((row for row in rows if pick(row) > 0), key=lambda row: (-pick(row), row.customer_id))
    total = sum((row.late for row in rows), ZERO)
    tops = {share: ordered[: _first(len(rows), share)] for share in SHARES}
    held = {share: sum((row.late for row in top), ZERO) for share, top in tops.items()}
    contacts, minutes = _effort(ordered, total)
    return {
        **{
            f"share_{share}": str((held[share] / total).quantize(Decimal("0.0001"))) if total else None
            for share in held
        },
        "waiting": str(sum((row.waiting for row in tops[SHARES[-1]]), ZERO).quantize(Decimal("0.01"))),
        "contacts": contacts,
        "minutes": minutes,
    }


def summed_up(days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The average of the days for each order: shares, contacts and minutes over the days that have them, the waiting
    money of a day. Empty without a day."""
    return {order: _average([day[order] for day in days]) for order in ("now", "then")} if days else {}


def _average(days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, unit in (("share_10", "0.0001"), ("share_20", "0.0001"), ("waiting", "0.01"), ("contacts", "1"),
                       ("minutes", "1")):  # fmt: skip
        values = [Decimal(str(day[name])) for day in days if day[name] is not None]
        found[name] = str((sum(values, ZERO) / len(values)).quantize(Decimal(unit))) if values else None
    return found


def _first(accounts: int, share: int) -> int:
    return int((Decimal(accounts * share) / 100).to_integral_value(ROUND_CEILING))


def _effort(ordered: Iterable[Past], total: Decimal) -> tuple[int | None, int | None]:
    """How many contacts, and minutes, until the accounts contacted hold most of the late money."""
    held, minutes = ZERO, 0
    if not total:
        return None, None
    for contacts, row in enumerate(ordered, start=1):
        held, minutes = held + row.late, minutes + row.minutes
        if held >= total * MOST_OF_IT:
            return contacts, minutes
    return None, None
