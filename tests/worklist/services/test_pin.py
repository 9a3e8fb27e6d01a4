"""Pins: on top of the list until a day, for a reason; taken back, undone, refused in words."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from collections_app.accounts.models import User
from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput, Conflict
from customers.models import BusinessClock, Customer
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity, Undo, WorklistItem
from worklist.queries.filters import Filters, shown
from worklist.queries.items import ORDER
from worklist.services.pin import pin
from worklist.services.rescore import rescore_all
from worklist.services.snooze import snooze
from worklist.services.unpin import unpin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def late(amount: str = "300.00", **more: Any) -> Customer:
    who = factories.customer(**more)
    factories.invoice(who, amount, due_on=DAY - timedelta(days=40))
    rescore_all(on=DAY)
    return who


def sends(user: User, who: Customer, **data: str) -> HttpResponse:
    client = Client()
    client.force_login(user)
    answer: object = client.post(reverse("account_pin", args=[who.pk]), data)
    assert isinstance(answer, HttpResponse)
    return answer


def undone(user: User) -> int:
    client = Client()
    client.force_login(user)
    return client.post(reverse("undo", args=[Undo.objects.latest("made_at").pk])).status_code


def state(who: Customer) -> tuple[bool, str, object]:
    item = WorklistItem.objects.get(pk=who.pk)
    return item.pinned, item.pin_reason, item.pinned_until


def test_f17_a_pin_holds_until_its_day_with_its_reason_and_stands_in_the_timeline(cast: Cast) -> None:
    who = late()
    told = sends(cast.collector, who, when=DAY.isoformat(), reason="Board wants  it today")
    assert told.status_code == 302
    assert state(who) == (True, "Board wants it today", DAY)
    made = Activity.objects.get(kind="pin")
    assert (made.text, made.by) == ("Board wants it today", cast.collector)
    assert AuditEntry.objects.filter(action="worklist.pinned").count() == 1
    client = Client()
    client.force_login(cast.collector)
    page = client.get(reverse("account", args=[who.pk])).content.decode()
    assert "Board wants it today" in page


def test_a_pin_ends_a_snooze_and_its_undo_brings_the_snooze_back(cast: Cast) -> None:
    who = late()
    snooze(customer=who, until=DAY + timedelta(days=9), reason="Holiday", on=DAY, actor=cast.lead)
    sends(cast.collector, who, when=DAY.isoformat(), reason="Call now")
    assert WorklistItem.objects.get(pk=who.pk).snoozed_until is None
    assert undone(cast.collector) == 302
    item = WorklistItem.objects.get(pk=who.pk)
    assert (item.pinned, item.snooze_reason, item.snoozed_until) == (False, "Holiday", DAY + timedelta(days=9))


def test_the_form_of_a_pinned_account_offers_first_to_take_the_pin_away(cast: Cast) -> None:
    who = late()
    sends(cast.collector, who, when=DAY.isoformat(), reason="Board")
    client = Client()
    client.force_login(cast.collector)
    shown = client.get(reverse("account_pin", args=[who.pk])).content.decode()
    assert "Not any more" in shown
    assert sends(cast.collector, who, when="off").status_code == 302
    assert state(who) == (False, "", None)
    assert undone(cast.collector) == 302
    assert state(who) == (True, "Board", DAY)


def test_d89_a_pin_that_a_colleague_changed_is_not_taken_back(cast: Cast) -> None:
    who = late()
    sends(cast.collector, who, when=DAY.isoformat(), reason="Mine")
    mine = Undo.objects.latest("made_at")
    sends(cast.lead, who, when="other", until=(DAY + timedelta(days=3)).isoformat(), reason="Theirs")
    client = Client()
    client.force_login(cast.collector)
    assert client.post(reverse("undo", args=[mine.pk])).status_code == 409
    assert state(who)[1] == "Theirs"


@pytest.mark.parametrize(
    "data",
    [
        {"when": DAY.isoformat(), "reason": " "},
        {"when": "other", "reason": "x"},
        {"when": "other", "until": (DAY - timedelta(days=1)).isoformat(), "reason": "x"},
        {"when": "other", "until": (DAY + timedelta(days=93)).isoformat(), "reason": "x"},
        {"when": "off"},
        {},
    ],
)
def test_what_cannot_be_a_pin_is_told_in_the_form(cast: Cast, data: dict[str, str]) -> None:
    who = late()
    assert sends(cast.collector, who, **data).status_code == 422
    assert state(who)[0] is False


def test_services_refuse_in_words(cast: Cast) -> None:
    who = late()
    with pytest.raises(BadInput, match="Say why"):
        pin(customer=who, until=DAY, reason=" ", on=DAY, actor=cast.collector)
    with pytest.raises(Conflict, match="not pinned"):
        unpin(customer=who, on=DAY, actor=cast.collector)


def test_a_customer_that_was_never_scored_can_be_pinned(cast: Cast) -> None:
    who = factories.customer()
    pin(customer=who, until=DAY, reason="New", on=DAY, actor=cast.collector)
    assert state(who)[0] is True


def test_d54_extra_fields_of_a_pin_are_passed_over(cast: Cast) -> None:
    who = late()
    sends(cast.collector, who, when=DAY.isoformat(), reason="Yes", pinned_by=str(cast.lead.pk), score="9")
    item = WorklistItem.objects.get(pk=who.pk)
    assert item.pinned_by == cast.collector


def test_d66_a_script_in_a_reason_stays_text(cast: Cast) -> None:
    who = late()
    sends(cast.collector, who, when=DAY.isoformat(), reason="<script>alert(1)</script>")
    client = Client()
    client.force_login(cast.collector)
    assert "<script>alert(1)" not in client.get(reverse("account", args=[who.pk])).content.decode()
    assert "<script>alert(1)" not in client.get(reverse("account_pin", args=[who.pk])).content.decode()


def test_f17_a_pinned_account_that_only_waits_is_for_today_until_the_pin_ends(cast: Cast) -> None:
    who = factories.customer()
    factories.invoice(who, "300.00", due_on=DAY + timedelta(days=10))
    rescore_all(on=DAY)
    assert WorklistItem.objects.get(pk=who.pk).for_today is False
    sends(cast.collector, who, when=DAY.isoformat(), reason="Ask before it is due")
    rescore_all(on=DAY)
    item = WorklistItem.objects.get(pk=who.pk)
    assert (item.pinned, item.for_today) == (True, True)
    rescore_all(on=DAY + timedelta(days=1))
    item.refresh_from_db()
    assert (item.pinned, item.pinned_until, item.pin_reason, item.for_today) == (False, None, "", False)


def test_a_pin_comes_before_more_money_on_the_list(cast: Cast) -> None:
    small, big = late("100.00"), late("9000.00")
    sends(cast.collector, small, when=DAY.isoformat(), reason="Board")
    client = Client()
    client.force_login(cast.collector)
    page = client.get(reverse("worklist"), {"who": "all"}).content.decode()
    assert page.index(f'id="row-{small.pk}"') < page.index(f'id="row-{big.pk}"')
    assert "Pinned" in page


def test_f17_a_pinned_account_is_listed_even_when_nothing_is_to_be_had_there(cast: Cast) -> None:
    who = factories.customer(name="Paid Up Ltd")
    rescore_all(on=DAY)
    pin(customer=who, until=DAY, reason="They call back", on=DAY, actor=cast.collector)
    assert WorklistItem.objects.get(pk=who.pk).score == 0
    client = Client()
    client.force_login(cast.collector)
    assert f'id="row-{who.pk}"' in client.get("/worklist/", {"who": "all"}).content.decode()
    rescore_all(on=DAY + timedelta(days=1))
    assert f'id="row-{who.pk}"' not in client.get("/worklist/", {"who": "all"}).content.decode()


def test_the_list_and_its_counts_are_read_from_their_indexes(cast: Cast) -> None:
    rows = shown(WorklistItem.objects.order_by(), Filters(), on=DAY)
    counts = rows.filter(analyst=cast.collector).values("currency").annotate(money=Sum("overdue"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    assert "item_listed_by_place" in rows.order_by(*ORDER).values_list("pk", "overdue").explain()
    assert "Index Only Scan using item_listed_by_analyst" in counts.explain()
