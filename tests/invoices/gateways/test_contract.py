"""The contract every payment gateway keeps, and the test gateway's own page."""

import inspect
from decimal import Decimal

import pytest
from django.conf import settings as configured
from django.core import signing
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from collections_app.lib.registry import load
from invoices.gateways import enabled_gateways
from invoices.gateways.base import Gateway, NotAuthentic, Order
from invoices.gateways.test_gateway import TestGateway, event_body, return_address, signature
from invoices.models import Payment, PaySession
from tests import factories
from tests.invoices.payers import payer, started

ADAPTERS = load(configured.PAYMENT_GATEWAYS)
ORDER = Order("P-1", Decimal("12.50"), "EUR", "C1", "R1", "en")


@pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=list(ADAPTERS))
def test_every_adapter_has_what_the_contract_names(adapter: Gateway) -> None:
    assert ADAPTERS.problems == ()
    assert isinstance(adapter.label, str)
    assert isinstance(adapter.is_live, bool)
    for name in ("start", "verify", "read"):
        promised = inspect.signature(getattr(Gateway, name)).parameters
        assert list(inspect.signature(getattr(type(adapter), name)).parameters) == list(promised)


@pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=list(ADAPTERS))
def test_unsigned_bytes_are_never_authentic(adapter: Gateway) -> None:
    for body in (b"", b"{}", b"\xff"):
        with pytest.raises(NotAuthentic):
            adapter.verify({}, body, now=timezone.now())


def test_d13_the_same_reference_gives_the_same_intent() -> None:
    intents = {TestGateway().start(ORDER, "http://shop/back").intent_id for _ in range(3)}
    assert len(intents) == 1


def test_a_signed_event_reads_back_as_it_was_sent() -> None:
    now, body = timezone.now(), event_body(intent="ti_1", kind="succeeded", order=ORDER)
    TestGateway().verify(
        {"webhook-signature": signature(body, at=now, secret=configured.WEBHOOK_SECRETS[0])}, body, now=now
    )
    (event,) = TestGateway().read(body)
    assert (event.kind, event.amount, event.currency, event.reference) == ("succeeded", Decimal("12.50"), "EUR", "P-1")


@pytest.mark.parametrize("kind", ["refunded", "disputed", "dispute_won", "dispute_lost"])
def test_money_that_goes_back_has_a_name_an_amount_and_its_payment(kind: str) -> None:
    paid, first, again, second = (
        TestGateway().read(event_body(intent="ti_1", kind=each, order=ORDER, amount=Decimal("2.50"), number=number))[0]
        for each, number in (("succeeded", 1), (kind, 1), (kind, 1), (kind, 2))
    )
    assert (first.kind, first.payment_id, first.amount) == (kind, paid.payment_id, Decimal("2.50"))
    assert first == again
    assert len({first.refund_id, second.refund_id, ""}) == len({first.event_id, second.event_id, ""}) == 3


def test_a_dispute_keeps_its_name_to_the_end() -> None:
    kinds = ("disputed", "dispute_won", "dispute_lost")
    events = [TestGateway().read(event_body(intent="ti_1", kind=kind, order=ORDER))[0] for kind in kinds]
    assert len({event.refund_id for event in events}) == 1
    assert len({event.event_id for event in events}) == 3


def test_play_money_is_offered_in_demo_debug_and_tests_only(settings: Settings) -> None:
    assert "test" in enabled_gateways()
    settings.TESTING = settings.DEMO = settings.DEBUG = False
    assert enabled_gateways() == {}


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil", "https://evil.example", "javascript:alert(1)", "a\r\nb", ""]
)
def test_d61_only_addresses_we_signed_lead_back(back: str) -> None:
    assert return_address(back) == ""
    assert return_address(signing.dumps(back, salt="another purpose")) == ""


@pytest.mark.django_db
def test_d61_even_a_signed_address_leads_to_our_own_host_only(client: Client) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "10.00")
    session = started(payer(who, invoice), invoice)
    back = signing.dumps("https://evil.example/pay/x/", salt="invoices.test_gateway.return")
    page = client.get(f"/gateway/test/{session.gateway_intent_id}/?back={back}").content.decode()
    assert "evil.example" not in page
    assert 'href="/pay/x/"' in page


@pytest.mark.django_db
def test_a_shop_that_does_not_answer_charges_nothing_and_can_be_tried_again(client: Client, settings: Settings) -> None:
    settings.BASE_URL = "http://127.0.0.1:9"  # nobody listens there
    who = factories.customer()
    invoice = factories.invoice(who, "10.00")
    session = started(payer(who, invoice), invoice)
    answer = client.post(f"/gateway/test/{session.gateway_intent_id}/", {"outcome": "pay"})
    assert answer.status_code == 502
    assert "nothing was charged" in answer.content.decode()
    assert not Payment.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", ["refund", "dispute", "win"])
def test_what_comes_later_can_be_reported_once_the_money_was_there(
    client: Client, settings: Settings, outcome: str
) -> None:
    settings.BASE_URL = "http://127.0.0.1:9"  # nobody listens there, so a report that is sent is answered 502
    who = factories.customer()
    invoice = factories.invoice(who, "10.00")
    session = started(payer(who, invoice), invoice)
    url = f"/gateway/test/{session.gateway_intent_id}/"
    assert f'value="{outcome}"' not in client.get(url).content.decode()
    assert client.post(url, {"outcome": outcome}).status_code == 422
    PaySession.objects.update(state=PaySession.State.SUCCEEDED)
    assert f'value="{outcome}"' in client.get(url).content.decode()
    assert client.post(url, {"outcome": outcome}).status_code == 502


@pytest.mark.django_db
def test_unknown_intents_and_unknown_choices(client: Client) -> None:
    assert client.get("/gateway/test/ti_unknown/").status_code == 404
    who = factories.customer()
    invoice = factories.invoice(who, "10.00")
    session = started(payer(who, invoice), invoice)
    assert client.post(f"/gateway/test/{session.gateway_intent_id}/", {"outcome": "steal"}).status_code == 422
