"""How much of the money that came late an order would have held in its first customers. Pure; amounts in one currency.

Outcomes are only for measuring: no order may look at them, but the one that is called the best there could be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

LATE_DAYS = timedelta(days=30)
SHARES = {"top_10": Decimal("0.10"), "top_20": Decimal("0.20")}
OUTCOMES = ("late_30", "unpaid_30", "late")
_POINTS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the money that was open on a day: how much was not paid by its due date, not by 30 days after it,
    and how much was past due and unpaid 30 days after the day."""

    late: Decimal
    late_30: Decimal
    unpaid_30: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """One customer on a day: what is open, the days of the oldest (negative: not yet due), amount × days late of each
    item, what became of it, and the score."""

    customer: str
    amount: Decimal
    age: int
    amount_age: Decimal
    outcome: Outcome
    score: Decimal = Decimal(0)


_Key = Callable[[Standing], Decimal | int]
ORDERS: Mapping[str, _Key] = {
    "score": lambda row: row.score,
    "amount": lambda row: row.amount,
    "age": lambda row: row.age,
    "amount_age": lambda row: row.amount_age,
}


def captured(rows: Sequence[Standing]) -> dict[str, Any]:
    """For each outcome the money and, for each share of the customers, what each order held of it, from 0 to 1; "best"
    is the order of somebody who knew. None where no money had that outcome. Ties go by customer."""
    found: dict[str, Any] = {}
    for outcome in OUTCOMES:
        late = {row.customer: getattr(row.outcome, outcome) for row in rows}
        orders: dict[str, _Key] = {**ORDERS, "best": attrgetter(f"outcome.{outcome}")}
        whole = sum(late.values(), Decimal(0))
        held = {name: _held(rows, key, late, whole) for name, key in orders.items()}
        shares = {share: {name: held[name][share] for name in held} for share in SHARES}
        found[outcome] = {"money": whole, **shares}
    return found


def averaged(days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The mean over the days of what `captured` says, and by how much the score is ahead of each other order; None
    where no day knows."""
    found: dict[str, Any] = {}
    for outcome in OUTCOMES:
        found[outcome] = {}
        for share in SHARES:
            mean = {name: _mean([day[outcome][share][name] for day in days]) for name in (*ORDERS, "best")}
            ahead = {name: _ahead(mean["score"], mean[name]) for name in ORDERS if name != "score"}
            found[outcome][share] = {**mean, "ahead": ahead}
    return found


def _held(
    rows: Sequence[Standing], key: _Key, late: Mapping[str, Decimal], whole: Decimal
) -> dict[str, Decimal | None]:
    order = sorted(rows, key=lambda row: (-key(row), row.customer))
    held: dict[str, Decimal | None] = {}
    for name, share in SHARES.items():
        first = order[: max(1, int(len(order) * share))]
        money = sum((late[row.customer] for row in first), Decimal(0))
        held[name] = (money / whole).quantize(_POINTS) if whole else None
    return held


def _mean(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return (sum(known, Decimal(0)) / len(known)).quantize(_POINTS) if known else None


def _ahead(ours: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if ours is None or other is None else ours - other
