"""Events that cannot be acted on: each holds up nobody but itself, and ends where a person finds it (I9)."""

import json
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import Settings

from invoices.models import Payment, WebhookEvent
from invoices.services.process_webhooks import MAX_ATTEMPTS, process_webhooks
from tests import factories
from tests.invoices.payers import Payer, body_of, payer, send, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def someone() -> Payer:
    return payer(factories.customer())


def as_payment(body: bytes, name: str, **data: str) -> bytes:
    event = json.loads(body)
    event["data"] |= {"payment": name, **data}
    return json.dumps(event).encode()


def test_i09_an_event_that_the_program_fails_on_is_tried_ten_times_and_then_given_up(
    someone: Payer, settings: Settings
) -> None:
    send(body_of(started(someone, factories.invoice(someone.customer))))
    settings.PAYMENT_GATEWAYS = ["tests.invoices.services.test_process_webhooks.Failing"]
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert process_webhooks(now=timezone.now()).failed == 1
        assert WebhookEvent.objects.get().attempts == attempt
    assert WebhookEvent.objects.get().state == "dead"
    assert "RuntimeError" in WebhookEvent.objects.get().reason
    assert process_webhooks(now=timezone.now()).total == 0


class Failing:
    """A provider whose adapter has a fault."""

    code = "test"
    label = "Failing"
    is_live = True

    def read(self, body: bytes) -> list[object]:
        raise RuntimeError("a fault of ours")


def test_d04_waiting_for_the_payment_is_no_failed_attempt(someone: Payer) -> None:
    send(body_of(started(someone, factories.invoice(someone.customer)), "refunded"))
    for _ in range(3):
        assert process_webhooks(now=timezone.now()).waiting == 1
    assert WebhookEvent.objects.get().attempts == 0


def test_waiting_events_do_not_keep_new_ones_from_their_turn(someone: Payer) -> None:
    for _ in range(3):
        send(body_of(started(someone, factories.invoice(someone.customer)), "refunded"))
    assert process_webhooks(now=timezone.now(), limit=3).waiting == 3
    send(body_of(started(someone, factories.invoice(someone.customer))))
    assert process_webhooks(now=timezone.now(), limit=1).done == 1


def test_d03_one_payment_named_for_two_sessions_is_recorded_once_and_shown_to_a_person(someone: Payer) -> None:
    first, second = (started(someone, factories.invoice(someone.customer)) for _ in range(2))
    for session in (first, second):
        send(as_payment(body_of(session), "tp_same"))
    process_webhooks(now=timezone.now())
    assert Payment.objects.get().amount == Decimal("100.00")
    told = WebhookEvent.objects.get(state="review")
    assert told.reason.startswith(f"Payment tp_same settled {first.reference} already")
    second.refresh_from_db()
    assert second.payment is None


def test_d03_one_payment_named_with_two_amounts_is_recorded_once_and_shown_to_a_person(someone: Payer) -> None:
    first, second = (started(someone, factories.invoice(someone.customer)) for _ in range(2))
    send(as_payment(body_of(first), "tp_same"))
    send(as_payment(body_of(second), "tp_same", amount="70.00"))
    process_webhooks(now=timezone.now())
    assert Payment.objects.get().amount == Decimal("100.00")
    assert "already recorded EUR\u00a0100.00" in WebhookEvent.objects.get(state="review").reason
