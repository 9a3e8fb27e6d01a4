"""Claims a fee for an overdue invoice: a document of its own that names the invoice (L10)."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import BadInput
from customers.models import Customer
from invoices.models import Invoice
from invoices.services.issue_invoice import issue_invoice


@transaction.atomic
def claim_fee(
    *,
    invoice: Invoice,
    number: str,
    amount: Decimal,
    issued_on: date,
    due_on: date | None = None,
    text: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Invoice:
    """The issued fee over `amount` (above zero, no tax, in the invoice's currency), due on `due_on`, else at once. How
    much may be asked for is the law's business, not this one's.

    Raises BadInput for a fee on a fee or on interest, and for an invoice that is not issued."""
    if invoice.kind in (Invoice.Kind.FEE, Invoice.Kind.INTEREST):
        raise BadInput("A fee is claimed for an invoice, not for another fee or interest.", code="no_fee_on_claims")
    if invoice.status != Invoice.Status.ISSUED:
        raise BadInput(f"Invoice {invoice.number} is not issued, so no fee can be claimed for it.", code="not_issued")
    customer = Customer.objects.select_for_update(no_key=True).get(pk=invoice.customer_id)
    return issue_invoice(
        entity=invoice.entity, customer=customer, kind=Invoice.Kind.FEE, number=number, issued_on=issued_on,
        due_on=due_on or issued_on, total=amount, currency=invoice.currency, claims_for=invoice,
        text=text or f"Fee for {invoice.number}", actor=actor, by=by,
    )  # fmt: skip
