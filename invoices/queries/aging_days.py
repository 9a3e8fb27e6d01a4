"""Which days of which legal entities have an aging snapshot, and which are missing one.

A day without any open item leaves no snapshot row; the audit entry of the service says that it was looked at."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from collections_app.audit.models import AuditEntry
from customers.models import LegalEntity
from customers.queries.clock import business_day
from invoices.actions import AGING_SNAPSHOT_TAKEN
from invoices.models import AgingSnapshot, CreditNote, Invoice, Payment

LONGEST_CATCH_UP = 31  # days; further back a recomputation answers


def is_taken(*, entity: LegalEntity, as_of: date) -> bool:
    """Whether the entity's snapshot of that day exists."""
    stored = AgingSnapshot.objects.filter(entity=entity, as_of=as_of)
    return stored.exists() or bool(_days_recorded(entity, as_of, as_of))


def due_snapshots() -> Iterator[tuple[LegalEntity, date]]:
    """Entities with the days still to be stored, oldest first: today, and days missed since the last stored one.

    Days before an entity's first snapshot are not owed, and an entity without a document owes none."""
    for entity in _with_documents():
        today = business_day(entity)
        earliest = today - timedelta(days=LONGEST_CATCH_UP)
        taken = _days_recorded(entity, earliest, today)
        day = min(taken, default=today)
        while day <= today:
            if day not in taken:
                yield entity, day
            day += timedelta(days=1)


def _with_documents() -> Iterator[LegalEntity]:
    found = [Exists(model.objects.filter(entity=OuterRef("pk"))) for model in (Invoice, CreditNote, Payment)]
    yield from LegalEntity.objects.filter(Q(found[0]) | Q(found[1]) | Q(found[2])).order_by("pk")


def _days_recorded(entity: LegalEntity, first: date, last: date) -> set[date]:
    """From the audit entries, one per day; the snapshot has a row per customer, too many to read at every tick."""
    days = AuditEntry.objects.filter(
        subject_type=LegalEntity._meta.label_lower,
        subject_id=entity.pk,
        action=AGING_SNAPSHOT_TAKEN,
        payload__as_of__gte=first.isoformat(),
        payload__as_of__lte=last.isoformat(),
    ).values_list("payload__as_of", flat=True)
    return {date.fromisoformat(day) for day in days}
