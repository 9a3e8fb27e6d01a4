"""The small facts about few customers in one round trip: after an action one customer is scored, and asking ten times
took longer than the answers. For many customers each statement is asked by itself. Reads only."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from worklist.queries import facts_sql as sql
from worklist.queries import occasions_sql as more_sql

FEW = 20
Rows = list[tuple[Any, ...]]
# Each statement with its columns: "d" a day, "n" an amount, "." a word, a whole number or a yes or no.
STATEMENTS: Mapping[str, tuple[str, str]] = {
    "credit": (sql.CREDIT, "..n"),
    "broken": (more_sql.BROKEN, "..dn"),
    "promises": (more_sql.PROMISES, ".d"),
    "disputes": (more_sql.DISPUTES, ".d"),
    "notices": (more_sql.NOTICES, "..dd."),
    "contacts": (more_sql.CONTACTS_MADE, ".d."),
    "reactions": (more_sql.REACTIONS, ".....d"),
    "follow_ups": (more_sql.FOLLOW_UPS, ".d"),
    "holds": (more_sql.HOLDS, "..d"),
    "reachable": (more_sql.REACHABLE, "..."),
}
_REVIVED: Mapping[str, Callable[[Any], Any]] = {".": lambda value: value, "d": date.fromisoformat, "n": Decimal}


def _packed(name: str, statement: str, columns: str) -> str:
    names = ", ".join(f"c{place}" for place in range(len(columns)))
    return f"SELECT '{name}', (SELECT json_agg(json_build_array({names}))::text FROM ({statement}) AS found({names}))"  # noqa: S608 (statements of ours)


_TOGETHER = " UNION ALL ".join(_packed(name, *one) for name, one in STATEMENTS.items())


def small_facts(asked: Mapping[str, Any]) -> Mapping[str, Rows]:
    """The rows of each statement by its name, as the statement alone would give them. `asked` has the customers as
    "ids" (None for all), the day as "on" and "broken_days"."""
    ids: Sequence[int] | None = asked["ids"]
    with connection.cursor() as cursor:
        if ids is None or len(ids) > FEW:
            return {name: _alone(cursor, statement, asked) for name, (statement, _) in STATEMENTS.items()}
        cursor.execute(_TOGETHER, asked)
        return {name: _read(text, STATEMENTS[name][1]) for name, text in cursor.fetchall()}


def _alone(cursor: Any, statement: str, asked: Mapping[str, Any]) -> Rows:
    cursor.execute(statement, asked)
    rows: Rows = cursor.fetchall()
    return rows


def _read(text: str | None, columns: str) -> Rows:
    rows = json.loads(text, parse_float=Decimal) if text else []
    return [
        tuple(None if value is None else _REVIVED[kind](value) for kind, value in zip(columns, row, strict=True))
        for row in rows
    ]
