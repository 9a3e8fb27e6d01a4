"""What a person is told: how much is unread, what of it belongs together, and what was read before. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.pagination import KeysetPage, keyset_page
from customers.access import entity_ids
from worklist.models import Notification

MOST = 200  # unread ones shown and grouped at once
COUNTED = 100  # the bell says 99+ beyond
# Asked for by every page: a plain statement costs a fifth of a model's, and stops counting early.
_UNREAD = """SELECT count(*) FROM (SELECT 1 FROM worklist_notification n
    LEFT JOIN customers_customer c ON c.id = n.customer_id
    WHERE n.user_id = %s AND n.read_at IS NULL AND (%s OR c.id IS NULL OR c.entity_id = ANY(%s)) LIMIT %s) AS unread"""


@dataclass(frozen=True, slots=True)
class Group:
    """Unread notifications of one kind about one customer, newest first."""

    rows: tuple[Notification, ...]

    @property
    def newest(self) -> Notification:
        """The one to show."""
        return self.rows[0]

    @property
    def older(self) -> tuple[Notification, ...]:
        """The others, behind it."""
        return self.rows[1:]


def unread_count(user: User) -> int:
    """How many unread notifications the person has, counted up to a hundred; one statement per request."""
    known: int | None = getattr(user, "_unread", None)
    if known is None:
        everything = user.may(Capability.SEE_ALL_TEAMS)
        entities = [] if everything else list(entity_ids(user))
        with connection.cursor() as cursor:
            cursor.execute(_UNREAD, [user.pk, everything, entities, COUNTED])
            known = int(cursor.fetchone()[0])
        user._unread = known  # type: ignore[attr-defined]
    return known


def visible_notifications(user: User) -> QuerySet[Notification]:
    """The person's own notifications, without those about customers the person may not see any more."""
    rows = Notification.objects.filter(user=user)
    if user.may(Capability.SEE_ALL_TEAMS):
        return rows
    return rows.filter(Q(customer=None) | Q(customer__entity_id__in=entity_ids(user)))


def unread_groups(user: User) -> Sequence[Group]:
    """The unread ones, those of one kind and customer together, the group with the newest first."""
    rows = visible_notifications(user).filter(read_at=None).select_related("customer")
    return grouped(rows.order_by("-at", "-pk")[:MOST])


def read_before(user: User, asked: QueryDict, *, size: int = 50) -> KeysetPage[Notification]:
    """Those that were read, newest first, one page of them."""
    rows = visible_notifications(user).exclude(read_at=None).select_related("customer")
    return keyset_page(rows, asked, order=("-at", "-id"), size=size)


def grouped(rows: Iterable[Notification]) -> list[Group]:
    """The rows in groups by kind and customer, in the order of each group's first row; accounts that were given to the
    person are one group, whoever they are."""
    found: dict[tuple[str, int | None, int | None], list[Notification]] = {}
    for row in rows:
        given = row.kind == Notification.Kind.ASSIGNED
        alone = row.pk if row.customer_id is None and not given else None
        found.setdefault((row.kind, None if given else row.customer_id, alone), []).append(row)
    return [Group(tuple(rows)) for rows in found.values()]
