"""Starting to pay: one attempt for two tabs, and money on its way is left out everywhere."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from invoices.models import PaySession
from invoices.queries.in_flight import LONGEST_FLIGHT, amounts_in_flight
from invoices.services.process_webhooks import process_webhooks
from invoices.services.start_pay_session import start_pay_session
from tests import factories
from tests.invoices.payers import body_of, payer, send, started


@pytest.mark.django_db(transaction=True)
def test_d13_ten_tabs_at_one_instant_start_one_session() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    someone, barrier = payer(who, invoice), Barrier(10)

    def click(_: int) -> str:
        try:
            barrier.wait(timeout=30)
            seen = {invoice.pk: Decimal("100")}
            return start_pay_session(link=someone.link, gateway="test", seen=seen, now=timezone.now()).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        references = set(pool.map(click, range(10)))
    assert len(references) == 1
    assert PaySession.objects.count() == 1


@pytest.mark.django_db
def test_an_old_attempt_is_not_taken_up_again() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    someone = payer(who, invoice)
    first = started(someone, invoice)
    later = timezone.now() + timedelta(minutes=31)
    second = start_pay_session(link=someone.link, gateway="test", seen={invoice.pk: Decimal("100")}, now=later)
    assert second.pk != first.pk


@pytest.mark.django_db
def test_w03_money_on_its_way_is_known_until_it_arrives_or_is_too_late() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    session = started(payer(who, invoice), invoice, amount=Decimal("40"))
    now = timezone.now()
    assert amounts_in_flight([invoice.pk], now=now) == {}  # a mere click is no money
    send(body_of(session, "processing"))
    process_webhooks(now=now)
    assert amounts_in_flight([invoice.pk], now=now) == {invoice.pk: Decimal("40")}
    assert amounts_in_flight([invoice.pk], now=now + LONGEST_FLIGHT + timedelta(hours=1)) == {}
    send(body_of(session))
    process_webhooks(now=now)
    assert amounts_in_flight([invoice.pk], now=now) == {}


@pytest.mark.django_db
def test_an_abandoned_session_expires_and_can_still_be_paid() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    session = started(payer(who, invoice), invoice)
    process_webhooks(now=timezone.now() + timedelta(hours=25))
    session.refresh_from_db()
    assert session.state == "expired"
    send(body_of(session))
    process_webhooks(now=timezone.now())
    session.refresh_from_db()
    assert session.state == "succeeded"
