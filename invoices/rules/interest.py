"""Simple interest on what was open, day by day. Pure; docs/algorithms/interest.md has the worked tables.

Interest runs from the day after the due date to the last day, both inclusive, on what was open at the end of the day
before: the day on which money arrives still bears interest on it. There is no interest on interest (L1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from collections_app.lib.errors import BadInput
from collections_app.lib.rounding import EXACT, round_amount

YEARS = (360, 365)  # days of a year that an agreement may count with

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slice:
    """An amount, 0 or more, that was open from `first` to `last`, both inclusive."""

    first: date
    last: date
    open_amount: Decimal

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


def open_slices(opened: Sequence[tuple[date, Decimal]], *, first: date, last: date) -> list[Slice]:
    """The slices between `first` and `last`, both inclusive, from what was open at the end of each day on which it
    changed: (day, amount), ascending, the earliest on or before the day before `first`. Slices with nothing open are
    left out; none when `last` lies before `first`."""
    found: list[Slice] = []
    for place, (day, amount) in enumerate(opened):
        begin = max(first, day + _ONE_DAY)
        end = min(last, opened[place + 1][0]) if place + 1 < len(opened) else last
        if amount > 0 and begin <= end:
            found.append(Slice(begin, end, amount))
    return found


def interest(slices: Iterable[Slice], *, annual_percent: Decimal, days_in_year: int, currency: str) -> Decimal:
    """The simple interest of all slices at a yearly rate in per cent, rounded once, at the end (L4). A rate that moves
    is one call per rate with `unrounded_interest`, and one rounding of the sum."""
    parts = unrounded_interest(slices, annual_percent=annual_percent, days_in_year=days_in_year)
    return round_amount(parts, currency)


def unrounded_interest(slices: Iterable[Slice], *, annual_percent: Decimal, days_in_year: int) -> Decimal:
    """The same with all digits. Raises BadInput for a negative or absurd rate or another year than 360 or 365 days."""
    if days_in_year not in YEARS:
        raise BadInput("A year is counted as 365 or 360 days. Choose one.", code="bad_year")
    if not annual_percent.is_finite() or not 0 <= annual_percent <= 100:
        raise BadInput("The yearly rate lies between 0 and 100 per cent.", code="bad_rate")
    total = Decimal(0)
    for part in slices:
        product = EXACT.multiply(EXACT.multiply(part.open_amount, annual_percent), Decimal(part.days))
        total = EXACT.add(total, product)
    return EXACT.divide(total, Decimal(100 * days_in_year))
