"""Stores the aging of one legal entity for one day: as it is known now, once, by set."""

from datetime import date

from django.db import connection, transaction

from collections_app.audit.record import record
from customers.models import LegalEntity
from invoices.actions import AGING_SNAPSHOT_TAKEN
from invoices.models import AgingSnapshot
from invoices.queries.aging import snapshot_select
from invoices.queries.aging_days import is_taken
from invoices.queries.aging_sql import AgingScope
from invoices.rules.buckets import BUCKETS

_LOCK = 7_265_021  # the first half of an advisory lock; the second half is the entity
_COLUMNS = ", ".join(
    ["as_of", "entity_id", "customer_id", "currency", *(b.column for b in BUCKETS), "total", "disputed", "documents"]
)


@transaction.atomic
def take_aging_snapshot(*, entity: LegalEntity, as_of: date) -> int:
    """How many rows were stored: one per customer and currency with something open at the end of `as_of`; 0 when the
    day was stored before. Who comes second waits for the first, then finds the day stored (one snapshot per day)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, entity.pk])
    if is_taken(entity=entity, as_of=as_of):
        return 0
    select, params = snapshot_select(AgingScope(as_of, entity_ids=(entity.pk,)))
    table = AgingSnapshot._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({_COLUMNS}) {select} ON CONFLICT DO NOTHING", params)
        count: int = cursor.rowcount
    record(AGING_SNAPSHOT_TAKEN, entity, actor=None, by="aging snapshots", as_of=as_of, rows=count)
    return count
