"""Proof that the books hold: the laws, the aging snapshots against the ledger, and the audit chain. Reads only."""

from itertools import islice

from django.db import connection

from collections_app.audit.chain import violations as audit_violations
from invoices.models import AgingSnapshot
from invoices.queries.ledger_laws import LAWS
from invoices.queries.verify_aging import violations as aging_violations

_SNAPSHOT_DAYS = 30


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
