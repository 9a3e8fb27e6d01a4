"""Keeps an invoice, or a part of it, from being asked for, for a stated time and reason (R9). It stays owed."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money, format_amount_with_code
from customers.changes import announce
from customers.models import Customer
from invoices.actions import INVOICE_HELD
from invoices.models import Invoice, InvoiceHold
from invoices.queries.open_amounts import open_amount_now


@transaction.atomic
def hold_invoice(
    *,
    invoice: Invoice,
    amount: Decimal | None,
    reason: str,
    starts_on: date,
    ends_on: date,
    actor: AbstractBaseUser | None,
    by: str = "",
) -> InvoiceHold:
    """The new hold, from `starts_on` to `ends_on`, both inclusive; `amount` in the invoice's currency, None for all of
    it. The rest of an invoice held in part is asked for as before.

    Raises BadInput without a reason, for an end before the start or more than is open, Conflict when nothing is open or
    another hold covers some of these days and one of the two is for all of the invoice."""
    if not reason.strip():
        raise BadInput("Say why, for whoever looks at it later.", code="no_reason", fields={"reason": "Say why."})
    if ends_on < starts_on:
        sentence = f"The hold ends before it starts. Choose {format_date(starts_on)} or later."
        raise BadInput(sentence, code="hold_ends_early", fields={"ends_on": sentence})
    Customer.objects.select_for_update(no_key=True).get(pk=invoice.customer_id)
    Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    held = _amount(invoice, amount)
    _refuse_overlap(invoice, held, starts_on, ends_on)
    hold = InvoiceHold.objects.create(
        invoice=invoice,
        customer_id=invoice.customer_id,
        amount=held,
        reason=reason.strip()[:200],
        starts_on=starts_on,
        ends_on=ends_on,
        owner_id=None if actor is None else actor.pk,
    )
    record(
        INVOICE_HELD, hold, actor=actor, by=by, invoice=invoice.pk, amount=held, reason=hold.reason,
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    announce([invoice.customer_id])
    return hold


def _amount(invoice: Invoice, wished: Decimal | None) -> Decimal | None:
    opened = open_amount_now([invoice.pk])[invoice.pk]
    if invoice.status != Invoice.Status.ISSUED or opened <= 0:
        raise Conflict(f"Nothing is open on invoice {invoice.number} any more. Look again.", code="nothing_open")
    if wished is None:
        return None
    amount = Money(wished, invoice.currency).amount
    if not 0 < amount <= opened:
        left = format_amount_with_code(opened, invoice.currency)
        sentence = f"Enter more than 0 and no more than the {left} that are open, or leave it empty for all of it."
        raise BadInput(sentence, code="hold_amount", fields={"amount": sentence})
    return None if amount == opened else amount


def _refuse_overlap(invoice: Invoice, amount: Decimal | None, starts_on: date, ends_on: date) -> None:
    rows = InvoiceHold.objects.filter(invoice=invoice, released_on=None, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if amount is not None:
        rows = rows.filter(amount=None)  # several parts may be held, each for a reason of its own
    if rows.exists():
        raise Conflict("A hold already covers some of these days. Release that one first.", code="hold_overlaps")
