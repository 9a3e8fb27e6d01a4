"""Proof that the books hold: every law as one query that returns the rows that break it. Reads only.

The names I1 to I4 are the invariants the scenarios are checked against. Constraints and triggers should make every
answer empty; this finds what a superuser or a broken restore did behind their back."""

from dataclasses import dataclass
from itertools import islice

from django.db import connection

from collections_app.audit.chain import violations as audit_violations
from invoices.models import AgingSnapshot
from invoices.queries.verify_aging import violations as aging_violations

_SNAPSHOT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Law:
    """One law: its code, a sentence, and SQL that selects (row label, detail) of what breaks it."""

    code: str
    sentence: str
    sql: str


LAWS = (
    Law(
        "i1_open_within_total",
        "An invoice's allocations lie between zero and its total.",
        """SELECT 'invoices.invoice ' || i.id, 'total ' || i.total || ', allocated ' || s.amount
           FROM invoices_invoice i JOIN (SELECT invoice_id, SUM(amount) AS amount FROM invoices_allocation
                WHERE invoice_id IS NOT NULL GROUP BY invoice_id) s ON s.invoice_id = i.id
           WHERE s.amount > i.total OR s.amount < 0""",
    ),
    Law(
        "i2_unapplied_not_negative",
        "A payment's allocations lie between zero and its amount.",
        """SELECT 'invoices.payment ' || p.id, 'amount ' || p.amount || ', allocated ' || s.amount
           FROM invoices_payment p JOIN (SELECT payment_id, SUM(amount) AS amount FROM invoices_allocation
                WHERE payment_id IS NOT NULL GROUP BY payment_id) s ON s.payment_id = p.id
           WHERE s.amount > p.amount OR s.amount < 0""",
    ),
    Law(
        "i2_open_credit_not_negative",
        "A credit note's allocations lie between zero and its total.",
        """SELECT 'invoices.creditnote ' || c.id, 'total ' || c.total || ', allocated ' || s.amount
           FROM invoices_creditnote c JOIN (SELECT credit_note_id, SUM(amount) AS amount FROM invoices_allocation
                WHERE credit_note_id IS NOT NULL GROUP BY credit_note_id) s ON s.credit_note_id = c.id
           WHERE s.amount > c.total OR s.amount < 0""",
    ),
    Law(
        "allocation_same_sides",
        "Both ends of an allocation have its customer and currency.",
        """SELECT 'invoices.allocation ' || a.id, 'customer ' || a.customer_id || ', ' || a.currency
           FROM invoices_allocation a
           LEFT JOIN invoices_payment p ON p.id = a.payment_id
           LEFT JOIN invoices_creditnote c ON c.id = a.credit_note_id
           LEFT JOIN invoices_invoice i ON i.id = a.invoice_id LEFT JOIN invoices_refund r ON r.id = a.refund_id
           WHERE (a.customer_id, a.currency) IS DISTINCT FROM
                 (COALESCE(p.customer_id, c.customer_id), COALESCE(p.currency, c.currency)::varchar)
              OR (a.customer_id, a.currency) IS DISTINCT FROM
                 (COALESCE(i.customer_id, r.customer_id), COALESCE(i.currency, r.currency)::varchar)""",
    ),
    Law(
        "allocation_same_entity",
        "Both ends of an allocation belong to one legal entity.",
        """SELECT 'invoices.allocation ' || a.id, 'from ' || COALESCE(p.entity_id, c.entity_id)
                  || ' to ' || COALESCE(i.entity_id, r.entity_id)
           FROM invoices_allocation a
           LEFT JOIN invoices_payment p ON p.id = a.payment_id
           LEFT JOIN invoices_creditnote c ON c.id = a.credit_note_id
           LEFT JOIN invoices_invoice i ON i.id = a.invoice_id LEFT JOIN invoices_refund r ON r.id = a.refund_id
           WHERE COALESCE(p.entity_id, c.entity_id) <> COALESCE(i.entity_id, r.entity_id)""",
    ),
    Law(
        "reversal_mirrors",
        "A reversal has the opposite amount of what it reverses, the same ends, and a day that is not earlier.",
        """SELECT 'invoices.allocation ' || a.id, 'reverses ' || a.reverses_id FROM invoices_allocation a
           JOIN invoices_allocation o ON o.id = a.reverses_id
           WHERE a.amount <> -o.amount OR a.effective_on < o.effective_on OR o.reverses_id IS NOT NULL
              OR (a.customer_id, a.payment_id, a.credit_note_id, a.invoice_id, a.refund_id)
                 IS DISTINCT FROM (o.customer_id, o.payment_id, o.credit_note_id, o.invoice_id, o.refund_id)""",
    ),
    Law(
        "i3_control_account",
        "Per customer and currency, open items less unapplied money equal documents less money.",
        """SELECT 'customers.customer ' || customer_id, currency || ' differs by ' || SUM(amount) FROM (
             SELECT customer_id, currency, total - COALESCE((SELECT SUM(amount) FROM invoices_allocation a
                    WHERE a.invoice_id = i.id), 0) AS amount FROM invoices_invoice i WHERE status = 'issued'
             UNION ALL SELECT customer_id, currency, -(total - COALESCE((SELECT SUM(amount) FROM invoices_allocation a
                    WHERE a.credit_note_id = c.id), 0)) FROM invoices_creditnote c WHERE status = 'issued'
             UNION ALL SELECT customer_id, currency, -(amount - COALESCE((SELECT SUM(amount) FROM invoices_allocation a
                    WHERE a.payment_id = p.id), 0)) FROM invoices_payment p
             UNION ALL SELECT customer_id, currency, -total FROM invoices_invoice WHERE status = 'issued'
             UNION ALL SELECT customer_id, currency, total FROM invoices_creditnote WHERE status = 'issued'
             UNION ALL SELECT customer_id, currency, amount FROM invoices_payment
             UNION ALL SELECT customer_id, currency, -amount FROM invoices_allocation WHERE refund_id IS NOT NULL
           ) t GROUP BY customer_id, currency HAVING SUM(amount) <> 0""",
    ),
    Law(
        "refund_fully_used",
        "A refund equals the payments and credits it gave back.",
        """SELECT 'invoices.refund ' || r.id, 'amount ' || r.amount FROM invoices_refund r
           WHERE r.amount <> COALESCE((SELECT SUM(amount) FROM invoices_allocation a WHERE a.refund_id = r.id), 0)""",
    ),
    Law(
        "snapshot_buckets_sum",
        "The buckets of an aging snapshot add up to its total.",
        """SELECT 'invoices.agingsnapshot ' || id, 'total ' || total FROM invoices_agingsnapshot
           WHERE not_due + days_1_30 + days_31_60 + days_61_90 + days_91_120 + days_over_120 <> total""",
    ),
)


def violations(*, limit_per_law: int = 20) -> list[dict[str, object]]:
    """What breaks a law, some rows of each: `{"law", "sentence", "row", "detail"}`, and what the audit log reports.
    Empty when all is well."""
    found: list[dict[str, object]] = []
    with connection.cursor() as cursor:
        for law in LAWS:
            cursor.execute(f"{law.sql} LIMIT %s", [limit_per_law])
            found += [
                {"law": law.code, "sentence": law.sentence, "row": row, "detail": detail}
                for row, detail in cursor.fetchall()
            ]
    return found + _snapshots_that_differ(limit_per_law) + audit_violations()


def _snapshots_that_differ(limit: int) -> list[dict[str, object]]:
    """Of the last days that have snapshots; each day costs a statement per legal entity, so older ones are left out."""
    days = AgingSnapshot.objects.order_by("-as_of").values_list("as_of", flat=True).distinct()[:_SNAPSHOT_DAYS]
    differing = ((day, sentence) for day in days for sentence in aging_violations(day))
    return [
        {
            "law": "i4_snapshot_is_recomputation",
            "sentence": "An aging snapshot is what the ledger, as known when it was taken, gives for its day.",
            "row": f"invoices.agingsnapshot of {day.isoformat()}",
            "detail": detail,
        }
        for day, detail in islice(differing, limit)
    ]
