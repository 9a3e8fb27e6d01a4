"""What is open of a claim, and what part of that can be collected. A claim is an invoice, or one instalment of it.
Pure. `invoices.queries.claims_sql` says the same by set; a test compares both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Share:
    """What an instalment is made out for and what was put against it by name; both 0 or more."""

    amount: Decimal
    named: Decimal = _ZERO


@dataclass(frozen=True, slots=True)
class Split:
    """How the open part of a claim divides. The four are 0 or more and add up to what is open."""

    collectable: Decimal
    disputed: Decimal
    on_plan: Decimal
    promised: Decimal


def open_shares(shares: Sequence[Share], unnamed: Decimal) -> list[Decimal]:
    """What is open of each instalment, oldest first as given: money that names one comes off it, the `unnamed` rest
    fills the oldest first (A6)."""
    found = []
    for share in shares:
        left = share.amount - share.named
        filled = max(_ZERO, min(left, unnamed))
        unnamed -= filled
        found.append(left - filled)
    return found


def splits(opens: Iterable[Decimal], *, disputed: Decimal, on_plan: Decimal, promised: Decimal) -> list[Split]:
    """The split of each claim of one invoice, oldest first, from what is disputed, on a plan and promised of it.

    Nothing counts twice: a dispute goes before a plan, a plan before a promise. Each lies on the oldest open claims
    first, and what exceeds the open amount counts for nothing."""
    ends = (disputed, disputed + on_plan, disputed + on_plan + promised)
    found, begin = [], _ZERO
    for amount in opens:
        end = begin + amount
        parts = [
            max(_ZERO, min(upper, end) - max(lower, begin)) for lower, upper in zip((_ZERO, *ends), ends, strict=False)
        ]
        found.append(Split(amount - sum(parts, _ZERO), *parts))
        begin = end
    return found
