"""Ticks off a follow-up that needed no call, or opens it again."""

from datetime import date

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from customers.changes import announce
from worklist.actions import FOLLOW_UP_DONE
from worklist.models import Activity


@transaction.atomic
def finish_follow_up(*, activity: Activity, done: bool, on: date, actor: User) -> Activity:
    """The activity with its follow-up done on that day, or open. Doing it twice is doing it once: the first counts."""
    found = Activity.objects.select_for_update().get(pk=activity.pk)
    if done == (found.follow_up_done_on is not None):
        return found
    found.follow_up_done_on, found.follow_up_done_by = (on, actor) if done else (None, None)
    found.save(update_fields=["follow_up_done_on", "follow_up_done_by"])
    record(FOLLOW_UP_DONE, found, actor=actor, done=done, follow_up_on=found.follow_up_on)
    announce([found.customer_id])
    return found
