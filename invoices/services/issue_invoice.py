"""Issues one invoice or debit note. From then on the row refuses every change."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money
from customers.changes import announce
from customers.models import Customer, LegalEntity
from customers.rules.terms import due_on as due_under
from invoices.actions import INVOICE_ISSUED
from invoices.models import Invoice


@transaction.atomic
def issue_invoice(
    *,
    entity: LegalEntity,
    customer: Customer,
    number: str,
    issued_on: date,
    total: Decimal,
    currency: str,
    due_on: date | None = None,
    tax_total: Decimal = Decimal(0),
    kind: str = Invoice.Kind.INVOICE,
    po_number: str = "",
    text: str = "",
    lines: list[dict[str, Any]] | None = None,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Invoice:
    """The issued invoice. `total` is positive, tax included, in `currency`.

    Without `due_on` the customer's payment terms decide; without terms it is the issue date, flagged as assumed (A5).
    Raises BadInput for amounts or dates that cannot be, Conflict when the customer already has the number."""
    amount = Money(total, currency)
    if amount.amount <= 0:
        raise BadInput(
            "An invoice needs a total above zero.", code="amount_not_positive", fields={"total": "Above zero."}
        )
    assumed = due_on is None and customer.terms is None
    if due_on is None:
        terms = customer.terms
        due_on = due_under(issued_on=issued_on, kind=terms.kind, days=terms.days) if terms else issued_on
    if due_on < issued_on:
        raise BadInput(
            "The due date lies before the invoice date. Check both dates.",
            code="due_before_issue",
            fields={"due_on": "Not before the invoice date."},
        )
    try:
        with transaction.atomic():
            invoice = Invoice.objects.create(
                entity=entity,
                customer=customer,
                kind=kind,
                number=number,
                po_number=po_number,
                status=Invoice.Status.ISSUED,
                issued_on=issued_on,
                due_on=due_on,
                due_on_assumed=assumed,
                currency=amount.currency,
                total=amount.amount,
                tax_total=Money(tax_total, currency).amount,
                text=text,
                lines=lines or [],
            )
    except IntegrityError as error:
        if "invoice_number_unique" not in str(error):
            raise
        raise Conflict(
            f"Customer {customer.number} already has an invoice {number}. Correct it by a credit note.",
            code="invoice_number_taken",
            fields={"number": "Already used for this customer."},
        ) from None
    record(INVOICE_ISSUED, invoice, actor=actor, by=by, number=number, total=total, currency=currency, due_on=due_on)
    announce([customer.pk])
    return invoice
