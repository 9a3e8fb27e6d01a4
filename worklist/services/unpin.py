"""Takes a customer from the top of the list again; it stands where its score puts it."""

from datetime import date

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.models import Customer
from worklist.actions import UNPINNED
from worklist.models import Activity, WorklistItem


@transaction.atomic
def unpin(*, customer: Customer, on: date, actor: User) -> Activity:
    """The end of the pin as it stands in the timeline. Raises Conflict when the customer is not pinned any more."""
    won = WorklistItem.objects.filter(pk=customer.pk, pinned=True).update(
        pinned=False, pinned_until=None, pin_reason="", pinned_by=None
    )
    if not won:
        raise Conflict("This account is not pinned any more. Open it again to see how it stands.", code="not_pinned")
    activity = Activity.objects.create(
        customer=customer, kind=Activity.Kind.PIN, text="Not pinned any more", by=actor, happened_on=on
    )
    record(UNPINNED, activity, actor=actor)
    return activity
