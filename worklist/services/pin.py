"""Puts a customer on top of the list until a day, for a reason that stays visible. Nothing about the debt changes."""

from datetime import date

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.models import Customer
from worklist.actions import PINNED
from worklist.models import Activity, WorklistItem
from worklist.services.rescore import rescore

LONGEST_DAYS = 92


@transaction.atomic
def pin(*, customer: Customer, until: date, reason: str, on: date, actor: User) -> Activity:
    """The pin as it stands in the timeline. The customer stands on top of the list up to and on the day `until`, and a
    snooze of theirs ends.

    Raises BadInput for a day before `on` or more than three months away, or without a reason."""
    if not 0 <= (until - on).days <= LONGEST_DAYS:
        sentence = "Choose today or a later day, at most three months away."
        raise BadInput(sentence, code="pin_day", fields={"until": sentence})
    reason = " ".join(reason.split())[:200]
    if not reason:
        sentence = "Say why it is pinned, so that colleagues understand the order."
        raise BadInput(sentence, code="pin_reason", fields={"reason": sentence})
    if not WorklistItem.objects.filter(pk=customer.pk).exists():
        rescore([customer.pk], on=on)
    WorklistItem.objects.filter(pk=customer.pk).update(
        pinned=True, for_today=True, pinned_until=until, pin_reason=reason, pinned_by=actor,
        snoozed_until=None, snooze_reason="", snoozed_by=None,
    )  # fmt: skip
    activity = Activity.objects.create(customer=customer, kind=Activity.Kind.PIN, text=reason, by=actor, happened_on=on)
    record(PINNED, activity, actor=actor, until=until, reason=reason)
    return activity
