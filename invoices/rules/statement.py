"""A statement of account: every posting of a period with the balance after it. Pure; amounts are signed as the customer
owes them: invoices and refunds raise the balance, money, credits and write-offs lower it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Posting:
    """One line: what happened on `on`, by how much it changed the balance, and the balance after it."""

    on: date
    kind: str  # an invoice's, adjustment's or refund's kind, or credit_note or payment
    id: int
    reference: str
    note: str
    amount: Decimal
    balance: Decimal = Decimal(0)
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """What one entity and currency show: the balance before the first day, the postings, the balance after the last."""

    opening: Decimal
    postings: Sequence[Posting]

    @property
    def closing(self) -> Decimal:
        """The balance at the end of the last day."""
        return self.postings[-1].balance if self.postings else self.opening

    @property
    def raised(self) -> Decimal:
        """What was added to the balance in the period; 0 or more."""
        return sum((row.amount for row in self.postings if row.amount > 0), Decimal(0))

    @property
    def lowered(self) -> Decimal:
        """What was taken off the balance in the period; 0 or less."""
        return sum((row.amount for row in self.postings if row.amount < 0), Decimal(0))


def period(opening: Decimal, postings: Iterable[Posting]) -> Period:
    """The postings, which are in order, with the running balance from `opening` on."""
    balance, rows = opening, []
    for row in postings:
        balance += row.amount
        rows.append(replace(row, balance=balance))
    return Period(opening, rows)
