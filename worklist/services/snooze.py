"""Hides a customer from the list until a day, for a reason that stays visible. Nothing about the debt changes."""

from datetime import date

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.models import Customer
from worklist.actions import SNOOZED
from worklist.models import Activity, WorklistItem
from worklist.services.rescore import rescore


@transaction.atomic
def snooze(*, customer: Customer, until: date, reason: str, on: date, actor: User) -> Activity:
    """The snooze as it stands in the timeline; the customer is back on the list on the day `until`.

    Raises BadInput unless that day lies after `on` and within a year."""
    if not 0 < (until - on).days <= 366:
        sentence = "Choose a day after today, at most a year away."
        raise BadInput(sentence, code="snooze_day", fields={"until": sentence})
    if not WorklistItem.objects.filter(pk=customer.pk).exists():
        rescore([customer.pk], on=on)
    WorklistItem.objects.filter(pk=customer.pk).update(
        snoozed_until=until, snooze_reason=reason[:200], snoozed_by=actor
    )
    activity = Activity.objects.create(
        customer=customer, kind=Activity.Kind.SNOOZE, text=reason, by=actor, happened_on=on, follow_up_on=None
    )
    record(SNOOZED, activity, actor=actor, until=until, reason=reason)
    return activity
