"""Escalations of the accounts a person may see. Reads only."""

from django.db.models import QuerySet

from collections_app.accounts.models import User
from customers.access import visible_customers
from worklist.models import Escalation


def visible_escalations(user: User) -> QuerySet[Escalation]:
    """Those of the person's accounts, open ones and answered ones, with all that a page shows."""
    rows = Escalation.objects.filter(customer__in=visible_customers(user))
    return rows.select_related("customer__worklist_item", "customer__entity", "raised_by", "to", "answered_by")


def open_escalations(user: User) -> QuerySet[Escalation]:
    """Those that wait for an answer, the oldest first."""
    return visible_escalations(user).filter(answered_on=None).order_by("raised_at", "pk")
