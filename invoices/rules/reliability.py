"""How far a customer's word can be relied on, from promises that were judged (K7, F38). Pure; the formula is told with
a worked table in docs/algorithms/promises.md."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

WINDOW_DAYS = 728  # four half-years; what lies further back says nothing any more
HALF_LIFE_DAYS = 182  # each full half-year halves the weight
MINIMUM = 3  # judged promises below which nothing is said
_ZERO, _ONE = Decimal(0), Decimal(1)


class JudgedPromise(NamedTuple):
    """One promise that was kept, partly kept or broken. `amount` and `arrived` in one currency over all of them, None
    where there is no rate; `closed_on` is the day on which it was judged."""

    state: str
    amount: Decimal | None
    arrived: Decimal | None
    closed_on: date


class Reliability(NamedTuple):
    """The promises of the window by number, unweighted, and three shares from 0 to 1, weighted by age. The shares are
    None with fewer than MINIMUM promises; `by_amount` also where no amount could be converted."""

    kept: int = 0
    partly_kept: int = 0
    broken: int = 0
    by_number: Decimal | None = None
    partly_by_number: Decimal | None = None
    by_amount: Decimal | None = None

    @property
    def judged(self) -> int:
        """How many promises were judged in the window."""
        return self.kept + self.partly_kept + self.broken


def reliability(promises: Iterable[JudgedPromise], on: date) -> Reliability:
    """How reliable the customer's promises were, seen at the end of `on`. Withdrawn and replaced ones do not belong in
    it: nobody knows how they would have ended."""
    rows = [row for row in promises if 0 <= (on - row.closed_on).days < WINDOW_DAYS]
    kept, partly, broken = (sum(row.state == state for row in rows) for state in ("kept", "partly_kept", "broken"))
    if len(rows) < MINIMUM:
        return Reliability(kept, partly, broken)
    weights = [(weight(row.closed_on, on), row) for row in rows]
    whole = sum((share for share, _ in weights), _ZERO)

    def part(state: str) -> Decimal:
        return sum((share for share, row in weights if row.state == state), _ZERO) / whole

    known = [(share, row.amount, _came(row)) for share, row in weights if row.amount]
    promised = sum((share * amount for share, amount, _ in known), _ZERO)
    came = sum((share * amount * fraction for share, amount, fraction in known), _ZERO)
    by_amount = came / promised if promised else None
    return Reliability(kept, partly, broken, part("kept"), part("partly_kept"), by_amount)


def weight(closed_on: date, on: date) -> Decimal:
    """What a promise judged on that day counts: 1 in the last half-year, 1/2 in the one before, then 1/4 and 1/8."""
    return _ONE / (1 << (on - closed_on).days // HALF_LIFE_DAYS)


def _came(row: JudgedPromise) -> Decimal:
    """The share of the promised amount that came in time, at most all of it. Kept is all of it: a credit may have
    lowered what was still to pay."""
    if row.state == "kept":
        return _ONE
    assert row.amount
    return min((row.arrived or _ZERO) / row.amount, _ONE)
