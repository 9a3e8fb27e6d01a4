"""Ticks a step of a playbook by hand for a customer, or takes the tick away."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from customers.models import Customer
from worklist.models import PlaybookCheck, PlaybookStep


@transaction.atomic
def tick_step(*, step: PlaybookStep, customer: Customer, done: bool, on: date, actor: User) -> PlaybookCheck | None:
    """The tick of that day; None when there was none to take away. Ticking twice is ticking once.

    The row itself says who and when; nothing else is recorded."""
    if done:
        check, _ = PlaybookCheck.objects.update_or_create(
            step=step, customer=customer, on=on, defaults={"by": actor, "undone_at": None, "at": timezone.now()}
        )
        return check
    found = PlaybookCheck.objects.filter(step=step, customer=customer, on=on, undone_at=None).first()
    if found is not None:
        found.undone_at = timezone.now()
        found.save(update_fields=["undone_at"])
    return found
