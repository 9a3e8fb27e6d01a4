"""What went out of a payment again: refunds, returns, chargebacks, exchanges. Reads one payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from invoices.models import Payment, Refund


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """One refund. `undone` tells that it used nothing up any more; `reopened` are the ids of the invoices that gave
    way to it, `numbers` their numbers."""

    id: int
    kind: str
    label: str
    currency: str
    amount: Decimal
    paid_on: date
    reference: str
    recorded_at: datetime
    undone: bool
    reopened: tuple[int, ...]
    numbers: tuple[str, ...]


def refunds_of(payment: Payment) -> Sequence[RefundFacts]:
    """The payment's refunds in the order they were recorded; two statements more than the rows themselves."""
    rows = Refund.objects.filter(allocations__payment=payment).distinct().order_by("pk")
    rows = rows.prefetch_related("allocations", "displacements__allocation__invoice")
    return [_facts(row) for row in rows]


def _facts(row: Refund) -> RefundFacts:
    gave_way = {
        each.allocation.invoice_id: each.allocation.invoice.number
        for each in row.displacements.all()
        if each.allocation.amount < 0 and each.allocation.invoice is not None and each.allocation.invoice_id is not None
    }
    return RefundFacts(
        id=row.pk,
        kind=row.kind,
        label=row.get_kind_display(),
        currency=row.currency,
        amount=row.amount,
        paid_on=row.paid_on,
        reference=row.reference,
        recorded_at=row.recorded_at,
        undone=not sum((use.amount for use in row.allocations.all()), Decimal(0)),
        reopened=tuple(gave_way),
        numbers=tuple(gave_way.values()),
    )
