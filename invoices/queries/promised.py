"""What arrived for promised invoices since each promise was made, by set. Decides nothing."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db import connection

from collections_app.lib.calendars import region_of
from invoices.models import CurrencyRules, Promise
from invoices.rules.promises import PromisedItem, last_day_in_time

# Money counts for a promise when it has a later effective day, or was recorded after the promise: someone who says "I
# paid yesterday" keeps the promise when yesterday's payment is booked today. Credits since then lower what is payable,
# and so do discounts and differences that follow from a rule; a write-off does not: it must not make a promise kept. An
# older payment that did not hold takes nothing from what came since: of one payment never less than nothing counts.
_SQL = """
SELECT pi.promise_id, pi.amount,
       came.amount,
       i.total - COALESCE(SUM(a.amount) FILTER (WHERE NOT since), 0)
               - COALESCE(SUM(a.amount) FILTER (WHERE since AND (a.credit_note_id IS NOT NULL OR d.kind IN
                     ('early_payment_discount', 'small_difference', 'exchange_difference'))), 0)
FROM unnest(%s::bigint[], %s::date[]) AS wanted (promise_id, last_day)
JOIN invoices_promise pr ON pr.id = wanted.promise_id
JOIN invoices_promiseitem pi ON pi.promise_id = pr.id
JOIN invoices_invoice i ON i.id = pi.invoice_id
LEFT JOIN invoices_allocation a ON a.invoice_id = i.id
LEFT JOIN invoices_adjustment d ON d.id = a.adjustment_id
LEFT JOIN LATERAL (SELECT a.effective_on > pr.made_on OR a.recorded_at > pr.recorded_at AS since) s ON true
CROSS JOIN LATERAL (
    SELECT COALESCE(SUM(amount), 0) AS amount
    FROM (SELECT SUM(b.amount) AS amount FROM invoices_allocation b JOIN invoices_payment p ON p.id = b.payment_id
          WHERE b.invoice_id = i.id AND (b.effective_on > pr.made_on OR b.recorded_at > pr.recorded_at)
            AND p.received_on <= wanted.last_day
          GROUP BY p.id HAVING SUM(b.amount) > 0) AS since) came
GROUP BY pi.id, i.total, came.amount
ORDER BY pi.promise_id, pi.id
"""


def promised_items(last_days: Iterable[tuple[int, object]]) -> Mapping[int, list[PromisedItem]]:
    """Per promise id its items as they stand, from (promise id, last day in time inclusive) pairs; one statement."""
    pairs = list(last_days)
    found: dict[int, list[PromisedItem]] = {}
    if not pairs:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [[promise for promise, _ in pairs], [day for _, day in pairs]])
        for promise, promised, in_time, payable in cursor.fetchall():
            found.setdefault(promise, []).append(PromisedItem(promised, in_time, payable))
    return found


def arrived_so_far(promise_ids: Iterable[int]) -> Mapping[int, Decimal]:
    """Per promise id the payments put against its invoices since it was made, whatever their value date."""
    items = promised_items((promise, "9999-12-31") for promise in promise_ids)
    return {promise: sum((row.paid_in_time for row in rows), Decimal(0)) for promise, rows in items.items()}


def promise_grace_days(currency: str) -> int:
    """How many days after its last day in time a new promise in the currency is waited for."""
    days = CurrencyRules.objects.filter(currency=currency).values_list("promise_grace_days", flat=True).first()
    return days or 0


def last_day_of(promise: Promise) -> date:
    """The last value date that keeps the promise, its grace included. It comes with its customer and the entity."""
    return last_day_in_time(promise.promised_on, bank_region(promise), lag_days=promise.grace_days)


def bank_region(promise: Promise) -> str:
    """Whose bank holidays move the promised day. The promise comes with its customer and the customer's entity."""
    customer = promise.customer
    return region_of(customer.holiday_region, customer.country, customer.entity.holiday_region)
