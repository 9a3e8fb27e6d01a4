"""Notes that a customer was worked today, which takes the customer off today's list and counts in its progress."""

from datetime import date
from typing import Any

from django.db import transaction

from collections_app.accounts.models import User
from worklist.models import WorklistItem
from worklist.services.rescore import rescore


@transaction.atomic
def mark_worked(*, customer_id: int, on: date, actor: User) -> dict[str, Any]:
    """How the item said it before: done_on and done_by, for an undo. A customer never scored is scored first."""
    if not WorklistItem.objects.filter(pk=customer_id).exists():
        rescore([customer_id], on=on)
    item = WorklistItem.objects.select_for_update().get(pk=customer_id)
    before = {"done_on": item.done_on and item.done_on.isoformat(), "done_by": item.done_by_id}
    WorklistItem.objects.filter(pk=customer_id).update(done_on=on, done_by=actor)
    return before
