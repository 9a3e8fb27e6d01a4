"""Open amounts, computed from allocations as of a day. Reads a few documents or one customer; sets over everyone are in
`invoices.queries.aging`."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from customers.queries.accounts import account_members
from invoices.models import Allocation, CreditNote, Invoice, Payment

_ZERO = Value(Decimal(0), DecimalField(max_digits=19, decimal_places=4))


def _allocated(field: str, as_of: date) -> Coalesce:
    rows = (
        Allocation.objects.filter(**{field: OuterRef("pk")}, effective_on__lte=as_of)
        .order_by()
        .values(field)
        .annotate(s=Sum("amount"))
        .values("s")
    )
    return Coalesce(Subquery(rows, output_field=DecimalField(max_digits=19, decimal_places=4)), _ZERO)


def with_open_amount(invoices: QuerySet[Invoice], *, as_of: date) -> QuerySet[Invoice]:
    """The issued invoices of the queryset with `open_amount` as of that day, inclusive; later ones left out."""
    return invoices.filter(status=Invoice.Status.ISSUED, issued_on__lte=as_of).annotate(
        open_amount=F("total") - _allocated("invoice", as_of)
    )


def open_invoices(*, customer_id: int, as_of: date, currency: str | None = None) -> QuerySet[Invoice]:
    """The invoices of a customer's account with something open, oldest due date first, each with `open_amount`."""
    invoices = Invoice.objects.filter(customer__in=account_members(customer_id))
    if currency:
        invoices = invoices.filter(currency=currency)
    opened = with_open_amount(invoices, as_of=as_of).filter(open_amount__gt=0)  # type: ignore[misc]  # annotated above
    return opened.order_by("due_on", "issued_on", "pk")


def with_open_credit(credit_notes: QuerySet[CreditNote], *, as_of: date) -> QuerySet[CreditNote]:
    """The issued credit notes of the queryset with `open_amount` (positive: what is left of them) as of that day."""
    return credit_notes.filter(status=Invoice.Status.ISSUED, issued_on__lte=as_of).annotate(
        open_amount=F("total") - _allocated("credit_note", as_of)
    )


def with_unapplied(payments: QuerySet[Payment], *, as_of: date) -> QuerySet[Payment]:
    """The payments of the queryset received by that day, with `open_amount`: what is not allocated of them by then."""
    return payments.filter(received_on__lte=as_of).annotate(open_amount=F("amount") - _allocated("payment", as_of))


def open_credits(*, customer_id: int, as_of: date) -> QuerySet[CreditNote]:
    """The credit notes of a customer's account with something left, each with `open_amount` (positive)."""
    notes: QuerySet[Any] = with_open_credit(
        CreditNote.objects.filter(customer__in=account_members(customer_id)), as_of=as_of
    )
    return notes.filter(open_amount__gt=0).order_by("issued_on", "pk")


def unapplied_payments(*, customer_id: int, as_of: date) -> QuerySet[Payment]:
    """The payments of a customer's account with something unapplied, each with `open_amount` (positive)."""
    payments: QuerySet[Any] = with_unapplied(
        Payment.objects.filter(customer__in=account_members(customer_id)), as_of=as_of
    )
    return payments.filter(open_amount__gt=0).order_by("received_on", "pk")


def open_amount_now(invoice_ids: Iterable[int]) -> Mapping[int, Decimal]:
    """What is open of these invoices with every recorded allocation, whatever its date; for locking writers."""
    rows = (
        Invoice.objects.filter(pk__in=list(invoice_ids))
        .annotate(
            open_amount=F("total") - Coalesce(Sum("allocations__amount", filter=Q(allocations__isnull=False)), _ZERO)
        )
        .values_list("pk", "open_amount")
    )
    return dict(rows)
