"""The rows of the money statement as typed values, and how those of merged customers are added up."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from worklist.rules.facts import Slice
from worklist.rules.lateness import Delays

_BANDS = 5


class MoneyRow(NamedTuple):
    """What one customer owes in one currency, and how late what was paid, or is open, came."""

    currency: str
    open: Slice
    disputed: Slice
    promised: Slice
    predicted: Decimal
    predicted_late: Decimal
    oldest_days: int
    overdue_documents: int
    delays: Delays
    tell_by: date | None


_NOTHING = Slice()


def read_money(columns: Sequence[Any]) -> MoneyRow:
    """The row behind the customer's id, in the order of the statement's columns."""
    currency, *rest = columns
    opened, disputed, promised = (_slice(rest[start : start + _BANDS]) for start in (0, _BANDS, 2 * _BANDS))
    predicted, predicted_late, oldest, documents, *delays, tell_by = rest[3 * _BANDS :]
    habit = read_delays(delays)
    return MoneyRow(currency, opened, disputed, promised, predicted, predicted_late, oldest, documents, habit, tell_by)


def read_delays(columns: Sequence[int]) -> Delays:
    """The counts of one row: paid, paid later than five levels, open longer than three."""
    paid, a, b, c, d, e, x, y, z = columns
    return Delays(paid, (a, b, c, d, e), (x, y, z))


def added(one: MoneyRow, other: MoneyRow) -> MoneyRow:
    """Both together, in one currency."""
    days = [day for day in (one.tell_by, other.tell_by) if day]
    return MoneyRow(
        one.currency,
        one.open.plus(other.open),
        one.disputed.plus(other.disputed),
        one.promised.plus(other.promised),
        one.predicted + other.predicted,
        one.predicted_late + other.predicted_late,
        max(one.oldest_days, other.oldest_days),
        one.overdue_documents + other.overdue_documents,
        one.delays.plus(other.delays),
        min(days, default=None),
    )


def _slice(columns: Sequence[Decimal]) -> Slice:
    return Slice(*columns) if any(columns) else _NOTHING
