"""Money and credit of an account that waits to be put against something. It belongs beside every decision about the
account: who reminds, disputes or writes off should see that the customer has paid already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from customers.queries.accounts import account_ids
from invoices.models import CreditNote, Invoice, Payment
from invoices.queries.open_amounts import with_open_credit, with_unapplied


@dataclass(frozen=True, slots=True)
class Unapplied:
    """What waits, in one currency, all amounts positive: `cash` of payments, `credit` of credit notes, and where."""

    currency: str
    cash: Decimal
    credit: Decimal
    payments: tuple[Payment, ...]
    credit_notes: tuple[CreditNote, ...]

    @property
    def whole(self) -> Decimal:
        """Cash and credit together."""
        return self.cash + self.credit


def unapplied_of(invoice: Invoice, *, as_of: date) -> Unapplied | None:
    """What could be put against this invoice at the end of the day: same account, entity and currency; None if nothing.

    It reads what the ledger knows today of that day."""
    same = {"entity_id": invoice.entity_id, "currency": invoice.currency}
    found = _waiting(invoice.customer.merged_into_id or invoice.customer_id, as_of, same)
    return found.get(invoice.currency)


def unapplied_by_currency(customer_id: int, *, as_of: date) -> Mapping[str, Unapplied]:
    """What waits on the customer's account at the end of the day, by currency; without an entry where nothing does."""
    return _waiting(customer_id, as_of, {})


def _waiting(customer_id: int, as_of: date, same: Mapping[str, Any]) -> dict[str, Unapplied]:
    ids = account_ids(customer_id)
    money: Any = with_unapplied(Payment.objects.filter(customer_id__in=ids, **same), as_of=as_of)
    notes: Any = with_open_credit(CreditNote.objects.filter(customer_id__in=ids, **same), as_of=as_of)
    payments = list(money.filter(open_amount__gt=0).order_by("received_on", "pk"))
    credits = list(notes.filter(open_amount__gt=0).order_by("issued_on", "pk"))
    codes = {row.currency for row in [*payments, *credits]}
    return {code: _of_currency(code, payments, credits) for code in sorted(codes)}


def _of_currency(code: str, payments: Iterable[Any], credits: Iterable[Any]) -> Unapplied:
    mine = tuple(row for row in payments if row.currency == code)
    notes = tuple(row for row in credits if row.currency == code)
    cash = sum((row.open_amount for row in mine), Decimal(0))
    return Unapplied(code, cash, sum((row.open_amount for row in notes), Decimal(0)), mine, notes)
