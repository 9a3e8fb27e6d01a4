"""Deletes kept decisions that are older than the setting DUNNING_DECISION_DAYS. Notices keep their own decision for
ever; what goes are the reasons why nothing was sent on a day long ago."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

AT_ONCE = 20_000

_DELETE = """
DELETE FROM dunning_decisionrecord WHERE id IN (
    SELECT id FROM dunning_decisionrecord WHERE as_of < %s LIMIT %s)
"""


def forget_decisions(*, now: datetime, seconds: float = 240, days: int | None = None) -> int:
    """How many were deleted: those of days before `now` less `days` (the setting's if None), in short statements.

    Stops after `seconds`; what is left goes next time."""
    kept_days = settings.DUNNING_DECISION_DAYS if days is None else days
    before = now.date() - timedelta(days=kept_days)
    until, gone = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(_DELETE, [before, AT_ONCE])
            gone += cursor.rowcount
            if cursor.rowcount < AT_ONCE:
                break
    return gone
