"""What one customer owes and has to their credit, per currency, as of a day. Sets over everyone are in `aging`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from collections_app.lib.money import Money
from customers.queries.accounts import account_ids
from invoices.queries.aging import rows_of
from invoices.queries.claims_sql import claim_tables
from invoices.queries.open_amounts import open_credits, unapplied_payments


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


_TABLES = claim_tables(where=["doc.customer_id = ANY(%(ids)s)"], used_where=["used.customer_id = ANY(%(ids)s)"])
_CLAIMS = f"""WITH {", ".join(_TABLES)}
    SELECT currency, SUM(open), COALESCE(SUM(open) FILTER (WHERE due_on < %(as_of)s), 0) FROM claim
    GROUP BY currency"""  # noqa: S608 (constants of ours)


def balances(*, customer_id: int, as_of: date) -> list[Balance]:
    """One balance per currency in which anything is open on that day, inclusive, in order of the code. Each instalment
    is overdue by itself."""
    asked = {"ids": list(account_ids(customer_id)), "as_of": as_of}
    claims = list(rows_of(_CLAIMS, asked))
    sums = [
        {currency: whole for currency, whole, _ in claims},
        {currency: late for currency, _, late in claims},
        _sums(open_credits(customer_id=customer_id, as_of=as_of)),
        _sums(unapplied_payments(customer_id=customer_id, as_of=as_of)),
    ]
    codes = sorted({code for part in sums for code in part})
    return [Balance(code, *(Money(part.get(code, Decimal(0)), code).amount for part in sums)) for code in codes]


def _sums(rows: Iterable[Any]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        found[row.currency] = found.get(row.currency, Decimal(0)) + row.open_amount
    return found
