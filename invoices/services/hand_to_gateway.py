"""Tells a provider about a pay session. Outside any transaction: a provider may take seconds to answer."""

from invoices.gateways.base import Gateway, Order
from invoices.models import PaySession


def hand_to_gateway(*, session: PaySession, gateway: Gateway, return_url: str, language: str = "en") -> str:
    """The address at which the payer pays. Calling it again for the session gives the same intent (D13).

    Raises GatewayAway when the provider does not answer; the session stays and the payer may click again."""
    started = gateway.start(order_of(session, language=language), return_url)
    PaySession.objects.filter(pk=session.pk, gateway_intent_id="").update(gateway_intent_id=started.intent_id)
    return started.redirect_url


def order_of(session: PaySession, *, language: str = "en") -> Order:
    """What a provider is told about the session; nothing about the customer beyond its number."""
    numbers = session.items.order_by("invoice__due_on", "pk").values_list("invoice__number", flat=True)[:5]
    return Order(
        reference=session.reference,
        amount=session.amount,
        currency=session.currency,
        customer_number=session.customer.number,
        description=", ".join(numbers)[:140],
        language=language,
    )
