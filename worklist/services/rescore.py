"""Writes the scores of customers to the list, by set. Snoozes, pins and what was worked today stay as they are.

Scoring again without a change writes nothing but the time at which it was looked."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import execute_values

from customers.models import Customer
from worklist.queries.facts import Placed, customer_facts
from worklist.queries.ranking import rank
from worklist.queries.team import stand_ins
from worklist.rules.score import Score, score

CHUNK = 5000

_COLUMNS = (
    "customer_id", "scored_at", "scored_on", "entity_id", "collector_id", "analyst_id", "stage", "strategy_version_id",
    "size_class", "minutes", "for_today", "currency", "score", "rank", "parts", "why", "next_step", "next_step_text",
    "overdue", "open_total", "disputed", "promised", "oldest_days", "overdue_documents", "last_contact_on",
    "last_contact_kind", "badges", "escalated",
)  # fmt: skip
_STAMP, _FOUND = _COLUMNS[1:3], _COLUMNS[3:]
# A pin ends with its last day. Until then the account is for today, even if it could wait.
_PIN_OVER = "item.pinned AND item.pinned_until < EXCLUDED.scored_on"
_STAYS_PINNED = f"(item.pinned AND NOT COALESCE({_PIN_OVER}, false))"
_UNPINNED = {
    "for_today": f"(EXCLUDED.for_today OR {_STAYS_PINNED})",
    "pinned": _STAYS_PINNED,
    "pinned_until": f"CASE WHEN {_PIN_OVER} THEN NULL ELSE item.pinned_until END",
    "pin_reason": f"CASE WHEN {_PIN_OVER} THEN '' ELSE item.pin_reason END",
    "pinned_by_id": f"CASE WHEN {_PIN_OVER} THEN NULL ELSE item.pinned_by_id END",
}
_NEW = {**{name: f"EXCLUDED.{name}" for name in _COLUMNS[1:]}, **_UNPINNED}
# A row is written where something was found that it does not say yet. A slow run must not overwrite what a later,
# quicker one has found: its facts are older.
_SQL = f"""
INSERT INTO worklist_worklistitem AS item ({", ".join(_COLUMNS)}, snooze_reason) VALUES %s
ON CONFLICT (customer_id) DO UPDATE SET {", ".join(f"{name} = {new}" for name, new in _NEW.items())}
WHERE item.scored_at <= EXCLUDED.scored_at AND ({_PIN_OVER} OR ({", ".join(f"item.{name}" for name in _FOUND)})
      IS DISTINCT FROM ({", ".join(_NEW[name] for name in _FOUND)}))
"""  # noqa: S608 (names of our own columns)
# What says the same as before only learns when it was looked at.
_SAME = """UPDATE worklist_worklistitem SET scored_at = %(at)s, scored_on = %(on)s
WHERE customer_id = ANY(%(ids)s) AND scored_at < %(at)s"""
_DROP_MERGED = """DELETE FROM worklist_worklistitem WHERE customer_id = ANY(
    ARRAY(SELECT id FROM customers_customer WHERE id = ANY(%s) AND merged_into_id IS NOT NULL))"""
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
    with connection.cursor() as cursor:
        cursor.execute(_DROP_MERGED, [list(ids)])
    away = stand_ins(on)
    rows = [_row(placed, score(placed.facts, placed.strategy), read_at, away) for placed in customer_facts(ids, on=on)]
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _SQL, rows, template=_TEMPLATE, page_size=1000)
            cursor.execute(_SAME, {"at": read_at, "on": on, "ids": [row[0] for row in rows]})
    return len(rows)


def _row(placed: Placed, found: Score, read_at: datetime, away: Mapping[int, int | None]) -> tuple[Any, ...]:
    facts = placed.facts
    return (
        facts.customer_id,
        read_at,
        facts.on,
        placed.entity_id,
        placed.collector_id,
        away.get(placed.collector_id, placed.collector_id) if placed.collector_id else None,
        facts.stage,
        placed.version_id,
        found.size_class,
        found.minutes,
        found.step.for_today,
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
        json.dumps(found.badges),
        facts.escalated,
    )


def score_parts(found: Score) -> list[dict[str, str]]:
    """The parts as plain values: name, amount (a string) and the sentence."""
    return [{"name": part.name, "amount": str(part.amount), "why": part.why} for part in found.parts]
