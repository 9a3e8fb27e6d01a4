"""Marks what a person was told as read. Only the person's own; nothing else changes."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from worklist.models import Notification


@transaction.atomic
def read_notifications(*, user: User, ids: Collection[int] | None = None) -> int:
    """How many were unread and are read now: those with these ids, or all for None."""
    rows = Notification.objects.filter(user=user, read_at=None)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return rows.update(read_at=timezone.now())
