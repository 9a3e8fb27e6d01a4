"""What the tests of pay pages share: a payer with a link, and the built-in gateway's webhooks as it would send them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from customers.queries.clock import now
from invoices.gateways.test_gateway import HEADER, TestGateway, event_body, signature
from invoices.models import Invoice, PayLink, PaySession
from invoices.services.create_pay_link import create_pay_link
from invoices.services.hand_to_gateway import hand_to_gateway, order_of
from invoices.services.start_pay_session import start_pay_session


@dataclass(frozen=True)
class Payer:
    """A customer with a link, as the mail shows it."""

    customer: Customer
    link: PayLink
    token: str

    @property
    def path(self) -> str:
        return f"/pay/{self.token}/"


def payer(who: Customer, invoice: Invoice | None = None, *, language: str = "en", **fields: Any) -> Payer:
    """A payer with a link to one invoice, or to all open items without one."""
    purpose = PayLink.Purpose.INVOICE if invoice else PayLink.Purpose.ACCOUNT
    contact = who.contacts.first()
    link, address = create_pay_link(
        **{
            "purpose": purpose,
            "customer": who,
            "invoice": invoice,
            "language": language,
            "sent_to": contact.email if contact else "",
            "now": now(),
            **fields,
        }
    )
    return Payer(who, link, token_of(address))


def token_of(address: str) -> str:
    """The token in a link's address."""
    return address.rstrip("/").rsplit("/", 1)[1]


def started(someone: Payer, *invoices: Invoice, amount: Decimal | None = None) -> PaySession:
    """A session over these invoices, handed to the test gateway."""
    seen = {invoice.pk: invoice.total for invoice in invoices}
    session = start_pay_session(link=someone.link, gateway="test", seen=seen, amount=amount, now=timezone.now())
    hand_to_gateway(session=session, gateway=TestGateway(), return_url="http://shop.example/back")
    session.refresh_from_db()
    return session


def body_of(session: PaySession, kind: str = "succeeded", **fields: Any) -> bytes:
    """The event's body as the gateway would send it."""
    return event_body(intent=session.gateway_intent_id, kind=kind, order=order_of(session), **fields)


def send(body: bytes, *, at: datetime | None = None, secret: str = "", header: str | None = None) -> HttpResponse:
    """The answer of our webhook address to the signed body."""
    made = signature(body, at=at or timezone.now(), secret=secret or settings.WEBHOOK_SECRETS[0])
    answer: object = Client().post(
        "/webhooks/test/",
        data=body,
        content_type="application/json",
        headers={HEADER: made if header is None else header},
    )
    assert isinstance(answer, HttpResponse)
    return answer
