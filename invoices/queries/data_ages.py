"""Up to which day we know what the banks and the invoicing systems know, per legal entity. Facts only: what is too old
is a rule of whoever asks."""

from datetime import date
from typing import NamedTuple

from django.db import connection

# An account that has told nothing for so long is taken for closed, as long as another one of the entity goes on.
CLOSED_AFTER = 90

# The newest day a bank has told of, per account: by a line, or by a statement without one. Index lookups only.
_BANK = """
SELECT a.entity_id, known.up_to FROM invoices_bankaccount a
JOIN LATERAL (
    SELECT MAX(day) AS up_to FROM (
        (SELECT closed_on AS day FROM invoices_bankstatement
         WHERE account_id = a.id AND closed_on <= %(as_of)s ORDER BY closed_on DESC LIMIT 1)
        UNION ALL
        SELECT line.booked_on FROM unnest(ARRAY['waiting', 'posted', 'parked', 'ignored']) AS s(state)
        CROSS JOIN LATERAL (
            SELECT booked_on FROM invoices_bankline
            WHERE account_id = a.id AND state = s.state AND booked_on <= %(as_of)s
            ORDER BY booked_on DESC LIMIT 1) line) days) known ON known.up_to IS NOT NULL
"""
# The last day on which a file of invoices was imported; a file that names no entity may bring those of any.
_FILES = """
SELECT e.id, MAX((b.finished_at AT TIME ZONE e.time_zone)::date) FROM customers_legalentity e
JOIN customers_importbatch b ON b.entity_id = e.id OR b.entity_id IS NULL
WHERE b.state = 'imported' AND (b.finished_at AT TIME ZONE e.time_zone)::date <= %(as_of)s
GROUP BY e.id
"""


class DataAge(NamedTuple):
    """The newest day known from the bank and from invoice files; None where the entity has no such source."""

    bank_on: date | None = None
    invoices_on: date | None = None


def data_ages(as_of: date) -> dict[int, DataAge]:
    """By entity id, as it stood on that day; entities without any source are left out. Two statements.

    Of several bank accounts the one that is farthest behind counts, because a payment may have come in there."""
    with connection.cursor() as cursor:
        cursor.execute(_BANK, {"as_of": as_of})
        accounts: dict[int, list[date]] = {}
        for entity_id, up_to in cursor.fetchall():
            accounts.setdefault(entity_id, []).append(up_to)
        cursor.execute(_FILES, {"as_of": as_of})
        files: dict[int, date] = dict(cursor.fetchall())
    return {
        entity_id: DataAge(_slowest(accounts.get(entity_id, [])), files.get(entity_id))
        for entity_id in accounts.keys() | files.keys()
    }


def _slowest(days: list[date]) -> date | None:
    newest = max(days, default=None)
    if newest is None:
        return None
    return min(day for day in days if (newest - day).days <= CLOSED_AFTER)
