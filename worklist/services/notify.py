"""Tells people that something happened which concerns them: mentions, answers, escalations. It never sends mail."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from customers.models import Customer, LegalEntity
from worklist.models import Notification


@dataclass(frozen=True, slots=True)
class News:
    """One thing for some people. `source` names what it came from; a person is told once per source, never again."""

    users: tuple[User, ...]
    kind: str
    text: str
    url: str = ""
    customer: Customer | None = None
    source: str = ""


def notify(
    *,
    users: Iterable[User],
    kind: str,
    text: str,
    url: str = "",
    customer: Customer | None = None,
    source: str = "",
) -> list[Notification]:
    """The notifications made. People who muted the kind, may not see the customer, are switched off, or were told of
    the same `source` before get none. `text` is a sentence; `url` is a path of ours."""
    return notify_all(news=[News(tuple(users), kind, text, url, customer, source)])


@transaction.atomic
def notify_all(*, news: Iterable[News]) -> list[Notification]:
    """The same for many things at once, in three statements however many they are."""
    told = list(news)
    seeing = _seeing(told)
    wanted: dict[tuple[int, str | int], Notification] = {
        (user.pk, row.source or place): _made(user, row)
        for place, row in enumerate(told)
        for user in row.users
        if _wants(user, row, seeing)
    }
    sources = {made.source for made in wanted.values() if made.source}
    known = set(
        Notification.objects.filter(user__in={user for user, _ in wanted}, source__in=sources).values_list(
            "user_id", "source"
        )
    )
    fresh = [made for made in wanted.values() if (made.user_id, made.source) not in known]
    return Notification.objects.bulk_create(fresh, batch_size=1000, ignore_conflicts=True)


def _made(user: User, row: News) -> Notification:
    return Notification(
        user=user, kind=row.kind, text=row.text[:250], url=row.url[:300], customer=row.customer, source=row.source[:80]
    )


def _wants(user: User, row: News, seeing: set[tuple[int, int]]) -> bool:
    if not user.is_active or row.kind in user.muted:
        return False
    in_scope = row.customer is None or user.may(Capability.SEE_ALL_TEAMS)
    return in_scope or (row.customer is not None and (user.pk, row.customer.entity_id) in seeing)


def _seeing(told: Iterable[News]) -> set[tuple[int, int]]:
    """Who of them sees which of the entities, as (user, entity)."""
    users = {user.pk for row in told for user in row.users}
    entities = {row.customer.entity_id for row in told if row.customer is not None}
    rows = LegalEntity.objects.filter(pk__in=entities, team__members__in=users)
    return set(rows.values_list("team__members", "pk"))
