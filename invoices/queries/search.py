"""Finds customers, invoices, payments and disputes by whatever a caller or a bank statement names (U18). Within the
person's scope only; each kind is limited, so that an answer stays quick and short. Every condition has an index of its
own, so the parts are found one by one and put together: an OR across them would read the whole table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models.expressions import RawSQL

from collections_app.accounts.models import User
from customers.access import visible_customers
from customers.models import Customer
from invoices.access import visible_cases, visible_invoices, visible_payments
from invoices.models import DisputeCase, Invoice, Payment

Part = tuple[str, Sequence[Any]]

_FEW_DIGITS, _SHORT = 4, 3
_DIGITS = "regexp_replace({column}, '[^0-9]', '', 'g') LIKE %s"


@dataclass(frozen=True, slots=True)
class Found:
    """The best matches of each kind: customers by name, documents latest first."""

    customers: list[Customer]
    invoices: list[Invoice]
    payments: list[Payment]
    disputes: list[DisputeCase]

    def __bool__(self) -> bool:
        return bool(self.customers or self.invoices or self.payments or self.disputes)


def search(*, user: User, words: str, amounts: list[Decimal], limit: int) -> Found:
    """What matches the words: customer name, number, e-mail, phone; invoice and order number; payment and dispute
    reference; or an amount equal to one of `amounts`. At most `limit` of each kind. Words of two letters are looked for
    at the beginning only."""
    like = _pattern(words)
    customers = visible_customers(user).filter(pk__in=_any(_customer_parts(words, like)))
    invoices = visible_invoices(user).filter(pk__in=_any(_invoice_parts(like, amounts)), status=Invoice.Status.ISSUED)
    payments = visible_payments(user).filter(pk__in=_any(_payment_parts(like, amounts)))
    cases = visible_cases(user).filter(reference__istartswith=words).select_related("customer")
    return Found(
        list(customers.order_by("name", "pk")[:limit]),
        list(invoices.select_related("customer").order_by("-issued_on", "-pk")[:limit]),
        list(payments.select_related("customer").order_by("-received_on", "-pk")[:limit]),
        list(cases.order_by("-pk")[:limit]),
    )


def _pattern(words: str) -> str:
    """The words as they stand within a text, for ILIKE; two letters only at its beginning, where they say something."""
    literal = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{literal}%" if len(words) < _SHORT else f"%{literal}%"


def _customer_parts(words: str, like: str) -> Iterable[Part]:
    yield "SELECT id FROM customers_customer WHERE name ILIKE %s", [like]
    start = f"{like.lstrip('%')}"
    yield "SELECT id FROM customers_customer WHERE number LIKE %s OR number LIKE %s", [start, start.upper()]
    yield "SELECT customer_id FROM customers_contact WHERE email ILIKE %s", [like]
    digits = "".join(sign for sign in words if sign.isascii() and sign.isdigit())
    if len(digits) >= _FEW_DIGITS:
        for column in ("phone", "mobile"):
            condition = _DIGITS.format(column=column)
            yield f"SELECT customer_id FROM customers_contact WHERE {condition}", [f"%{digits[-12:]}%"]  # noqa: S608


def _invoice_parts(like: str, amounts: list[Decimal]) -> Iterable[Part]:
    yield "SELECT id FROM invoices_invoice WHERE number ILIKE %s", [like]
    yield "SELECT id FROM invoices_invoice WHERE po_number <> '' AND po_number ILIKE %s", [like]
    if amounts:
        yield "SELECT id FROM invoices_invoice WHERE total = ANY(%s)", [amounts]


def _payment_parts(like: str, amounts: list[Decimal]) -> Iterable[Part]:
    yield "SELECT id FROM invoices_payment WHERE reference <> '' AND reference ILIKE %s", [like]
    if amounts:
        yield "SELECT id FROM invoices_payment WHERE amount = ANY(%s)", [amounts]


def _any(parts: Iterable[Part]) -> RawSQL:
    """The ids that any of the parts finds, each by its own index."""
    found = list(parts)
    statement = " UNION ".join(f"({sql})" for sql, _values in found)
    return RawSQL(statement, [value for _sql, values in found for value in values])  # noqa: S611 (constants of ours)
