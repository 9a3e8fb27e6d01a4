"""Undoes what `settle_rests` had settled by rule once the payment behind it does not hold: a discount is earned and a
small difference let go only where the money stays."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet

from invoices.models import Adjustment, Allocation, Payment, Refund
from invoices.services.reverse_adjustment import reverse_adjustment
from invoices.services.reverse_allocation import reverse_allocation

_BY_RULE = (Adjustment.Kind.SMALL_DIFFERENCE, Adjustment.Kind.EXCHANGE_DIFFERENCE)


@transaction.atomic
def reopen_rests(
    *, payment: Payment, invoice_ids: Collection[int], on: date, reason: str, actor: AbstractBaseUser | None, by: str
) -> list[Adjustment]:
    """The discounts, small and exchange differences that were undone on these invoices, which the payment no longer
    settles. A discount stays when the payment came after its last day: then other money earned it."""
    earned = Q(kind=Adjustment.Kind.EARLY_PAYMENT_DISCOUNT) & Q(
        allocations__invoice__discount_until__gte=payment.received_on
    )
    found = Adjustment.objects.filter(
        Q(kind__in=_BY_RULE) | earned,
        allocations__in=_standing().filter(invoice__in=invoice_ids, adjustment__isnull=False),
    )
    undone = list(found.order_by("pk").distinct())
    for adjustment in undone:
        last = max(row.effective_on for row in adjustment.allocations.all())
        reverse_adjustment(adjustment=adjustment, effective_on=max(on, last), reason=reason, actor=actor, by=by)
    return undone


@transaction.atomic
def free_surplus(*, payment: Payment, on: date, reason: str, actor: AbstractBaseUser | None, by: str) -> Decimal:
    """How much of the payment had been kept as a small surplus and is unapplied again, zero when nothing was."""
    kept = list(_standing().filter(payment=payment, refund__kind=Refund.Kind.SMALL_DIFFERENCE).order_by("pk"))
    for row in kept:
        day = max(on, row.effective_on)
        reverse_allocation(allocation=row, effective_on=day, reason=reason, actor=actor, by=by)
    return sum((row.amount for row in kept), Decimal(0))


def _standing() -> QuerySet[Allocation]:
    return Allocation.objects.filter(reverses__isnull=True, reversed_by__isnull=True)
