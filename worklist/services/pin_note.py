"""Pins a note to the top of the account, or unpins it."""

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from worklist.actions import ACTIVITY_PINNED
from worklist.models import Activity


@transaction.atomic
def pin_note(*, activity: Activity, pinned: bool, actor: User) -> Activity:
    """The note, pinned or not."""
    activity.pinned = pinned
    activity.save(update_fields=["pinned"])
    record(ACTIVITY_PINNED, activity, actor=actor, pinned=pinned)
    return activity
