"""Undoes one allocation by a reversing row on its own day. The past stays what it was (A2)."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.changes import announce
from customers.models import Customer
from invoices.actions import ALLOCATION_REVERSED
from invoices.models import Allocation


@transaction.atomic
def reverse_allocation(
    *, allocation: Allocation, effective_on: date, reason: str, actor: AbstractBaseUser | None, by: str = ""
) -> Allocation:
    """The reversing allocation: the same row with the negative amount, effective on `effective_on`.

    Raises Conflict when it was reversed before, BadInput for a day before the allocation and for a reversal."""
    Customer.objects.select_for_update(no_key=True).get(pk=allocation.customer_id)
    if allocation.reverses_id is not None:
        raise BadInput("This row is a reversal itself. Allocate the money again instead.", code="is_a_reversal")
    if Allocation.objects.filter(reverses=allocation).exists():
        raise Conflict("This allocation was already reversed. Reload the page.", code="already_reversed")
    if effective_on < allocation.effective_on:
        raise BadInput(
            f"The reversal cannot take effect before the allocation, on {allocation.effective_on:%d %b %Y}.",
            code="reversal_too_early",
        )
    reversal = Allocation.objects.create(
        customer_id=allocation.customer_id,
        payment_id=allocation.payment_id,
        credit_note_id=allocation.credit_note_id,
        adjustment_id=allocation.adjustment_id,
        invoice_id=allocation.invoice_id,
        instalment_id=allocation.instalment_id,
        refund_id=allocation.refund_id,
        reverses=allocation,
        currency=allocation.currency,
        amount=-allocation.amount,
        effective_on=effective_on,
        reason=reason,
        recorded_by_id=None if actor is None else actor.pk,
    )
    record(
        ALLOCATION_REVERSED, reversal, actor=actor, by=by, amount=allocation.amount, reason=reason,
        effective_on=effective_on,
    )  # fmt: skip
    announce([allocation.customer_id])
    return reversal
