"""Corrects an issued invoice, or a part of it, by a counter-document: the invoice itself never changes."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Sum

from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money
from customers.models import Customer
from invoices.models import CreditNote, Invoice
from invoices.rules.documents import tax_part
from invoices.services.issue_credit_note import issue_credit_note


@transaction.atomic
def correct_invoice(
    *,
    invoice: Invoice,
    number: str,
    issued_on: date,
    total: Decimal | None = None,
    text: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> CreditNote:
    """The issued credit note, put against the invoice as far as it is open; what was paid before becomes open credit.

    `total` is the part to correct, tax included; None means all that earlier corrections left. The tax follows in
    proportion. Raises Conflict ('corrected_in_full') when nothing is left to correct, BadInput for a day before the
    invoice."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=invoice.customer_id)
    if issued_on < invoice.issued_on:
        raise BadInput(
            "A correction is not dated before its invoice.", code="before_invoice",
            fields={"issued_on": "Not before the invoice date."},
        )  # fmt: skip
    notes = CreditNote.objects.filter(corrects=invoice, status=Invoice.Status.ISSUED)
    before = notes.aggregate(total=Sum("total"), tax=Sum("tax_total"))
    left = invoice.total - (before["total"] or Decimal(0))
    if total is None and left <= 0:
        raise Conflict(f"Invoice {invoice.number} was corrected in full before.", code="corrected_in_full")
    amount = left if total is None else Money(total, invoice.currency).amount
    tax_left = max(Decimal(0), invoice.tax_total - (before["tax"] or Decimal(0)))
    tax = tax_part(tax_total=invoice.tax_total, total=invoice.total, part=amount, currency=invoice.currency)
    return issue_credit_note(
        entity=invoice.entity, customer=customer, number=number, issued_on=issued_on, total=amount,
        tax_total=tax_left if amount == left else max(Decimal(0), min(tax, tax_left)), currency=invoice.currency,
        corrects=invoice, text=text or f"Correction of {invoice.number}", actor=actor, by=by,
    )  # fmt: skip
