"""What follows by rule once money was put against invoices: earned discounts are given, small differences settled."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from invoices.models import Adjustment, Invoice, Payment, Refund
from invoices.queries.discounts import discount_facts
from invoices.rules.discounts import allowed_discount
from invoices.services.settle_small_difference import settle_small_difference
from invoices.services.take_early_payment_discount import take_early_payment_discount


@transaction.atomic
def settle_rests(*, payment: Payment, actor: AbstractBaseUser | None, by: str = "") -> list[Adjustment | Refund]:
    """What was posted after this payment's allocations, discounts first; nothing for most payments.

    A discount is given by itself only where it settles the invoice: who pays a part in time may mean to pay the rest,
    so a person decides (`take_early_payment_discount`)."""
    made: list[Adjustment | Refund] = [
        take_early_payment_discount(invoice=invoice, payment=payment, actor=actor, by=by)
        for invoice in _settled_by_discount(payment)
    ]
    small = settle_small_difference(payment=payment, actor=actor, by=by)
    return [*made, *small.short, *([small.over] if small.over else [])]


def _settled_by_discount(payment: Payment) -> list[Invoice]:
    standing = payment.allocations.filter(reverses__isnull=True, reversed_by__isnull=True)
    wanted = Invoice.objects.filter(pk__in=standing.values("invoice_id"), discount_until__gte=payment.received_on)
    invoices = list(wanted.order_by("due_on", "pk"))
    facts = discount_facts(invoice.pk for invoice in invoices)
    return [invoice for invoice in invoices if 0 < facts[invoice.pk].open_amount == allowed_discount(facts[invoice.pk])]
