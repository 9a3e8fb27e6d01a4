"""Money on its way: what payers have paid by card or debit and the provider has not confirmed yet (W3)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Sum

from invoices.models import PaySession, PaySessionItem

# Direct debits take three to five days; after this a silent attempt counts as dead and stops nothing any more.
LONGEST_FLIGHT = timedelta(days=10)


def amounts_in_flight(invoice_ids: Iterable[int], *, now: datetime) -> Mapping[int, Decimal]:
    """What is on its way to each of these invoices, positive, in the invoice's currency; others are left out.

    Reminders leave this much out, and the payer's page does not offer it a second time (U56)."""
    rows = (
        PaySessionItem.objects.filter(
            invoice_id__in=list(invoice_ids),
            pay_session__state=PaySession.State.PROCESSING,
            pay_session__created_at__gt=now - LONGEST_FLIGHT,
        )
        .order_by()
        .values("invoice_id")
        .annotate(s=Sum("amount"))
        .values_list("invoice_id", "s")
    )
    return dict(rows)
