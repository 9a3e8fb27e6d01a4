"""A ledger of documents replayed day by day: what was known of each customer at the end of a day, and what became of
the money afterwards. Pure; it holds all documents in memory, but tells a day only what that day knew.

A document is paid in full on one day or not at all, which is all that an exported list of items says."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from worklist.rules.captured import LATE_DAYS, Outcome, Standing
from worklist.rules.facts import ZERO, CustomerFacts, Exposure, Slice
from worklist.rules.lateness import Delays, Habit, Odds, odds_of

_YEAR = 365
_PAID_OVER = (0, 10, 15, 20, 30)
_OPEN_OVER = (0, 15, 30)


class Document(NamedTuple):
    """An item of a ledger; `amount` is positive, `is_credit` tells the side."""

    customer: str
    amount: Decimal
    is_credit: bool
    issued_on: date
    due_on: date
    paid_on: date | None


@dataclass(slots=True)
class _Account:
    """One customer at the end of the day that the replay has come to."""

    open: dict[int, Document] = field(default_factory=dict)
    credits: dict[int, Document] = field(default_factory=dict)
    paid: list[int] = field(default_factory=lambda: [0] * (1 + len(_PAID_OVER)))


class Replay:
    """Walks from day to day, always forward."""

    def __init__(self, documents: Sequence[Document], *, currency: str, known_on: date) -> None:
        self._documents, self._currency, self._known_on = documents, currency, known_on
        self._accounts: dict[str, _Account] = defaultdict(_Account)
        self._events = sorted(_events(documents))
        self._next = 0
        self._odds: tuple[date, Odds] | None = None
        self._numbers = {name: at for at, name in enumerate(sorted({row.customer for row in documents}), start=1)}

    def day(self, on: date) -> Iterator[tuple[CustomerFacts, Standing]]:
        """Each customer with something to pay, as known at the end of the day, with the plain figures that other orders
        go by and what became of the money. Days must come in their order."""
        first = on.replace(day=1)
        if self._odds is None or self._odds[0] != first:
            self._walk(first)
            self._odds = (first, self._portfolio(first))
        self._walk(on)
        for name, account in sorted(self._accounts.items()):
            if account.open:
                yield self._facts(name, account, on), self._standing(name, account, on)

    def _walk(self, on: date) -> None:
        while self._next < len(self._events) and self._events[self._next][0] <= on:
            _, kind, at = self._events[self._next]
            self._next += 1
            self._happen(kind, at)

    def _happen(self, kind: int, at: int) -> None:
        row = self._documents[at]
        account = self._accounts[row.customer]
        items = account.credits if row.is_credit else account.open
        if kind == _ISSUED:
            items[at] = row
        elif kind == _PAID:
            items.pop(at, None)
        if kind != _ISSUED and not row.is_credit and row.paid_on:
            days, step = (row.paid_on - row.due_on).days, 1 if kind == _PAID else -1
            for place, more in enumerate((True, *(days > level for level in _PAID_OVER))):
                account.paid[place] += step if more else 0

    def _portfolio(self, on: date) -> Odds:
        total = Delays()
        for account in self._accounts.values():
            total = total.plus(_delays(account, on))
        return odds_of(total)

    def _facts(self, name: str, account: _Account, on: date) -> CustomerFacts:
        bands, oldest, overdue = [ZERO] * 5, 0, 0
        for row in account.open.values():
            late = (on - row.due_on).days
            bands[min(max(late + 9, 0) // 10, 4)] += row.amount
            oldest, overdue = max(oldest, late), overdue + (late > 0)
        credit = sum((row.amount for row in account.credits.values()), ZERO)
        assert self._odds is not None
        return CustomerFacts(
            self._numbers[name], name, self._currency, on,
            exposures=(Exposure(self._currency, Slice(*bands), credit=credit),),
            habit=Habit(_delays(account, on), self._odds[1]),
            oldest_days=oldest,
            overdue_documents=overdue,
        )  # fmt: skip

    def _standing(self, name: str, account: _Account, on: date) -> Standing:
        rows = account.open.values()
        ages = [(row.amount, (on - row.due_on).days) for row in rows]
        return Standing(
            name,
            amount=sum((amount for amount, _ in ages), ZERO),
            age=max(days for _, days in ages),
            amount_age=sum((amount * max(days, 0) for amount, days in ages), ZERO),
            outcome=Outcome(
                late=sum((row.amount for row in rows if self._is_open(row, row.due_on)), ZERO),
                late_30=sum((row.amount for row in rows if self._is_open(row, row.due_on + LATE_DAYS)), ZERO),
                unpaid_30=sum(
                    (row.amount for row in rows
                     if row.due_on < on + LATE_DAYS and self._is_open(row, on + LATE_DAYS)), ZERO,
                ),
            ),
        )  # fmt: skip

    def _is_open(self, row: Document, day: date) -> bool:
        """Whether it was still open at the end of that day; what nobody knows yet is not said to be."""
        return row.paid_on > day if row.paid_on else self._known_on >= day + timedelta(days=1)


_ISSUED, _PAID, _FORGOTTEN = 0, 1, 2


def _events(documents: Sequence[Document]) -> Iterator[tuple[date, int, int]]:
    for at, row in enumerate(documents):
        yield row.issued_on, _ISSUED, at
        if row.paid_on:
            yield max(row.paid_on, row.issued_on), _PAID, at
            yield max(row.paid_on, row.issued_on) + timedelta(days=_YEAR), _FORGOTTEN, at


def _delays(account: _Account, on: date) -> Delays:
    paid, first, second, third, fourth, fifth = account.paid
    late = [0] * len(_OPEN_OVER)
    for row in account.open.values():
        days = (on - row.due_on).days
        for place, level in enumerate(_OPEN_OVER):
            late[place] += days > level
    return Delays(paid, (first, second, third, fourth, fifth), (late[0], late[1], late[2]))
