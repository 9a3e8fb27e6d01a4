"""Finds customers, invoices and payments by whatever a caller or a bank statement names (U18). Within the person's
scope only; each kind is limited, so that an answer stays quick and short."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from collections_app.accounts.models import User
from customers.access import visible_customers
from customers.models import Contact, Customer
from invoices.access import visible_invoices, visible_payments
from invoices.models import Invoice, Payment


@dataclass(frozen=True, slots=True)
class Found:
    """The best matches of each kind, customers by name, documents latest first."""

    customers: list[Customer]
    invoices: list[Invoice]
    payments: list[Payment]

    def __bool__(self) -> bool:
        return bool(self.customers or self.invoices or self.payments)


def search(*, user: User, words: str, amounts: list[Decimal], limit: int) -> Found:
    """What matches the words: customer name, number, e-mail, phone; invoice and order number; payment reference; or an
    amount equal to one of `amounts`. At most `limit` of each kind."""
    return Found(
        list(_customers(user, words)[:limit]),
        list(_invoices(user, words, amounts)[:limit]),
        list(_payments(user, words, amounts)[:limit]),
    )


def _customers(user: User, words: str) -> QuerySet[Customer]:
    reach = Q(email__icontains=words)
    digits = "".join(sign for sign in words if sign.isdigit())
    if len(digits) >= 4:
        reach |= Q(phone__contains=words) | Q(phone__regex=r"[^0-9]*".join(digits[-12:]))
    by_contact = Exists(Contact.objects.filter(reach, customer=OuterRef("pk")))
    found = Q(name__icontains=words) | Q(number__istartswith=words) | by_contact
    return visible_customers(user).filter(found).order_by("name", "pk")


def _invoices(user: User, words: str, amounts: list[Decimal]) -> QuerySet[Invoice]:
    found = Q(number__icontains=words) | Q(po_number__icontains=words)
    if amounts:
        found |= Q(total__in=amounts)
    rows = visible_invoices(user).filter(found, status=Invoice.Status.ISSUED)
    return rows.select_related("customer").order_by("-issued_on", "-pk")


def _payments(user: User, words: str, amounts: list[Decimal]) -> QuerySet[Payment]:
    found = Q(reference__icontains=words)
    if amounts:
        found |= Q(amount__in=amounts)
    return visible_payments(user).filter(found).select_related("customer").order_by("-received_on", "-pk")
