"""Who is on which account at this moment. An account is free again ten minutes after its person last stirred (D88)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet

from collections_app.accounts.models import User
from customers.access import visible_customers
from worklist.models import Presence

IDLE = timedelta(minutes=10)


def taken_by_others(user: User, *, now: datetime) -> QuerySet[Presence, int]:
    """The customers that somebody else is on, by id, as a subquery."""
    return Presence.objects.filter(seen_at__gt=now - IDLE).exclude(user=user).values_list("customer_id", flat=True)


def colleagues_at(user: User, *, now: datetime) -> Mapping[int, str]:
    """Who else is on which of the customers that the person may see: customer id to first name, at most two hundred."""
    rows = Presence.objects.filter(seen_at__gt=now - IDLE, customer__in=visible_customers(user)).exclude(user=user)
    found = rows.order_by("-seen_at").values_list("customer_id", "user__first_name", "user__username")[:200]
    return {customer: first or username for customer, first, username in found}


def is_taken(user_id: int | None, seen_at: datetime | None, *, by_other_than: User, now: datetime) -> bool:
    """Whether a presence, as read beside a customer, is somebody else's and still holds."""
    return bool(user_id and user_id != by_other_than.pk and seen_at and seen_at > now - IDLE)
