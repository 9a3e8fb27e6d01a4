"""Settles what is too small to ask for: the few cents an invoice is short of after a payment, or the payment over."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from customers.models import Customer
from invoices.actions import SMALL_DIFFERENCE_KEPT
from invoices.models import Adjustment, Allocation, Invoice, Payment, Refund
from invoices.queries.adjusted import last_allocated, rules_of
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.adjustments import is_small
from invoices.services.allocate import unallocated
from invoices.services.post_adjustment import post_adjustment


@dataclass(frozen=True, slots=True)
class SmallDifferences:
    """What was settled: one adjustment per invoice that was short, and the surplus kept, if any."""

    short: list[Adjustment]
    over: Refund | None


@transaction.atomic
def settle_small_difference(*, payment: Payment, actor: AbstractBaseUser | None, by: str = "") -> SmallDifferences:
    """What was settled of the invoices this payment paid, within the tolerances of its currency, inclusive (A10, D16).

    A short invoice gets an adjustment over its rest; a surplus is used up by a small-difference refund, only when the
    payment paid something and leaves none of its invoices open. Takes effect with the payment's allocations. Without
    rules for the currency nothing is small."""
    rules = rules_of(payment.currency)
    if rules is None:
        return SmallDifferences([], None)
    customer = Customer.objects.select_for_update(no_key=True).get(pk=payment.customer_id)
    paid = _invoices_of(payment)
    opened = open_amount_now([invoice.pk for invoice in paid])
    short = [invoice for invoice in paid if is_small(opened[invoice.pk], rules.under_tolerance)]
    days = last_allocated(payment)
    posted = [_post(customer, invoice, opened[invoice.pk], days[invoice.pk], actor, by) for invoice in short]
    settled = paid and not any(open_amount_now([invoice.pk for invoice in paid]).values())
    surplus = unallocated(payment) if settled else Decimal(0)
    kept = _keep(payment, surplus, actor, by) if is_small(surplus, rules.over_tolerance) else None
    return SmallDifferences(posted, kept)


def _invoices_of(payment: Payment) -> list[Invoice]:
    standing = payment.allocations.filter(reverses__isnull=True, reversed_by__isnull=True, invoice__isnull=False)
    return list(Invoice.objects.filter(pk__in=standing.values("invoice_id")).order_by("due_on", "pk"))


def _post(
    customer: Customer, invoice: Invoice, rest: Decimal, on: date, actor: AbstractBaseUser | None, by: str
) -> Adjustment:
    return post_adjustment(
        kind=Adjustment.Kind.SMALL_DIFFERENCE, entity=invoice.entity, customer=customer, currency=invoice.currency,
        shares=[(invoice, rest)], effective_on=on, reason="Short within the tolerance", actor=actor,
        by=by,
    )  # fmt: skip


def _keep(payment: Payment, surplus: Decimal, actor: AbstractBaseUser | None, by: str) -> Refund:
    day = max(row.effective_on for row in payment.allocations.all())
    actor_id = None if actor is None else actor.pk
    refund = Refund.objects.create(
        entity_id=payment.entity_id, customer_id=payment.customer_id, kind=Refund.Kind.SMALL_DIFFERENCE,
        currency=payment.currency, amount=surplus, paid_on=day, reference="Surplus within the tolerance",
        recorded_by_id=actor_id,
    )  # fmt: skip
    Allocation.objects.create(
        customer_id=payment.customer_id, payment=payment, refund=refund, currency=payment.currency, amount=surplus,
        effective_on=day, reason="Surplus within the tolerance", recorded_by_id=actor_id,
    )  # fmt: skip
    record(SMALL_DIFFERENCE_KEPT, refund, actor=actor, by=by, amount=surplus, currency=payment.currency)
    return refund
