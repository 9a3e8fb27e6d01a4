"""Writes the scores of customers to the list, by set. Snoozes and what was worked today stay as they are."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import execute_values

from customers.models import Customer
from worklist.models import WorklistItem
from worklist.queries.facts import Placed, customer_facts
from worklist.queries.ranking import rank
from worklist.queries.team import stand_ins
from worklist.rules.reasons import badges
from worklist.rules.score import Score, score

CHUNK = 5000

_COLUMNS = (
    "customer_id", "entity_id", "collector_id", "analyst_id", "stage", "for_today", "scored_on", "scored_at", "currency", "score",
    "rank", "parts", "why", "next_step", "next_step_text", "overdue", "open_total", "disputed", "promised",
    "oldest_days", "overdue_documents", "last_contact_on", "last_contact_kind", "badges",
)  # fmt: skip
# A slow run must not overwrite what a later, quicker one has found: its facts are older.
_SQL = f"""
INSERT INTO worklist_worklistitem AS item ({", ".join(_COLUMNS)}, snooze_reason) VALUES %s
ON CONFLICT (customer_id) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS[1:])}
WHERE item.scored_at <= EXCLUDED.scored_at
"""  # noqa: S608 (names of our own columns)
_TEMPLATE = "(" + ", ".join(["%s"] * len(_COLUMNS)) + ", '')"


def rescore(customer_ids: Iterable[int], *, on: date) -> int:
    """How many customers were scored as of the day, in chunks of some thousand, each in its own transaction."""
    ids = sorted(set(customer_ids))
    return sum(_rescore_chunk(ids[start : start + CHUNK], on) for start in range(0, len(ids), CHUNK))


def rescore_all(*, on: date) -> int:
    """How many customers were scored: all of them, whichever entity looks after them."""
    return rescore(Customer.objects.order_by("pk").values_list("pk", flat=True), on=on)


@transaction.atomic
def _rescore_chunk(ids: Sequence[int], on: date) -> int:
    read_at = timezone.now()
    WorklistItem.objects.filter(customer_id__in=ids, customer__merged_into__isnull=False).delete()
    away = stand_ins(on)
    rows = [_row(placed, score(placed.facts), read_at, away) for placed in customer_facts(ids, on=on)]
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _SQL, rows, template=_TEMPLATE, page_size=1000)
    return len(rows)


def _row(placed: Placed, found: Score, read_at: datetime, away: Mapping[int, int | None]) -> tuple[Any, ...]:
    facts = placed.facts
    return (
        facts.customer_id,
        placed.entity_id,
        placed.collector_id,
        away.get(placed.collector_id, placed.collector_id) if placed.collector_id else None,
        facts.stage,
        found.step.for_today,
        facts.on,
        read_at,
        found.currency,
        found.score,
        rank(found, facts.on),
        json.dumps(score_parts(found)),
        found.why,
        found.step.code,
        found.step.text,
        found.overdue,
        found.open_total,
        found.disputed,
        found.promised,
        facts.oldest_days,
        facts.overdue_documents,
        facts.last_contact_on,
        facts.last_contact_kind,
        json.dumps(badges(facts, found.disputed, found.promised)),
    )


def score_parts(found: Score) -> list[dict[str, str]]:
    """The parts as plain values: name, amount (a string) and the sentence."""
    return [{"name": part.name, "amount": str(part.amount), "why": part.why} for part in found.parts]
