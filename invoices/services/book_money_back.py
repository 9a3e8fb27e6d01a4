"""Books a provider's word that money of a payment went out again, or came back: refunds, chargebacks, won disputes.

Each is booked once by the provider's own id, whatever the order in which the events come (D4, D5)."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import format_amount_with_code
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.gateways.base import GatewayEvent
from invoices.models import Payment, Refund
from invoices.queries.reversals import last_reversal_of
from invoices.services.take_back import take_back
from invoices.services.undo_refund import undo_refund

_KINDS = {"refunded": Refund.Kind.REFUND, "disputed": Refund.Kind.CHARGEBACK}
GOING_BACK = frozenset({*_KINDS, "dispute_won", "dispute_lost"})
_WORDS = {
    "refunded": "was refunded", "disputed": "was disputed", "dispute_won": "has won its dispute",
    "dispute_lost": "has lost its dispute",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Booking:
    """What came of the event: booked or known, or that it must wait for another event; a sentence says why."""

    must_wait: bool = False
    sentence: str = ""


@transaction.atomic
def book_money_back(*, provider: str, event: GatewayEvent) -> Booking:
    """What came of a provider's refund, dispute, or won or lost dispute, on the entity's business day.

    A refund or chargeback takes the money back: unapplied cash first, then the newest allocations, and the invoices
    reopen. A won dispute puts it where it was. Waits for the payment or dispute it refers to, and while less of the
    payment is here than the event says. Raises Refusals, with a sentence for a person, for what cannot be booked."""
    payment = _payment(provider, event)
    if payment is None:
        words = f"The provider says that payment {event.payment_id or 'without a name'} {_WORDS[event.kind]}"
        return Booking(True, f"{words}, but the payment is not recorded here. Look it up with the provider.")
    Customer.objects.select_for_update(no_key=True).get(pk=payment.customer_id)
    if event.kind == "dispute_lost":
        return Booking(sentence="The chargeback stays as it is.")
    _refuse_unclear(payment, event)
    if event.kind == "dispute_won":
        return _come_back(provider, payment, event)
    return _go_out(provider, payment, event)


def _payment(provider: str, event: GatewayEvent) -> Payment | None:
    if not event.payment_id:
        return None
    found = Payment.objects.filter(provider=provider, provider_payment_id=event.payment_id)
    return found.select_related("entity").order_by("pk").first()


def _refuse_unclear(payment: Payment, event: GatewayEvent) -> None:
    said = f"The provider says that payment {event.payment_id} {_WORDS[event.kind]}"
    if not event.refund_id:
        raise BadInput(f"{said}, but gives that no name. Book it by hand.", code="no_refund_id")
    if event.amount is None and event.kind != "dispute_won":
        raise BadInput(f"{said}, but names no amount. Look it up with the provider and book it by hand.")
    if event.currency and event.currency != payment.currency:
        raise BadInput(
            f"{said} in {event.currency}, but it came in {payment.currency}. Book it by hand.", code="other_currency"
        )
    if event.amount is not None and event.amount > payment.amount:
        raise BadInput(
            f"{said} with {format_amount_with_code(event.amount, payment.currency)}, more than the "
            f"{format_amount_with_code(payment.amount, payment.currency)} that came. Look it up with the provider.",
            code="refund_exceeds",
        )


def _go_out(provider: str, payment: Payment, event: GatewayEvent) -> Booking:
    assert event.amount is not None  # refused before
    try:
        with transaction.atomic():
            take_back(
                payment=payment,
                amount=event.amount,
                kind=_KINDS[event.kind],
                on=_day(payment),
                reference=event.refund_id,
                provider=provider,
                provider_refund_id=event.refund_id,
                by=f"gateway {provider}",
            )
    except Conflict as conflict:
        if conflict.code != "refund_exceeds":
            raise
        return Booking(True, f"Payment {event.payment_id} {_WORDS[event.kind]}. {conflict.sentence}")
    return Booking()


def _come_back(provider: str, payment: Payment, event: GatewayEvent) -> Booking:
    gone = Refund.objects.filter(provider=provider, provider_refund_id=event.refund_id).first()
    if gone is None:
        return Booking(
            True, f"Dispute {event.refund_id} was won, but is not recorded here. Look it up with the provider."
        )
    if not gone.allocations.filter(payment=payment).exists() or gone.kind != Refund.Kind.CHARGEBACK:
        raise BadInput(f"{event.refund_id} is no dispute of payment {event.payment_id}. Look it up with the provider.")
    if event.amount is not None and event.amount != gone.amount:
        raise BadInput(
            f"Dispute {event.refund_id} was won over {format_amount_with_code(event.amount, payment.currency)}, but "
            f"{format_amount_with_code(gone.amount, gone.currency)} had gone out. Book the difference by hand.",
            code="refund_differs",
        )
    if not gone.allocations.filter(amount__gt=0, reversed_by__isnull=True).exists():
        return Booking(sentence="Known already.")
    on = max(_day(payment), gone.paid_on)
    undo_refund(refund=gone, on=on, reason="Dispute won", by=f"gateway {provider}")
    return Booking()


def _day(payment: Payment) -> date:
    """Today, or later where the money came or lay elsewhere until then."""
    return max(business_day(payment.entity), payment.received_on, last_reversal_of(payment) or date.min)
