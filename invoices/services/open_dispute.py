"""Records that a customer disputes part of an invoice. The amount stays owed; only reminding pauses (A8)."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money, format_amount_with_code
from customers.changes import announce
from customers.models import Customer
from invoices.actions import DISPUTE_OPENED
from invoices.models import Dispute, Invoice
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.disputes import answer_by, dispute_reference


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
    if reason not in Dispute.Reason.values:
        raise BadInput("Choose one of the reasons.", code="unknown_reason", fields={"reason": "Choose a reason."})
    customer = (
        Customer.objects.select_for_update(no_key=True, of=("self",))
        .select_related("entity")
        .get(pk=invoice.customer_id)
    )
    locked = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    _refuse_second(locked)
    disputed = _amount(locked, amount)
    number = _next_number()
    dispute = Dispute.objects.create(
        pk=number,
        customer=customer,
        invoice=locked,
        reference=dispute_reference(number, opened_on),
        reason=reason,
        currency=locked.currency,
        amount=disputed,
        text=text,
        via=via,
        opened_on=opened_on,
        opened_by_id=None if actor is None else actor.pk,
        owner_id=customer.collector_id or (None if actor is None else actor.pk),
        answer_by=answer_by(opened_on, customer.entity.holiday_region),
    )
    record(
        DISPUTE_OPENED, dispute, actor=actor, by=by, invoice=locked.pk, amount=disputed, currency=locked.currency,
        reason=reason, via=via, text=text,
    )  # fmt: skip
    announce([customer.pk])
    return dispute


def _refuse_second(invoice: Invoice) -> None:
    earlier = Dispute.objects.filter(invoice=invoice, state=Dispute.State.OPEN).first()
    if earlier is not None:
        raise Conflict(
            f"Invoice {invoice.number} already has the open dispute {earlier.reference}. Add to that one instead.",
            code="dispute_open_already",
        )


def _amount(invoice: Invoice, wished: Decimal | None) -> Decimal:
    opened = open_amount_now([invoice.pk])[invoice.pk]
    if invoice.status != Invoice.Status.ISSUED or opened <= 0:
        raise Conflict(f"Nothing is open on invoice {invoice.number}, so nothing is in dispute.", code="nothing_open")
    amount = opened if wished is None else Money(wished, invoice.currency).amount
    sentence = ""
    if amount <= 0:
        sentence = "Enter an amount above zero."
    elif amount > opened:
        left = format_amount_with_code(opened, invoice.currency)
        sentence = f"Only {left} of invoice {invoice.number} are open. Enter that or less."
    if sentence:
        raise BadInput(sentence, code="dispute_amount", fields={"amount": sentence})
    return amount


def _next_number() -> int:
    """A number of the table's own sequence: the reference then says which row it is, without a second counter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('invoices_dispute', 'id'))")
        number: int = cursor.fetchone()[0]
    return number
