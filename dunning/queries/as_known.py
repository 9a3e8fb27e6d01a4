"""The books as they were known on a past evening: for the length of a block, the statements that read facts see only
rows that had been recorded by a moment. They are the same statements; they read temporary views of the same names.

Everything happens inside one transaction that is rolled back, so nothing remains and nobody else sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import connection, transaction

_MOMENT = "collections.known_by"
# What people and imports record. Closing a dispute or a promise changes its row; there the day itself tells.
_TABLES = (
    "invoices_invoice",
    "invoices_creditnote",
    "invoices_payment",
    "invoices_allocation",
    "invoices_dispute",
    "invoices_promise",
)


@contextmanager
def ledger_as_known() -> Iterator[None]:
    """Nothing; inside the block every statement of this connection reads the books as of the moment of `known_by`."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            (schema,) = cursor.fetchone()
            home = connection.ops.quote_name(schema)
            for table in _TABLES:
                cursor.execute(
                    f"CREATE TEMPORARY VIEW {table} AS SELECT * FROM {home}.{table} "  # noqa: S608 (constants of ours)
                    f"WHERE recorded_at < current_setting('{_MOMENT}')::timestamptz"
                )
        try:
            yield
        finally:
            transaction.set_rollback(True)


def known_by(day: date, time_zone: str) -> None:
    """Nothing; from now on the block knows what was recorded before that day began in the zone."""
    moment = datetime.combine(day, time(), ZoneInfo(time_zone))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [_MOMENT, moment.isoformat()])
