"""Gives the early-payment discount of an invoice to a payer who paid in time, and to nobody else."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput
from customers.models import Customer
from invoices.models import Adjustment, Invoice, Payment
from invoices.queries.adjusted import last_allocated
from invoices.queries.discounts import discount_facts
from invoices.rules.discounts import allowed_discount
from invoices.services.post_adjustment import post_adjustment


@transaction.atomic
def take_early_payment_discount(
    *, invoice: Invoice, payment: Payment, actor: AbstractBaseUser | None, by: str = ""
) -> Adjustment:
    """The posted discount, as much as `rules.discounts` allows after what was paid in time, effective with the
    payment's allocation.

    Raises BadInput ('no_discount') for an invoice without such terms, ('discount_too_late') for a payment after the
    last day, inclusive, and ('discount_used') when nothing is left."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=payment.customer_id)
    if invoice.discount_until is None:
        raise BadInput(f"Invoice {invoice.number} has no early-payment discount.", code="no_discount")
    if payment.received_on > invoice.discount_until:
        raise BadInput(
            f"The discount of invoice {invoice.number} ended on {format_date(invoice.discount_until)}; the money came "
            f"on {format_date(payment.received_on)}. Claim the rest, or write it off.",
            code="discount_too_late",
        )
    amount = allowed_discount(discount_facts([invoice.pk])[invoice.pk])
    if amount <= 0:
        raise BadInput(f"No discount is left to take on invoice {invoice.number}.", code="discount_used")
    day = last_allocated(payment).get(invoice.pk, payment.received_on)
    return post_adjustment(
        kind=Adjustment.Kind.EARLY_PAYMENT_DISCOUNT, entity=invoice.entity, customer=customer,
        currency=invoice.currency, shares=[(invoice, amount)], effective_on=day,
        reason=f"{invoice.discount_percent.normalize():f} % for payment by {format_date(invoice.discount_until)}",
        actor=actor, by=by,
    )  # fmt: skip
