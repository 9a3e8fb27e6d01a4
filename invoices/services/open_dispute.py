"""Records that a customer disputes part of one invoice: a case of one. The amount stays owed; only reminding pauses
(A8)."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from customers.models import Customer
from invoices.models import Dispute, Invoice
from invoices.services.open_case import open_case


@transaction.atomic
def open_dispute(
    *,
    invoice: Invoice,
    amount: Decimal | None,
    reason: str,
    text: str = "",
    via: str = Dispute.Via.ANALYST,
    opened_on: date,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Dispute:
    """The new open dispute with its reference; `amount` in the invoice's currency, None for all that is open.

    The customer's collector owns it, else the person who records it. Raises BadInput for an unknown reason or more than
    is open, Conflict when the invoice already has an open dispute or nothing open."""
    case = open_case(
        customer=Customer.objects.get(pk=invoice.customer_id), items=[(invoice, amount)], reason=reason, text=text,
        via=via, opened_on=opened_on, actor=actor, by=by,
    )  # fmt: skip
    return case.disputes.get()
