"""Early-payment terms of some invoices and what came of them, for the rule. Reads a few documents; decides nothing."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import DecimalField, F, Q, Sum, Value
from django.db.models.functions import Coalesce

from invoices.models import Adjustment, Invoice
from invoices.rules.discounts import DiscountFacts

_ZERO = Value(Decimal(0), DecimalField(max_digits=19, decimal_places=4))


def discount_facts(invoice_ids: Iterable[int]) -> Mapping[int, DiscountFacts]:
    """Per invoice that has early-payment terms, the facts with every recorded allocation; the others are left out."""
    rows = Invoice.objects.filter(pk__in=list(invoice_ids), discount_until__isnull=False).annotate(
        used=Coalesce(Sum("allocations__amount"), _ZERO),
        credited=_sum(Q(allocations__credit_note__isnull=False)),
        in_time=_sum(Q(allocations__payment__received_on__lte=F("discount_until"))),
        taken=_sum(Q(allocations__adjustment__kind=Adjustment.Kind.EARLY_PAYMENT_DISCOUNT)),
    )
    return {
        row.pk: DiscountFacts(
            currency=row.currency,
            total=row.total,
            percent=row.discount_percent,
            until=row.discount_until,
            credited=row.credited,
            paid_in_time=row.in_time,
            taken=row.taken,
            open_amount=row.total - row.used,
        )
        for row in rows
    }


def _sum(condition: Q) -> Coalesce:
    return Coalesce(Sum("allocations__amount", filter=condition), _ZERO)
