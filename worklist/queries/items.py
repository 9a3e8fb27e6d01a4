"""The page of the worklist: fifty rows, what is before and after, how much of the day is done. Few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import QueryDict

from collections_app.accounts.models import User
from collections_app.web.pagination import KeysetPage, keyset_page
from worklist.queries.filters import Filters, narrowed, shown, visible_items

ORDER = ("-rank", "customer_id")
_COLUMNS = (
    "customer_id", "customer__name", "customer__number", "rank", "score",
    "last_contact_on", "last_contact_kind", "currency", "overdue", "why", "next_step_text",
    "badges", "collector__first_name", "collector__username", "snoozed_until", "snooze_reason", "oldest_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """One currency of the list: how many customers are left and done today, and their overdue money."""

    currency: str
    left: int
    left_money: Decimal
    done: int
    done_money: Decimal


def list_page(user: User, filters: Filters, asked: QueryDict, *, on: date, size: int = 50) -> KeysetPage[Any]:
    """The rows of one page, highest score first, as named tuples of the columns a row shows."""
    rows = shown(narrowed(visible_items(user), filters, user=user), filters, on=on)
    named: QuerySet[Any, Any] = rows.values_list(*_COLUMNS, named=True)
    return keyset_page(named, asked, order=ORDER, size=size)


def one_row(user: User, customer_id: int) -> Any | None:
    """The row of one customer, as in `list_page`; None for a stranger's or an unknown one."""
    return visible_items(user).filter(pk=customer_id).values_list(*_COLUMNS, named=True).first()


def tallies(user: User, filters: Filters, *, on: date) -> Sequence[Tally]:
    """Per currency what is left and what was done today within the filter, largest first; one statement."""
    everything = narrowed(visible_items(user), filters, user=user)
    left = Q(for_today=True) & (Q(snoozed_until=None) | Q(snoozed_until__lte=on)) & (Q(done_on=None) | ~Q(done_on=on))
    done = Q(done_on=on)
    rows = (
        everything.order_by()
        .values("currency")
        .annotate(
            left=Count("currency", filter=left),
            left_money=Sum("overdue", filter=left, default=Decimal(0)),
            done=Count("currency", filter=done),
            done_money=Sum("overdue", filter=done, default=Decimal(0)),
        )
    )
    found = [Tally(row["currency"], row["left"], row["left_money"], row["done"], row["done_money"]) for row in rows]
    return sorted((row for row in found if row.left or row.done), key=lambda row: -row.left_money)


def next_after(user: User, filters: Filters, *, customer_id: int, rank: Decimal | None, on: date) -> int | None:
    """The customer to work after this one in the filter, else the first that is left, else None: done for today."""
    rows = shown(narrowed(visible_items(user), filters, user=user), filters, on=on).exclude(pk=customer_id)
    ordered = rows.order_by(*ORDER).values_list("pk", flat=True)
    if rank is not None:
        later = ordered.filter(Q(rank__lt=rank) | Q(rank=rank, pk__gt=customer_id)).first()
        if later is not None:
            return later
    return ordered.first()
