"""The page of the worklist: fifty rows, what is before and after, how much of the day is done. Few statements."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import md5
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.http import QueryDict

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.pagination import KeysetPage, keyset_page
from customers.access import entity_ids
from worklist.models import WorklistItem
from worklist.queries.filters import Filters, narrowed, shown, visible_items
from worklist.queries.presence import taken_by_others

KEPT_FROM, KEPT_SECONDS = 5000, 30  # customers on a list, and for how long its count is kept
Counted = dict[str, dict[str, Any]]  # currency -> "left", "left_money", "left_minutes", "done", ...
ORDER = ("-pinned", "-rank", "customer_id")
_COLUMNS = (
    "customer_id", "customer__name", "customer__number", "pinned", "rank", "score", "minutes",
    "last_contact_on", "last_contact_kind", "currency", "overdue", "why", "next_step_text", "badges", "collector_id",
    "collector__first_name", "collector__username", "snoozed_until", "snooze_reason", "pin_reason", "escalated",
    "oldest_days",
)  # fmt: skip
_HERE = {
    "here_id": F("customer__presence__user_id"),
    "here_at": F("customer__presence__seen_at"),
    "here_name": F("customer__presence__user__first_name"),
    "here_username": F("customer__presence__user__username"),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """One currency of the list: how many customers, their overdue money, and the minutes their next steps take, for
    what is left today, what was done today, and what the list shows."""

    currency: str
    left: int = 0
    left_money: Decimal = Decimal(0)
    left_minutes: int = 0
    done: int = 0
    done_money: Decimal = Decimal(0)
    done_minutes: int = 0
    shown: int = 0
    shown_money: Decimal = Decimal(0)


def list_page(
    user: User, filters: Filters, asked: QueryDict, *, on: date, whose: User | None = None, size: int = 50
) -> KeysetPage[Any]:
    """The rows of one page, pinned ones and then the highest score first, as named tuples of the columns a row shows.
    `user` is who looks and `whose` whose list it is, where that is somebody else."""
    rows = shown(narrowed(visible_items(user), filters, user=whose or user), filters, on=on)
    return keyset_page(_named(rows), asked, order=ORDER, size=size)


def one_row(user: User, customer_id: int) -> Any | None:
    """The row of one customer, as in `list_page`; None for a stranger's or an unknown one."""
    return _named(visible_items(user).filter(pk=customer_id)).first()


def tallies(user: User, filters: Filters, *, on: date, whose: User | None = None) -> Sequence[Tally]:
    """Per currency what is left and what was done today within the filter, largest first; one statement.

    What was done is always counted. Of a list of thousands the rest is counted every half minute and what was done
    since is taken off, because counting it would be most of a page's time."""
    everything = narrowed(visible_items(user), filters, user=whose or user).order_by()
    key = _kept_key(user, filters, on, whose or user)
    kept = _kept(key)
    parts = {"done": shown(everything, Filters(show="done"), on=on)}
    if kept is None:
        parts["left"] = shown(everything, Filters(), on=on)
        if filters.show not in ("today", "done"):
            parts["shown"] = shown(everything, filters, on=on)
    found = _by_currency(parts)
    if kept is not None:
        found = _carried(kept, found)
    elif sum(row.get("left", 0) + row.get("shown", 0) for row in found.values()) > KEPT_FROM:
        _keep(key, found)
    same = {"today": "left", "done": "done"}.get(filters.show)
    if same:
        for row in found.values():
            row |= {"shown": row.get(same, 0), "shown_money": row.get(f"{same}_money", Decimal(0))}
    return sorted((Tally(code, **row) for code, row in found.items()), key=lambda row: (-row.left_money, row.currency))


def _by_currency(parts: Mapping[str, QuerySet[WorklistItem]]) -> Counted:
    first, *others = (_counted(rows, part) for part, rows in parts.items())
    found: Counted = {}
    for part, currency, count, money, minutes in first.union(*others, all=True) if others else first:
        row = found.setdefault(currency, {})
        row |= {part: count, f"{part}_money": money}
        if part != "shown":
            row[f"{part}_minutes"] = minutes
    return found


def _carried(kept: Counted, now: Counted) -> Counted:
    """What was counted before, less what was done since; what was taken back since is left again."""
    found: Counted = {}
    for currency in {*kept, *now}:
        then, done = kept.get(currency, {}), now.get(currency, {})
        row = found[currency] = {**then, "done": 0, "done_money": Decimal(0), "done_minutes": 0, **done}
        for more in ("", "_money", "_minutes"):
            since = row[f"done{more}"] - then.get(f"done{more}", 0)
            row[f"left{more}"] = max(then.get(f"left{more}", 0) - since, 0 * since)
    return found


def _kept_key(user: User, filters: Filters, on: date, whose: User) -> str:
    seen = "all" if user.may(Capability.SEE_ALL_TEAMS) else ",".join(map(str, sorted(entity_ids(user))))
    asked = md5(f"{seen}|{whose.pk}|{filters.query()}".encode(), usedforsecurity=False).hexdigest()
    return f"tallies:{connection.settings_dict['NAME']}:{on}:{asked}"


def _kept(key: str) -> Counted | None:
    with contextlib.suppress(Exception):  # a cache that is away only costs a query
        found: Counted | None = cache.get(key)
        return found
    return None


def _keep(key: str, found: Counted) -> None:
    with contextlib.suppress(Exception):
        cache.set(key, found, KEPT_SECONDS)


def next_after(
    user: User, filters: Filters, *, customer_id: int, place: tuple[bool, Decimal] | None, on: date, now: datetime
) -> int | None:
    """The customer to work after this one in the filter, else the first that is left, else None: done for today.
    Those a colleague is on at this moment are passed over. `place` is where this one stood: pinned, and its rank."""
    rows = shown(narrowed(visible_items(user), filters, user=user), filters, on=on).exclude(pk=customer_id)
    ordered = rows.exclude(pk__in=taken_by_others(user, now=now)).order_by(*ORDER).values_list("pk", flat=True)
    if place is not None:
        pinned, rank = place
        below = Q(rank__lt=rank) | Q(rank=rank, pk__gt=customer_id)
        later = ordered.filter(Q(pinned=False) | below if pinned else Q(pinned=False) & below).first()
        if later is not None:
            return later
    return ordered.first()


def _named(rows: QuerySet[WorklistItem]) -> QuerySet[Any, Any]:
    return rows.annotate(**_HERE).values_list(*_COLUMNS, *_HERE, named=True)


def _counted(rows: QuerySet[WorklistItem], part: str) -> QuerySet[Any, Any]:
    grouped = rows.values("currency").annotate(
        part=Value(part), count=Count("currency"), money=Sum("overdue"), minutes=Sum("minutes")
    )
    return grouped.values_list("part", "currency", "count", "money", "minutes")
