"""Everything that happened with one customer, newest first: one union over the tables, by set, paged by moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from customers.queries.accounts import account_ids
from worklist.queries import timeline_sql as sql
from worklist.queries.timeline_events import Event, event_of

KINDS = (
    ("", _("All")),
    ("talk", _("Calls and notes")),
    ("mail", _("Mails")),
    ("money", _("Payments")),
    ("document", _("Documents")),
    ("word", _("Promises and disputes")),
)
THEM = 0  # stands for the customer where a person of ours is asked for


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Some events, newest first, and the mark after which the older ones begin ("" when there are none)."""

    events: Sequence[Event]
    older: str


def timeline(
    *,
    customer_id: int,
    customer_ids: Sequence[int] | None = None,
    kind: str = "",
    text: str = "",
    by: int | None = None,
    before: str = "",
    size: int = 20,
) -> TimelinePage:
    """A page of the timeline of an account; `kind` is one of KINDS, `text` words that occur in it, `by` the id of the
    person who did it or THEM, `before` the `older` mark of the page before; else the newest. `customer_ids` are all
    that make up the account, when the caller knows them."""
    mark = _read_mark(before)
    asked: dict[str, Any] = {
        "ids": list(account_ids(customer_id) if customer_ids is None else customer_ids),
        "kind": kind if kind in dict(KINDS) else "",
        "text": _pattern(text),
        "by": by,
        "before": mark[0] if mark else None,
        "what": mark[1] if mark else "",
        "row": mark[2] if mark else 0,
        "size": size + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.PAGE, asked)
        rows = cursor.fetchall()
    older = f"{rows[size - 1][2].isoformat()}~{rows[size - 1][1]}~{rows[size - 1][3]}" if len(rows) > size else ""
    return TimelinePage([event_of(row) for row in rows[:size]], older)


def people(customer_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Who of us did anything on this account, as (id, name), by name."""
    with connection.cursor() as cursor:
        cursor.execute(sql.PEOPLE, {"ids": list(customer_ids)})
        found: list[tuple[int, str]] = cursor.fetchall()
    return found


def _pattern(text: str) -> str:
    """The words as a pattern that takes them literally; words that cannot be stored are found nowhere."""
    words = text.replace("\x00", "\ufffd").strip()[:100]
    for sign in ("\\", "%", "_"):
        words = words.replace(sign, f"\\{sign}")
    return f"%{words}%" if words else ""


def _read_mark(before: str) -> tuple[datetime, str, int] | None:
    try:
        at, what, row = before.split("~")
        moment = datetime.fromisoformat(at)
        return (moment, what[:20], int(row)) if moment.tzinfo and 0 <= int(row) < 2**63 else None
    except ValueError:
        return None
