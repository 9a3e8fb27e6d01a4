"""Webhooks: checked, stored once, acted on once, whatever the order and however often they come."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from collections_app.audit.models import AuditEntry
from invoices.gateways.test_gateway import signature
from invoices.models import DocumentMail, Invoice, Payment, PaySession, WebhookEvent
from invoices.queries.open_amounts import open_amount_now
from invoices.services.process_webhooks import process_webhooks
from invoices.services.record_payment import record_payment
from tests import factories
from tests.invoices.payers import body_of, payer, send, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> PaySession:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    return started(payer(who, invoice), invoice)


def invoice_of(session: PaySession) -> Invoice:
    return session.items.get().invoice


def left(session: PaySession) -> Decimal:
    pk = invoice_of(session).pk
    return open_amount_now([pk])[pk]


def changed(body: bytes, **data: object) -> bytes:
    event = json.loads(body)
    event["data"].update(data)
    return json.dumps(event).encode()


def renamed(body: bytes, name: str) -> bytes:
    return json.dumps({**json.loads(body), "id": name}).encode()


def work() -> None:
    process_webhooks(now=timezone.now())


def test_a_signed_event_becomes_a_payment_against_the_invoice(session: PaySession) -> None:
    assert send(body_of(session)).status_code == 204
    assert Payment.objects.count() == 0  # stored first, acted on later
    work()
    session.refresh_from_db()
    assert session.state == "succeeded"
    assert session.payment is not None
    assert session.payment.amount == Decimal("100.00")
    assert left(session) == 0
    assert AuditEntry.objects.filter(action="pay_session.settled", customer_id=session.customer_id).count() == 1


def test_d01_the_same_event_twice_is_one_payment_and_two_deliveries(session: PaySession) -> None:
    assert [send(body_of(session)).status_code for _ in range(2)] == [204, 204]
    work()
    assert send(body_of(session)).status_code == 204
    work()
    assert Payment.objects.count() == 1
    assert WebhookEvent.objects.get().deliveries == 3
    assert DocumentMail.objects.filter(kind="receipt").count() == 1


@pytest.mark.django_db(transaction=True)
def test_d02_the_same_event_twenty_times_at_once_is_one_payment() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    session = started(payer(who, invoice), invoice)
    body, barrier = body_of(session), Barrier(20)

    def deliver(_: int) -> int:
        try:
            barrier.wait(timeout=30)
            status = send(body).status_code
            work()
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(deliver, range(20)))
    work()
    assert set(statuses) == {204}
    assert Payment.objects.count() == 1
    assert WebhookEvent.objects.get().deliveries == 20
    assert DocumentMail.objects.filter(kind="receipt").count() == 1
    assert left(session) == 0


@pytest.mark.django_db(transaction=True)
def test_d03_two_events_for_one_provider_payment_at_once_are_one_payment() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    session = started(payer(who, invoice), invoice)
    bodies, barrier = [renamed(body_of(session), f"te_{n}") for n in range(8)], Barrier(8)
    for body in bodies:
        send(body)

    def act(_: int) -> None:
        try:
            barrier.wait(timeout=30)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(8)))
    assert Payment.objects.count() == 1
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {"done"}
    assert DocumentMail.objects.filter(kind="receipt").count() == 1


def test_d04_a_refund_before_its_payment_waits_and_ends_as_in_order(session: PaySession) -> None:
    send(body_of(session, "refunded"))
    work()
    assert WebhookEvent.objects.get().state == "waiting"
    send(body_of(session))
    work()
    work()
    assert WebhookEvent.objects.get(kind="refunded").state == "done"
    assert Payment.objects.count() == 1
    assert left(session) == Decimal("100.00")


def test_d04_a_refund_without_payment_goes_to_a_person_after_a_week(session: PaySession) -> None:
    send(body_of(session, "refunded"))
    process_webhooks(now=timezone.now() + timedelta(days=8))
    assert WebhookEvent.objects.get().state == "review"


@pytest.mark.parametrize("kinds", list(itertools.permutations(["created", "processing", "succeeded", "failed"])))
def test_d05_every_order_of_events_ends_the_same(session: PaySession, kinds: tuple[str, ...]) -> None:
    for kind in kinds:
        assert send(body_of(session, kind)).status_code == 204
        work()
    session.refresh_from_db()
    assert (session.state, session.failure, Payment.objects.count(), left(session)) == ("succeeded", "", 1, Decimal(0))
    assert DocumentMail.objects.filter(kind="receipt").count() == 1


@pytest.mark.parametrize("kinds", list(itertools.permutations(["created", "processing", "failed"])))
def test_d05_a_failure_stays_one_in_every_order(session: PaySession, kinds: tuple[str, ...]) -> None:
    for kind in kinds:
        send(body_of(session, kind, failure="Declined." if kind == "failed" else ""))
    work()
    session.refresh_from_db()
    assert (session.state, session.failure, left(session)) == ("failed", "Declined.", Decimal("100.00"))


@pytest.mark.parametrize(
    "header",
    ["", "garbled", "t=1,v1=", "t=99999999999999999999,v1=" + "0" * 64, "t=1700000000", "v1=" + "0" * 64, "t=é,v1=x"],
)
def test_d06_a_garbled_signature_is_refused_without_a_reason(session: PaySession, header: str) -> None:
    answer = send(body_of(session), header=header)
    assert (answer.status_code, answer.content) == (400, b"")
    assert not WebhookEvent.objects.exists()


def test_d06_one_byte_or_another_spelling_of_the_same_json_is_refused(session: PaySession, settings: Settings) -> None:
    body = body_of(session)
    assert send(body, secret="x" * 40).status_code == 400
    good = signature(body, at=timezone.now(), secret=settings.WEBHOOK_SECRETS[0])
    for other in (body.replace(b"100.00", b"100.01"), json.dumps(json.loads(body), indent=1).encode(), body + b" "):
        assert send(other, header=good).status_code == 400
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize(("seconds", "status"), [(-299, 204), (-302, 400), (302, 400), (298, 204)])
def test_d07_the_time_may_be_five_minutes_off_and_no_more(session: PaySession, seconds: int, status: int) -> None:
    assert send(body_of(session), at=timezone.now() + timedelta(seconds=seconds)).status_code == status


def test_d09_both_active_secrets_verify_and_a_removed_one_does_not(session: PaySession, settings: Settings) -> None:
    settings.WEBHOOK_SECRETS = ["new" * 12, "old" * 12]
    assert send(body_of(session), secret="new" * 12).status_code == 204
    assert send(body_of(session), secret="old" * 12).status_code == 204
    settings.WEBHOOK_SECRETS = ["new" * 12]
    assert send(body_of(session), secret="old" * 12).status_code == 400


def test_d10_an_event_stored_before_a_crash_is_found_by_the_sweep(session: PaySession) -> None:
    send(body_of(session))  # whoever should have acted on it is gone
    assert process_webhooks(now=timezone.now()).done == 1
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    "difference",
    [{"amount": "90.00"}, {"amount": "110.00"}, {"currency": "USD"}, {"customer": "C-SOMEBODY-ELSE"}],
)
def test_d11_money_that_differs_stays_unapplied_for_a_person(session: PaySession, difference: dict[str, str]) -> None:
    send(changed(body_of(session), **difference))
    work()
    event, payment = WebhookEvent.objects.get(), Payment.objects.get()
    assert event.state == "review"
    assert event.reason
    assert payment.allocations.count() == 0
    assert left(session) == Decimal("100.00")
    assert AuditEntry.objects.filter(action="webhook.needs_review").count() == 1


def test_d11_money_that_nobody_asked_for_goes_to_a_person(session: PaySession) -> None:
    send(changed(body_of(session), intent="ti_unknown", reference="P-UNKNOWN"))
    work()
    assert WebhookEvent.objects.get().state == "review"
    assert not Payment.objects.exists()


def test_an_invoice_paid_meanwhile_leaves_the_card_payment_unapplied(session: PaySession) -> None:
    invoice = invoice_of(session)
    record_payment(
        entity=invoice.entity, customer=invoice.customer, amount=Decimal("60.00"), currency="EUR",
        received_on=factories.DAY, shares=[(invoice, None)], by="test",
    )  # fmt: skip
    send(body_of(session))
    work()
    payment = Payment.objects.get(provider="test")
    assert sum(row.amount for row in payment.allocations.all()) == Decimal("40.00")
    assert left(session) == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe",
     b'{"id": "a\\u0000", "type": "payment.succeeded", "data": {}}', b"[" * 9000,
     b'{"id": 5, "type": "x", "data": {}}', b'{"id": "x", "type": "x", "data": {"amount": "NaN"}}',
     b'{"id": "x", "type": "x", "data": {"amount": "1e99999999"}}'],
)  # fmt: skip
def test_signed_nonsense_is_refused_and_never_a_server_error(body: bytes) -> None:
    assert send(body).status_code == 400
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize(
    "amount", ["0", "-5", "1e3", "1e999", "NaN", "10.001", "1000000000000000", "99999999999999.9999"]
)
def test_impossible_amounts_make_no_payment(session: PaySession, amount: str) -> None:
    assert send(changed(body_of(session), amount=amount)).status_code in (204, 400)
    work()
    assert not Payment.objects.exists()
    assert left(session) == Decimal("100.00")


def test_unknown_providers_and_other_methods_are_turned_away(client: Client) -> None:
    assert client.post("/webhooks/nobody/", data=b"{}", content_type="application/json").status_code == 404
    assert client.get("/webhooks/test/").status_code == 405


def test_the_test_gateway_is_closed_outside_demo_and_tests(session: PaySession, settings: Settings) -> None:
    settings.TESTING = False
    settings.DEMO = False
    settings.DEBUG = False
    assert send(body_of(session)).status_code == 404


def test_a_body_too_large_is_refused(session: PaySession) -> None:
    assert send(b" " * 300_000).status_code == 413
