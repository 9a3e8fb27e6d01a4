"""The shapes of a score: its named parts, and the sums over a customer's currencies that they are worked out from."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from worklist.rules.facts import ZERO, CustomerFacts, Slice


@dataclass(frozen=True, slots=True)
class Part:
    """One named part of a score, in the customer's currency of account, with its sentence."""

    name: str
    amount: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class Sums:
    """All rated currencies of a customer in the currency of account: open, disputed, promised, and unused credit."""

    whole: Slice
    disputed: Slice
    promised: Slice
    credit: Decimal

    @property
    def left(self) -> Slice:
        """What is open and neither disputed nor promised."""
        return self.whole.minus(self.disputed).minus(self.promised)


def sums_of(facts: CustomerFacts) -> Sums:
    """The sums; what has no rate is left out."""
    known = [(row, row.rate) for row in facts.exposures if row.rate is not None]
    return Sums(
        whole=_sum(row.open.times(rate) if rate != 1 else row.open for row, rate in known),
        disputed=_sum(row.disputed.times(rate) for row, rate in known if row.disputed.total),
        promised=_sum(row.promised.times(rate) for row, rate in known if row.promised.total),
        credit=sum((row.credit * rate for row, rate in known), ZERO),
    )


def total_of(parts: Iterable[Part]) -> Decimal:
    """What the parts add up to."""
    return sum((part.amount for part in parts), ZERO)


def _sum(slices: Iterable[Slice]) -> Slice:
    rows = list(slices)
    if len(rows) == 1:
        return rows[0]
    total = Slice()
    for row in rows:
        total = total.plus(row)
    return total
