"""Sealing the log onto the hash chain, and verifying it. Verification reads everything and changes nothing."""

from itertools import groupby

from django.db import connection, transaction

from collections_app.audit.models import AuditEntry, AuditSeal, SealedEntry
from collections_app.audit.record import NO_DIGEST, entry_digest
from collections_app.lib.digests import chain_digest

_LOCK = 7_041_001  # one sealer at a time
_BATCH = 5_000
# A transaction may commit after higher ids were sealed; looking this far back finds its entries.
_LOOK_BACK = 200_000


@transaction.atomic
def seal() -> AuditSeal | None:
    """The new seal over entries not sealed yet, at most 5,000, or None when there are none or another sealer works."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(
            """
            SELECT e.id, e.digest FROM audit_auditentry e
            WHERE e.id > COALESCE((SELECT max(entry_id) FROM audit_sealedentry), 0) - %s
              AND NOT EXISTS (SELECT 1 FROM audit_sealedentry s WHERE s.entry_id = e.id)
            ORDER BY e.id LIMIT %s
            """,
            [_LOOK_BACK, _BATCH],
        )
        rows: list[tuple[int, str]] = cursor.fetchall()
    if not rows:
        return None
    last = AuditSeal.objects.order_by("-number").first()
    previous = last.digest if last else NO_DIGEST
    made = AuditSeal.objects.create(
        number=last.number + 1 if last else 1, previous_digest=previous, digest=_seal_digest(previous, rows)
    )
    SealedEntry.objects.bulk_create([SealedEntry(entry_id=pk, seal=made, entry_digest=digest) for pk, digest in rows])
    return made


def violations() -> list[dict[str, object]]:
    """What is wrong with the log: altered, missing or never sealed entries and broken seals. Empty when all is well."""
    found: list[dict[str, object]] = []
    current: dict[int, str] = {}
    for entry in AuditEntry.objects.order_by("id").iterator(chunk_size=5000):
        current[entry.pk] = entry.digest
        if entry_digest(entry) != entry.digest:
            found.append({"law": "audit_entry_unchanged", "row": f"audit.auditentry {entry.pk}"})
    pairs = SealedEntry.objects.order_by("seal__number", "entry_id").values_list("seal_id", "entry_id", "entry_digest")
    contents = {
        seal_id: [(pk, digest) for _, pk, digest in rows]
        for seal_id, rows in groupby(pairs.iterator(chunk_size=5000), key=lambda row: row[0])
    }
    previous, number = NO_DIGEST, 0
    for sealed in AuditSeal.objects.order_by("number").iterator(chunk_size=500):
        number += 1
        rows = contents.get(sealed.pk, [])
        if (sealed.number, sealed.previous_digest, sealed.digest) != (number, previous, _seal_digest(previous, rows)):
            found.append({"law": "audit_chain", "row": f"audit.auditseal {sealed.pk}"})
        found += [
            {"law": "audit_entry_sealed", "row": f"audit.auditentry {pk}"}
            for pk, digest in rows
            if current.get(pk) != digest
        ]
        previous, number = sealed.digest, sealed.number
    return found + _overlooked(current, contents)


def _overlooked(current: dict[int, str], contents: dict[int, list[tuple[int, str]]]) -> list[dict[str, object]]:
    sealed = {pk for rows in contents.values() for pk, _ in rows}
    if not sealed:
        return []
    horizon = max(sealed) - _LOOK_BACK
    return [
        {"law": "audit_entry_never_sealed", "row": f"audit.auditentry {pk}"}
        for pk in sorted(current.keys() - sealed)
        if pk <= horizon
    ]


def _seal_digest(previous: str, rows: list[tuple[int, str]]) -> str:
    return chain_digest(previous.encode(), [[pk, digest] for pk, digest in rows])
