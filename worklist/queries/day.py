"""How a person's day ends: what they did, what is left, and who comes back on the next working day (U12). A handful of
statements, however long the list is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from collections_app.accounts.models import User
from collections_app.lib.calendars import add_business_days, region_of
from customers.access import visible_customers, visible_entities
from customers.models import DeliveryState
from dunning.models import OwnMessage
from invoices.models import DisputeCase, Promise
from worklist.models import Activity, WorklistItem
from worklist.queries.filters import visible_items

FEW = 6


class Awaited(NamedTuple):
    """One customer who comes back: overdue or promised amount in `currency`, and the words why."""

    customer_id: int
    name: str
    amount: Decimal
    currency: str
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """Who comes back for one reason: how many, and the first few by money."""

    count: int
    first: Sequence[Awaited]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.first)


@dataclass(frozen=True, slots=True)
class Done:
    """What one person did on the day: customers worked, calls and how many of them reached somebody, notes, mails,
    promises by currency, disputes, and snoozes."""

    customers: int
    calls: int
    reached: int
    notes: int
    mails: int
    snoozes: int
    disputes: int
    promises: Sequence[tuple[str, int, Decimal]]


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """The next working day: whose snooze ends, whose promise falls due, with whom a follow-up was agreed."""

    day: date
    snoozes: Group
    promises: Group
    follow_ups: Group


def next_working_day(user: User, on: date) -> date:
    """The first working day after `on`, by the calendar of the person's first entity."""
    entity = visible_entities(user).order_by("code").only("holiday_region", "country").first()
    region = region_of(entity.holiday_region, entity.country) if entity else region_of()
    return add_business_days(on, 1, region)


def done_by(user: User, *, on: date) -> Done:
    """What the person did on the day and did not take back."""
    logged = Activity.objects.filter(by=user, happened_on=on, undone_at=None, customer__in=visible_customers(user))
    counted = {(kind, outcome): n for kind, outcome, n in
               logged.order_by().values_list("kind", "outcome").annotate(n=Count("pk"))}  # fmt: skip

    def count(kind: str) -> int:
        return sum(n for (found, _outcome), n in counted.items() if found == kind)

    promised = Promise.objects.filter(made_by=user, made_on=on).exclude(state=Promise.State.WITHDRAWN)
    money = promised.order_by("currency").values_list("currency").annotate(n=Count("pk"), sum=Sum("amount"))
    disputes = DisputeCase.objects.filter(opened_by=user, opened_on=on)
    return Done(
        customers=visible_items(user).filter(done_on=on, done_by=user).count(),
        calls=count(Activity.Kind.CALL),
        reached=counted.get((Activity.Kind.CALL, Activity.Outcome.REACHED), 0),
        notes=count(Activity.Kind.NOTE),
        mails=count(Activity.Kind.MAIL) + _mails(user, on),
        snoozes=count(Activity.Kind.SNOOZE),
        disputes=disputes.exclude(outcome=DisputeCase.Outcome.WITHDRAWN).count(),
        promises=[(currency, n, amount) for currency, n, amount in money],
    )


def _mails(user: User, on: date) -> int:
    """The mails that the person wrote by hand and that left, or are about to."""
    mine = OwnMessage.objects.filter(written_by=user, as_of=on, customer__in=visible_customers(user))
    return mine.exclude(state__in=(DeliveryState.CANCELLED, DeliveryState.FAILED)).count()


def tomorrow(user: User, *, on: date) -> Tomorrow:
    """Who of the person's own list comes back after `on`, up to and on their next working day."""
    day = next_working_day(user, on)
    mine = visible_items(user).filter(analyst=user)
    return Tomorrow(
        day=day,
        snoozes=_items(mine.filter(snoozed_until__gt=on, snoozed_until__lte=day, score__gt=0), "snooze_reason"),
        promises=_promises(mine, on, day),
        follow_ups=_items(mine.filter(pk__in=_followed_up(user, on, day)), "why"),
    )


def _items(rows: QuerySet[WorklistItem], words: str) -> Group:
    columns = ("customer_id", "customer__name", "overdue", "currency", words)
    first = [Awaited(*row) for row in rows.order_by("-rank", "pk").values_list(*columns)[:FEW]]
    return Group(rows.count() if len(first) == FEW else len(first), first)


def _promises(mine: QuerySet[WorklistItem], on: date, day: date) -> Group:
    due = Promise.objects.filter(state=Promise.State.OPEN, promised_on__gt=on, promised_on__lte=day,
                                 customer__in=mine.values("pk"))  # fmt: skip
    columns = ("customer_id", "customer__name", "amount", "currency", "note")
    first = [Awaited(*row) for row in due.order_by("-amount", "pk").values_list(*columns)[:FEW]]
    return Group(due.count() if len(first) == FEW else len(first), first)


# Of each customer's calls and other things with a follow-up the latest counts, as in the score.
_FOLLOWED_UP = """
SELECT customer_id FROM (
    SELECT DISTINCT ON (a.customer_id) a.customer_id, a.follow_up_on FROM worklist_activity a
    JOIN worklist_worklistitem i ON i.customer_id = a.customer_id AND i.analyst_id = %(user)s
    WHERE a.undone_at IS NULL AND (a.kind = 'call' OR a.follow_up_on IS NOT NULL)
    ORDER BY a.customer_id, a.at DESC, a.id DESC
) latest WHERE follow_up_on > %(on)s AND follow_up_on <= %(day)s
"""


def _followed_up(user: User, on: date, day: date) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWED_UP, {"user": user.pk, "on": on, "day": day})
        return [row[0] for row in cursor.fetchall()]
