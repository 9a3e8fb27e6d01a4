"""Issues one credit note and, where it corrects an invoice, allocates it there. The rest stays open credit (D21)."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money
from customers.changes import announce
from customers.models import Customer, LegalEntity
from invoices.actions import CREDIT_NOTE_ISSUED
from invoices.models import CreditNote, Invoice
from invoices.rules.documents import checked_tax
from invoices.services.allocate import allocate


@transaction.atomic
def issue_credit_note(
    *,
    entity: LegalEntity,
    customer: Customer,
    number: str,
    issued_on: date,
    total: Decimal,
    currency: str,
    corrects: Invoice | None = None,
    due_on: date | None = None,
    tax_total: Decimal = Decimal(0),
    text: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> CreditNote:
    """The issued credit note, positive, tax included, in `currency`; allocated to `corrects` up to what is open there.

    Raises BadInput for an amount of zero or less or a tax that the total cannot hold, Conflict when the
    customer already has the number."""
    amount = Money(total, currency)
    if amount.amount <= 0:
        raise BadInput("A credit note needs a total above zero.", code="amount_not_positive")
    tax = checked_tax(tax_total, amount)
    try:
        with transaction.atomic():
            note = CreditNote.objects.create(
                entity=entity,
                customer=customer,
                number=number,
                status=Invoice.Status.ISSUED,
                corrects=corrects,
                issued_on=issued_on,
                due_on=due_on or issued_on,
                currency=amount.currency,
                total=amount.amount,
                tax_total=tax,
                text=text[:200],
            )
    except IntegrityError as error:
        if "credit_note_number_unique" not in str(error):
            raise
        raise Conflict(
            f"Customer {customer.number} already has a credit note {number}.", code="credit_note_number_taken"
        ) from None
    record(CREDIT_NOTE_ISSUED, note, actor=actor, by=by, number=number, total=total, currency=currency)
    if corrects is not None:
        allocate(source=note, shares=[(corrects, None)], actor=actor, by=by)
    announce([customer.pk])
    return note
