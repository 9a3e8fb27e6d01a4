"""Refunds, chargebacks and won disputes as providers tell them: booked by themselves, once, in any order."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from customers.models import Customer
from invoices.models import DocumentMail, Invoice, Payment, PaySession, Refund, WebhookEvent
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.verify_ledger import violations
from invoices.services.allocate import unallocated
from invoices.services.process_webhooks import process_webhooks
from invoices.services.refund_payment import refund_payment
from tests import factories
from tests.invoices.payers import body_of, payer, started

pytestmark = pytest.mark.django_db

PART, REST = Decimal("30.00"), Decimal("70.00")


@pytest.fixture
def who() -> Customer:
    return factories.customer()


@pytest.fixture
def session(who: Customer) -> PaySession:
    """A hundred for two invoices, the older over 60, the younger over 40."""
    old = factories.invoice(who, "60.00", due_on=factories.DAY - timedelta(days=9))
    return started(payer(who), old, factories.invoice(who, "40.00"))


def tell(body: bytes, name: str = "") -> WebhookEvent:
    """The event as `receive_webhook` stores it."""
    event = json.loads(body)
    event["id"] = name or event["id"]
    return WebhookEvent.objects.create(
        provider="test", event_id=event["id"], kind=event["type"].split(".")[1], body=json.dumps(event)
    )


def changed(body: bytes, **data: object) -> bytes:
    event = json.loads(body)
    event["data"].update(data)
    return json.dumps(event).encode()


def work() -> None:
    process_webhooks(now=timezone.now())


def lefts() -> list[Decimal]:
    invoices = list(Invoice.objects.order_by("due_on", "pk").values_list("pk", flat=True))
    opened = open_amount_now(invoices)
    return [opened[pk] for pk in invoices]


def paid(session: PaySession) -> Payment:
    tell(body_of(session))
    work()
    return Payment.objects.get()


def state_hash() -> str:
    """Everything that an end is made of, without the road that led there."""
    end: dict[str, Any] = {
        "sessions": list(PaySession.objects.order_by("pk").values_list("state", "failure")),
        "open": [f"{amount:.2f}" for amount in lefts()],
        "payments": [
            (row.provider_payment_id, str(row.amount), f"{unallocated(row):.2f}") for row in Payment.objects.all()
        ],
        "refunds": sorted(
            (
                row.kind,
                row.provider_refund_id,
                str(row.amount),
                f"{sum((a.amount for a in row.allocations.all()), Decimal(0)):.2f}",
            )
            for row in Refund.objects.all()
        ),
        "inbox": sorted(WebhookEvent.objects.values_list("event_id", "state")),
        "receipts": DocumentMail.objects.filter(kind="receipt").count(),
    }
    return hashlib.sha256(json.dumps(end, sort_keys=True).encode()).hexdigest()


def story(session: PaySession) -> list[bytes]:
    return [
        body_of(session, "created"),
        body_of(session, "succeeded"),
        body_of(session, "refunded", amount=PART),
        body_of(session, "disputed", amount=REST),
        body_of(session, "dispute_won", amount=REST),
    ]


def test_d05_all_120_orders_end_in_one_state(session: PaySession) -> None:
    ends: list[str] = []

    def go_on(told: list[bytes], still: list[bytes]) -> None:
        """Each beginning of an order is worked off once; a savepoint takes it back before the next one."""
        if not still:
            work()  # the sweep, for what waited for the last event
            ends.append(state_hash())
            assert lefts() == [Decimal(0), PART], told
        for body in still:
            with transaction.atomic():
                tell(body)
                work()
                go_on([*told, body], [other for other in still if other is not body])
                transaction.set_rollback(True)

    go_on([], story(session))
    assert len(ends) == 120
    assert len(set(ends)) == 1


def test_i08_every_event_again_under_another_name_changes_nothing(session: PaySession) -> None:
    for body in story(session):
        tell(body)
    for _ in range(3):
        work()
    before, rows = (lefts(), violations()), Refund.objects.count()
    for number, body in enumerate(reversed(story(session))):
        tell(body, name=f"te_again_{number}")
    for _ in range(3):
        work()
    assert (lefts(), violations()) == before == ([Decimal(0), PART], [])
    assert (Refund.objects.count(), Payment.objects.count()) == (rows, 1)
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {"done"}


def test_a_refund_reopens_the_youngest_invoice(session: PaySession) -> None:
    paid(session)
    tell(body_of(session, "refunded", amount=PART))
    work()
    assert lefts() == [Decimal(0), PART]
    assert (Refund.objects.get().kind, Refund.objects.get().reference[:3]) == ("refund", "tr_")


def test_two_partial_refunds_are_two(session: PaySession) -> None:
    paid(session)
    for number in (1, 2):
        tell(body_of(session, "refunded", amount=PART, number=number))
    work()
    assert lefts() == [Decimal("20.00"), Decimal("40.00")]
    assert Refund.objects.count() == 2


def test_d17_a_chargeback_of_everything_reopens_both_and_a_lost_dispute_leaves_it_so(session: PaySession) -> None:
    paid(session)
    tell(body_of(session, "disputed"))
    work()
    tell(body_of(session, "dispute_lost"))
    work()
    assert lefts() == [Decimal("60.00"), Decimal("40.00")]
    assert Refund.objects.get().kind == "chargeback"
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {"done"}


def test_d04_a_refund_before_its_payment_waits_and_ends_as_in_order(session: PaySession) -> None:
    event = tell(body_of(session, "refunded", amount=PART))
    work()
    event.refresh_from_db()
    assert (event.state, event.attempts) == ("waiting", 0)
    paid(session)
    work()
    event.refresh_from_db()
    assert (event.state, event.reason) == ("done", "")
    assert lefts() == [Decimal(0), PART]


@pytest.mark.parametrize("kind", ["refunded", "disputed", "dispute_won"])
def test_d04_what_refers_to_nothing_goes_to_a_person_after_a_week(session: PaySession, kind: str) -> None:
    if kind == "dispute_won":
        paid(session)
    event = tell(body_of(session, kind))
    work()
    process_webhooks(now=timezone.now() + timedelta(days=8))
    event.refresh_from_db()
    assert event.state == "review"
    assert "not recorded here" in event.reason


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        ({"amount": "100.01"}, "more than the"),
        ({"currency": "USD"}, "in USD, but it came in EUR"),
        ({"refund": ""}, "gives that no name"),
        ({"amount": None}, "names no amount"),
    ],
)
def test_d11_what_does_not_fit_the_payment_goes_to_a_person(
    session: PaySession, difference: dict[str, object], words: str
) -> None:
    paid(session)
    event = tell(changed(body_of(session, "refunded"), **difference))
    work()
    event.refresh_from_db()
    assert event.state == "review"
    assert words in event.reason
    assert lefts() == [Decimal(0), Decimal(0)]


def test_d11_a_refund_that_comes_again_with_another_amount_goes_to_a_person(session: PaySession) -> None:
    paid(session)
    tell(body_of(session, "refunded", amount=PART))
    event = tell(body_of(session, "refunded", amount=REST), name="te_other")
    work()
    event.refresh_from_db()
    assert event.state == "review"
    assert "recorded already" in event.reason
    assert Refund.objects.get().amount == PART


def test_d11_a_dispute_won_over_another_amount_goes_to_a_person(session: PaySession) -> None:
    paid(session)
    tell(body_of(session, "disputed", amount=REST))
    event = tell(body_of(session, "dispute_won", amount=PART))
    work()
    event.refresh_from_db()
    assert event.state == "review"
    assert "by hand" in event.reason


def test_more_than_is_left_waits_for_what_may_still_come_and_then_for_a_person(session: PaySession) -> None:
    payment = paid(session)
    tell(body_of(session, "disputed"))
    work()
    event = tell(body_of(session, "refunded", amount=PART))
    work()
    event.refresh_from_db()
    assert (event.state, unallocated(payment)) == ("waiting", Decimal(0))
    process_webhooks(now=timezone.now() + timedelta(days=8))
    event.refresh_from_db()
    assert event.state == "review"
    assert "still here" in event.reason


def test_unapplied_money_that_was_refunded_by_hand_is_not_taken_twice(who: Customer) -> None:
    payment = factories.payment(who, "50.00", provider="test", provider_payment_id="tp_1")
    refund_payment(
        payment=payment, amount=Decimal("50.00"), paid_on=factories.DAY, provider="test", provider_refund_id="tr_1",
        by="test",
    )  # fmt: skip
    data = {"payment": "tp_1", "refund": "tr_1", "amount": "50.00", "currency": "EUR"}
    event = tell(json.dumps({"id": "te_1", "type": "payment.refunded", "data": data}).encode())
    work()
    event.refresh_from_db()
    assert event.state == "done"
    assert Refund.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_d03_eight_events_for_one_refund_at_once_are_one_refund() -> None:
    who = factories.customer()
    session = started(payer(who), factories.invoice(who, "100.00"))
    paid(session)
    for number in range(8):
        tell(body_of(session, "refunded", amount=PART), name=f"te_{number}")
    barrier = Barrier(8)

    def act(_: int) -> None:
        try:
            barrier.wait(timeout=30)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(8)))
    work()
    assert Refund.objects.get().amount == PART
    assert lefts() == [PART]
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {"done"}
