"""When something was last taken back from a document. Before that day its money lay elsewhere, so nothing new may take
effect there (A2). Reads a few documents; it decides nothing."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Max

from invoices.models import Allocation, CreditNote, Payment


def last_reversal_of(source: Payment | CreditNote) -> date | None:
    """The latest day on which an allocation of this payment or credit note was reversed; None when none was."""
    day: date | None = source.allocations.filter(reverses__isnull=False).aggregate(day=Max("effective_on"))["day"]
    return day


def last_reversals(invoice_ids: Iterable[int]) -> Mapping[int, date]:
    """The latest day on which an allocation to each of these invoices was reversed; the others are left out."""
    rows = (
        Allocation.objects.filter(invoice_id__in=list(invoice_ids), reverses__isnull=False)
        .order_by()
        .values("invoice_id")
        .annotate(day=Max("effective_on"))
        .values_list("invoice_id", "day")
    )
    return dict(rows)
