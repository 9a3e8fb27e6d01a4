"""The page of the worklist: fifty rows, what is before and after, how much of the day is done. Few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.http import QueryDict

from collections_app.accounts.models import User
from collections_app.web.pagination import KeysetPage, keyset_page
from worklist.models import WorklistItem
from worklist.queries.filters import Filters, narrowed, shown, visible_items
from worklist.queries.presence import taken_by_others

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
    """Per currency what is left and what was done today within the filter, largest first; one statement."""
    everything = narrowed(visible_items(user), filters, user=whose or user).order_by()
    parts = {"left": shown(everything, Filters(), on=on), "done": shown(everything, Filters(show="done"), on=on)}
    if filters.show not in ("today", "done"):
        parts["shown"] = shown(everything, filters, on=on)
    first, *others = (_counted(rows, part) for part, rows in parts.items())
    found: dict[str, dict[str, Any]] = {}
    for part, currency, count, money, minutes in first.union(*others, all=True):
        row = found.setdefault(currency, {})
        row |= {part: count, f"{part}_money": money}
        if part != "shown":
            row[f"{part}_minutes"] = minutes
    same = {"today": "left", "done": "done"}.get(filters.show)
    if same:
        for row in found.values():
            row |= {"shown": row.get(same, 0), "shown_money": row.get(f"{same}_money", Decimal(0))}
    return sorted((Tally(code, **row) for code, row in found.items()), key=lambda row: (-row.left_money, row.currency))


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
