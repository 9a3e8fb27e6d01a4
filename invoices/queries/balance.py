"""What one customer owes and has to their credit, per currency, as of a day. Sets over everyone are in `aging`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from collections_app.lib.money import Money
from invoices.queries.open_amounts import open_credits, open_invoices, unapplied_payments


@dataclass(frozen=True, slots=True)
class Balance:
    """All amounts positive, in `currency`. `open` includes `overdue`; `balance` is open − credits − unapplied."""

    currency: str
    open: Decimal
    overdue: Decimal
    credits: Decimal
    unapplied: Decimal

    @property
    def balance(self) -> Decimal:
        """What remains to be paid once credits and unapplied cash are used; negative if we owe them."""
        return self.open - self.credits - self.unapplied


def balances(*, customer_id: int, as_of: date) -> list[Balance]:
    """One balance per currency in which anything is open on that day, inclusive, in order of the code."""
    invoices = list(open_invoices(customer_id=customer_id, as_of=as_of))
    late = [invoice for invoice in invoices if invoice.due_on < as_of]
    sums = [
        _sums(rows)
        for rows in (
            invoices,
            late,
            open_credits(customer_id=customer_id, as_of=as_of),
            unapplied_payments(customer_id=customer_id, as_of=as_of),
        )
    ]
    codes = sorted({code for part in sums for code in part})
    return [Balance(code, *(Money(part.get(code, Decimal(0)), code).amount for part in sums)) for code in codes]


def _sums(rows: Iterable[Any]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        found[row.currency] = found.get(row.currency, Decimal(0)) + row.open_amount
    return found
