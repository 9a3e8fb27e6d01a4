"""Undoes a write-off, settlement, difference or discount in full, from a day on. The past stays what it was (A2)."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.models import Customer
from invoices.actions import ADJUSTMENT_REVERSED
from invoices.models import Adjustment, Allocation
from invoices.services.reverse_allocation import reverse_allocation


@transaction.atomic
def reverse_adjustment(
    *, adjustment: Adjustment, effective_on: date, reason: str, actor: AbstractBaseUser | None, by: str = ""
) -> list[Allocation]:
    """The reversing allocations, one per invoice, effective on `effective_on`: the invoices are open again.

    Raises Conflict ('already_reversed') when it was undone before, BadInput for a day before it took effect."""
    Customer.objects.select_for_update(no_key=True).get(pk=adjustment.customer_id)
    standing = adjustment.allocations.filter(reverses__isnull=True, reversed_by__isnull=True).order_by("pk")
    made = [
        reverse_allocation(allocation=row, effective_on=effective_on, reason=reason, actor=actor, by=by)
        for row in standing
    ]
    if not made:
        raise Conflict("This was already undone. Reload the page.", code="already_reversed")
    record(ADJUSTMENT_REVERSED, adjustment, actor=actor, by=by, effective_on=effective_on, reason=reason)
    return made
