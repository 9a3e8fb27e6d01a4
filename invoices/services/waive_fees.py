"""Waives fee documents by set because what they were for was taken back: a recalled reminder costs nothing. Nobody's
limit is asked: it is our mistake that is mended."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from collections_app.audit.record import Fact, record_set
from customers.changes import announce
from customers.models import Customer
from invoices.actions import ADJUSTMENT_POSTED, ALLOCATED
from invoices.models import Adjustment, Allocation, Invoice
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.reversals import last_reversals
from invoices.services.issue_credit_note import issue_credit_note


@transaction.atomic
def waive_fees(*, document_ids: Collection[int], reason: str, on: date, by: str) -> int:
    """How many fees were waived from the day `on` (not before their own). What of them was paid becomes open credit, by
    a credit note. A fee that was waived before is passed over, also when somebody reinstated it since."""
    rows = Invoice.objects.filter(pk__in=list(document_ids), kind=Invoice.Kind.FEE, status=Invoice.Status.ISSUED)
    rows = rows.exclude(allocations__adjustment__kind=Adjustment.Kind.WAIVER).exclude(corrections__isnull=False)
    customers = set(rows.values_list("customer_id", flat=True))
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=customers).order_by("pk").values_list("pk"))
    fees = list(rows.select_for_update(of=("self",), no_key=True).select_related("entity", "customer").order_by("pk"))
    opened = open_amount_now(fee.pk for fee in fees)
    paid = _paid(fee.pk for fee in fees)
    _lower([(fee, opened[fee.pk]) for fee in fees if opened[fee.pk] > 0], reason, on, by)
    for fee in fees:
        if paid.get(fee.pk):  # rare: it was paid before the reminder was recalled
            _give_back(fee, paid[fee.pk], reason, on, by)
    announce(customers)
    return sum(1 for fee in fees if opened[fee.pk] > 0 or paid.get(fee.pk))


def _paid(document_ids: Iterable[int]) -> dict[int, Decimal]:
    """Per document what payments and credit notes paid of it; write-offs paid nothing."""
    rows = Allocation.objects.filter(invoice__in=list(document_ids), adjustment__isnull=True).order_by()
    sums = rows.values_list("invoice_id").annotate(paid=Sum("amount"))
    return {document: amount for document, amount in sums if amount > 0}


def _lower(shares: list[tuple[Invoice, Decimal]], reason: str, on: date, by: str) -> None:
    freed = last_reversals(fee.pk for fee, _ in shares)
    days = [max(on, fee.issued_on, freed.get(fee.pk, date.min)) for fee, _ in shares]
    adjustments = Adjustment.objects.bulk_create(
        Adjustment(
            entity=fee.entity, customer_id=fee.customer_id, kind=Adjustment.Kind.WAIVER, currency=fee.currency,
            amount=amount, effective_on=day, reason=reason,
        )
        for (fee, amount), day in zip(shares, days, strict=True)
    )  # fmt: skip
    allocations = Allocation.objects.bulk_create(
        Allocation(
            customer_id=fee.customer_id, adjustment=adjustment, invoice=fee, currency=fee.currency, amount=amount,
            effective_on=day, reason=reason[:140],
        )
        for (fee, amount), day, adjustment in zip(shares, days, adjustments, strict=True)
    )  # fmt: skip
    posted = [
        Fact("invoices.adjustment", row.pk, row.customer_id,
             {"kind": row.kind, "amount": row.amount, "currency": row.currency, "reason": reason})
        for row in adjustments
    ]  # fmt: skip
    record_set(ADJUSTMENT_POSTED, posted, actor=None, by=by)
    put = [
        Fact("invoices.allocation", row.pk, row.customer_id,
             {"invoice": row.invoice_id, "amount": row.amount, "currency": row.currency,
              "effective_on": row.effective_on})
        for row in allocations
    ]  # fmt: skip
    record_set(ALLOCATED, put, actor=None, by=by)


def _give_back(fee: Invoice, paid: Decimal, reason: str, on: date, by: str) -> None:
    issue_credit_note(
        entity=fee.entity, customer=fee.customer, number=f"{fee.number[:55]}-C", issued_on=max(on, fee.issued_on),
        total=paid, currency=fee.currency, corrects=fee, text=reason, by=by,
    )  # fmt: skip
