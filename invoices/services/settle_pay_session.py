"""Turns a provider's word that money arrived into a payment. The only road from a pay session to the ledger."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from collections_app.audit.record import record
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.actions import PAY_SESSION_SETTLED
from invoices.gateways.base import GatewayEvent
from invoices.models import Invoice, PaySession
from invoices.queries.open_amounts import open_amount_now
from invoices.services.queue_receipt_mail import queue_receipt_mail
from invoices.services.record_payment import record_payment


@transaction.atomic
def settle_pay_session(*, session: PaySession, event: GatewayEvent, now: datetime) -> str:
    """A sentence for a person to look into, or "" when the payment fits the session.

    Records the payment once per provider payment (D2, D3) and puts it against the session's invoices up to what is
    open; the rest stays unapplied. Money that differs from the session in amount, currency or customer is recorded
    unapplied and no invoice is touched (D11). Queues one receipt. Raises Refusals as `record_payment` does."""
    Customer.objects.select_for_update(no_key=True).get(pk=session.customer_id)
    session = (
        PaySession.objects.select_for_update(no_key=True, of=("self",))
        .select_related("customer", "entity")
        .get(pk=session.pk)
    )
    if session.payment is not None and session.payment.provider_payment_id == event.payment_id:
        return ""
    problem = _difference(session, event)
    if event.amount is None:
        return problem
    payment = record_payment(
        entity=session.entity,
        customer=session.customer,
        amount=event.amount,
        currency=event.currency,
        received_on=business_day(session.entity),
        shares=() if problem else _shares(session),
        method=session.method,
        reference=session.reference,
        provider=session.gateway,
        provider_payment_id=event.payment_id,
        by=f"gateway {session.gateway}",
    )
    other = PaySession.objects.filter(payment=payment).exclude(pk=session.pk).first()
    if other is not None:
        return (
            f"Payment {event.payment_id} settled {other.reference} already. Ask the provider which of both it is for."
        )
    if session.payment is None:
        PaySession.objects.filter(pk=session.pk).update(
            payment=payment, state=PaySession.State.SUCCEEDED, failure="", settled_at=now
        )
        record(
            PAY_SESSION_SETTLED, session, actor=None, by=f"gateway {session.gateway}", state="succeeded",
            payment=payment.pk, amount=payment.amount, currency=payment.currency,
        )  # fmt: skip
        queue_receipt_mail(session=session)
    return problem


def _difference(session: PaySession, event: GatewayEvent) -> str:
    """What does not fit, as a sentence; "" when everything does."""
    if session.payment is not None:
        return f"A second payment arrived for {session.reference}. It is unapplied: allocate it or pay it back."
    if event.amount is None:
        return f"The provider says {session.reference} is paid but names no amount. Look it up with the provider."
    if (event.amount, event.currency) != (session.amount, session.currency):
        return (
            f"{session.reference} was for {session.amount.normalize():f} {session.currency}, but "
            f"{event.amount.normalize():f} {event.currency} arrived. The payment is unapplied: allocate it by hand."
        )
    if event.customer_number and event.customer_number != session.customer.number:
        return (
            f"{session.reference} belongs to another customer than the provider names. The payment is unapplied: "
            "find out whose money it is."
        )
    return ""


def _shares(session: PaySession) -> Sequence[tuple[Invoice, Decimal]]:
    """The session's parts, each cut to what is still open; voided documents get nothing."""
    items = list(session.items.select_related("invoice").order_by("pk"))
    opened = open_amount_now(item.invoice_id for item in items)
    cut = [
        (item.invoice, min(item.amount, opened.get(item.invoice_id, Decimal(0))))
        for item in items
        if item.invoice.status == Invoice.Status.ISSUED
    ]
    return [(invoice, part) for invoice, part in cut if part > 0]
