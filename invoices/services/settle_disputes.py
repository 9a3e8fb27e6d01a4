"""Closes open disputes whose invoice is fully settled: nothing is left to argue about. By set."""

from datetime import date

from django.db import connection, transaction

from collections_app.audit.record import Fact, record_set
from customers.changes import announce
from invoices.actions import DISPUTE_CLOSED

_SQL = """
UPDATE invoices_dispute d SET state = 'settled', closed_on = %s, resolution = 'The invoice was settled in full.'
FROM invoices_invoice i
WHERE d.state = 'open' AND i.id = d.invoice_id
  AND i.total <= (SELECT COALESCE(SUM(a.amount), 0) FROM invoices_allocation a WHERE a.invoice_id = i.id)
RETURNING d.id, d.customer_id
"""


@transaction.atomic
def settle_disputes(*, on: date) -> int:
    """How many open disputes were closed as settled, dated `on`, because nothing is open on their invoice."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [on])
        settled = cursor.fetchall()
    record_set(
        DISPUTE_CLOSED,
        [Fact("invoices.dispute", pk, customer, {"state": "settled", "closed_on": on}) for pk, customer in settled],
        actor=None,
        by="promise judge",
    )
    announce(customer for _, customer in settled)
    return len(settled)
