"""Puts every account on the list of whoever works it on a day: its collector, or who stands in while that one is away.
Written by set, and only where it changed."""

from datetime import date

from django.db import connection, transaction

from worklist.queries.team import stand_ins

_SQL = """
UPDATE worklist_worklistitem AS item SET analyst_id = placed.analyst_id
FROM (
    SELECT same.customer_id,
           CASE WHEN away.user_id IS NULL THEN same.collector_id ELSE away.substitute_id END AS analyst_id
    FROM worklist_worklistitem same
    LEFT JOIN unnest(%s::bigint[], %s::bigint[]) AS away(user_id, substitute_id) ON away.user_id = same.collector_id
) AS placed
WHERE placed.customer_id = item.customer_id AND item.analyst_id IS DISTINCT FROM placed.analyst_id
"""


@transaction.atomic
def hand_lists(*, on: date) -> int:
    """How many accounts changed lists as of that day."""
    away = stand_ins(on)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [list(away), list(away.values())])
        return int(cursor.rowcount)
