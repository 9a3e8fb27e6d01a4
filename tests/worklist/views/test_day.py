"""The end of the day: what was done, and who comes back on the next working day (U12)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import BusinessClock, Customer
from dunning.services.withdraw_message import withdraw_message
from invoices.models import Invoice
from tests import factories
from tests.conftest import Cast
from tests.dunning.own_messages import sent
from tests.factories import DAY
from worklist.models import WorklistItem
from worklist.queries.day import done_by, tomorrow
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 6)


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def late(amount: str = "1000.00", **more: Any) -> tuple[Customer, Invoice]:
    who = factories.customer(**more)
    return who, factories.invoice(who, amount, due_on=DAY - timedelta(days=40))


def client_of(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.collector)
    return client


def test_u12_the_day_tells_what_was_done_and_who_comes_back(cast: Cast) -> None:
    called, promised, snoozed = (late(collector=cast.collector)[0] for _ in range(3))
    rescore_all(on=DAY)
    client = client_of(cast)
    client.post(reverse("account_call", args=[called.pk]), {"outcome": "reached", "follow_up_on": "2026-03-03"})
    client.post(reverse("account_promise", args=[promised.pk]), {"said": "tomorrow 300"})
    client.post(reverse("account_snooze", args=[snoozed.pk]), {"when": "2026-03-03", "reason": "Owner away"})
    done = done_by(cast.collector, on=DAY)
    assert (done.customers, done.calls, done.reached, done.snoozes) == (3, 1, 1, 1)
    assert [(currency, n, str(amount)) for currency, n, amount in done.promises] == [("EUR", 1, "300.0000")]
    found = tomorrow(cast.collector, on=DAY)
    assert found.day == DAY + timedelta(days=1)
    assert [row.customer_id for row in found.snoozes.first] == [snoozed.pk]
    assert [row.customer_id for row in found.promises.first] == [promised.pk]
    assert [row.customer_id for row in found.follow_ups.first] == [called.pk]
    page = client.get(reverse("day")).content.decode()
    assert "Done for today" in page
    assert "Owner away" in page


def test_mails_by_hand_count_and_a_dispute_of_two_invoices_counts_once(cast: Cast) -> None:
    who, first = late(collector=cast.collector)
    second = factories.invoice(who, "50.00", due_on=DAY - timedelta(days=10))
    rescore_all(on=DAY)
    sent(who, first, by=cast.collector)
    taken_back = sent(who, by=cast.collector, accepted=("contact_budget",))
    withdraw_message(message=taken_back, actor=cast.collector, now=timezone.now())
    client_of(cast).post(
        reverse("account_dispute", args=[who.pk]), {"invoices": [first.pk, second.pk], "reason": "price"}
    )
    done = done_by(cast.collector, on=DAY)
    assert (done.mails, done.disputes) == (1, 1)


def test_after_friday_comes_monday(cast: Cast) -> None:
    who = late(collector=cast.collector)[0]
    rescore_all(on=FRIDAY)
    WorklistItem.objects.filter(pk=who.pk).update(snoozed_until=FRIDAY + timedelta(days=2))
    found = tomorrow(cast.collector, on=FRIDAY)
    assert found.day == date(2026, 3, 9)
    assert found.snoozes.count == 1


def test_what_was_worked_counts_even_when_its_score_is_gone(cast: Cast) -> None:
    who = late(collector=cast.collector)[0]
    late(collector=cast.collector)
    rescore_all(on=DAY)
    WorklistItem.objects.filter(pk=who.pk).update(done_on=DAY, done_by=cast.collector, score=0, rank=0)
    page = client_of(cast).get(reverse("worklist")).content.decode()
    assert "<strong>1</strong> of 2 today" in page
    assert f"row-{who.pk}" in client_of(cast).get(reverse("worklist"), {"show": "done"}).content.decode()


def test_d98_the_day_takes_as_many_statements_for_ten_as_for_one(cast: Cast) -> None:
    client, counts = client_of(cast), []
    for n in (1, 10):
        for _ in range(n):
            late(collector=cast.collector)
        rescore_all(on=DAY)
        WorklistItem.objects.update(snoozed_until=DAY + timedelta(days=1))
        client.get(reverse("day"))
        with CaptureQueriesContext(connection) as context:
            assert client.get(reverse("day")).status_code == 200
        counts.append(len(context))
    assert abs(counts[0] - counts[1]) <= 1  # more than six of a kind are counted apart
    assert counts[1] <= 20


def test_a_stranger_sees_an_empty_day(cast: Cast) -> None:
    late(collector=cast.collector)
    rescore_all(on=DAY)
    client = Client()
    client.force_login(cast.stranger)
    assert "No promise falls due" in client.get(reverse("day")).content.decode()
