"""When something was last taken back from a document. Before that day its money lay elsewhere, so nothing new may take
effect there (A2). Reads a few documents; it decides nothing."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Max, Sum

from invoices.models import Adjustment, Allocation, CreditNote, Payment


def last_reversal_of(source: Payment | CreditNote | Adjustment) -> date | None:
    """The latest day on which an allocation of this payment, credit note or adjustment was reversed; None when none."""
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


def free_from(source: Payment | CreditNote, amount: Decimal) -> date:
    """The first day from which on, every day, at least `amount` of the payment or credit note is not allocated: the day
    it came when it never was. What is recorded for days to come counts. `amount` is at most what is unallocated."""
    came = source.received_on if isinstance(source, Payment) else source.issued_on
    left = source.amount if isinstance(source, Payment) else source.total
    earliest, too_little = came, False
    changes = source.allocations.order_by("effective_on").values_list("effective_on").annotate(s=Sum("amount"))
    for day, change in changes:
        if too_little:
            earliest = day
        left -= change
        too_little = left < amount
    return max(earliest, came)
