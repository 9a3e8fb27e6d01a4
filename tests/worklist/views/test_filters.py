"""Filters, columns and rows: in the address, quick, undone with one click, never an error (U11, U15, U19)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collections_app.accounts.models import User
from customers.models import BusinessClock, Customer, Segment, SegmentMember
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Absence, WorklistItem
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def late(amount: str = "1000.00", days: int = 40, **more: Any) -> Customer:
    who = factories.customer(**more)
    factories.invoice(who, amount, due_on=DAY - timedelta(days=days))
    return who


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rows(client: Client, **query: Any) -> set[int]:
    page = client.get(reverse("worklist"), query)
    assert page.status_code == 200
    return {row.customer_id for row in page.context["page"].rows}


def test_u15_each_filter_narrows_the_list_and_the_count_and_sum_say_so(cast: Cast) -> None:
    small, big = late("100.00", days=20), late("9000.00", days=100)
    rescore_all(on=DAY)
    WorklistItem.objects.filter(pk=big.pk).update(size_class="A", escalated=True)
    WorklistItem.objects.filter(pk=small.pk).update(size_class="C", pinned=True, pinned_until=DAY)
    segment = Segment.objects.create(code="north", name="North", rule={})
    SegmentMember.objects.create(segment=segment, customer=small, since=DAY)
    client = signed_in(cast.collector)
    for query, found in (
        ({"size": "A"}, {big.pk}), ({"size": "C"}, {small.pk}), ({"days": "90"}, {big.pk}),
        ({"has": "escalated"}, {big.pk}), ({"has": "pinned"}, {small.pk}), ({"segment": "north"}, {small.pk}),
        ({"least": "1000"}, {big.pk}), ({"segment": "nowhere"}, set()),
    ):  # fmt: skip
        assert rows(client, who="all", **query) == found, query
    page = client.get(reverse("worklist"), {"who": "all", "days": "90"}).content.decode()
    assert "1 customer · €9k" in page
    assert "90 days late or more" in page
    assert 'href="/worklist/?who=all"' in page, "one click takes the filter away"


@pytest.mark.parametrize("odd", ["\x00", "'; drop", "x" * 500, "²", "../", "A B"])
def test_odd_values_in_the_address_are_passed_over(cast: Cast, odd: str) -> None:
    late()
    rescore_all(on=DAY)
    names = ("who", "show", "entity", "stage", "has", "least", "size", "days", "segment", "at", "after", "before")
    for name in names:
        assert signed_in(cast.collector).get(reverse("worklist"), {name: odd}).status_code in (200, 404)


def test_the_filter_form_comes_by_itself_and_holds_what_is_chosen(cast: Cast) -> None:
    factories.entity()
    page = signed_in(cast.viewer).get(reverse("worklist_filter"), {"who": "mine", "days": "60"}, headers=HTMX)
    text = page.content.decode()
    assert '<option value="60" selected>' in text
    assert 'name="who" value="mine"' in text
    assert "<html" not in text
    assert "<html" in signed_in(cast.viewer).get(reverse("worklist_filter")).content.decode()


def test_pinned_customers_stand_first_on_every_page_and_the_next_page_goes_on(cast: Cast) -> None:
    people = [late(f"{n + 1}00.00", days=20) for n in range(55)]
    rescore_all(on=DAY)
    WorklistItem.objects.filter(pk=people[0].pk).update(pinned=True, pinned_until=DAY)
    client = signed_in(cast.collector)
    first = client.get(reverse("worklist")).context["page"]
    assert first.rows[0].customer_id == people[0].pk
    second = client.get(reverse("worklist"), {"after": first.next_cursor}).context["page"]
    seen = [row.customer_id for row in first.rows + second.rows]
    assert len(seen) == len(set(seen)) == 55
    with CaptureQueriesContext(connection) as context:
        client.get(reverse("worklist"), {"after": first.next_cursor})
    (page,) = [row["sql"] for row in context if "next_step_text" in row["sql"] and "LIMIT 51" in row["sql"]]
    assert '"rank" <= ' in page, "the index narrows by the rank, however far down the list"
    again = client.get(reverse("worklist"), {"before": second.previous_cursor}).context["page"]
    assert [row.customer_id for row in again.rows] == [row.customer_id for row in first.rows]


def test_while_a_collector_is_away_the_substitute_has_their_customers(cast: Cast) -> None:
    who = late(collector=cast.lead)
    Absence.objects.create(user=cast.lead, substitute=cast.collector, starts_on=DAY, ends_on=DAY)
    rescore_all(on=DAY)
    assert rows(signed_in(cast.collector)) == {who.pk}
    assert rows(signed_in(cast.lead), who="mine") == set()


def test_u19_the_chosen_columns_are_remembered_and_shown(cast: Cast) -> None:
    who = late(collector=cast.lead)
    rescore_all(on=DAY)
    client = signed_in(cast.collector)
    assert who.number not in client.get(reverse("worklist"), {"show": "all"}).content.decode().split('id="panel"')[0]
    answer = client.post(reverse("worklist_columns"), {"columns": ["number", "days"], "back": "who=all"}, headers=HTMX)
    assert "who=all" in answer.headers["HX-Location"]
    cast.collector.refresh_from_db()
    assert cast.collector.columns == {"worklist": ["number", "days"]}
    left = client.get(reverse("worklist"), {"show": "all"}).content.decode().split('id="panel"')[0]
    assert who.number in left
    assert "40 days" in left
    assert client.post(reverse("worklist_columns"), {"columns": ["password"]}).status_code == 422
    client.post(reverse("worklist_columns"), {"columns": []})
    cast.collector.refresh_from_db()
    assert cast.collector.columns == {"worklist": []}


def test_a_row_says_who_has_it_that_it_is_pinned_and_escalated_and_why_it_sleeps(cast: Cast) -> None:
    who = late(collector=cast.lead)
    rescore_all(on=DAY)
    item = WorklistItem.objects.filter(pk=who.pk)
    item.update(pinned=True, pinned_until=DAY, pin_reason="<b>CEO asks</b>", escalated=True,
                snoozed_until=DAY + timedelta(days=3), snooze_reason="Trade fair")  # fmt: skip
    page = signed_in(cast.collector).get(reverse("worklist"), {"show": "snoozed"}).content.decode()
    left = page.split('id="panel"')[0]
    for words in ("Pinned", "Escalated", "Trade fair", "Lead", "&lt;b&gt;CEO asks"):
        assert words in left
    assert "<b>CEO asks" not in page


def test_viewers_have_no_boxes_to_tick(cast: Cast) -> None:
    late()
    rescore_all(on=DAY)
    assert "work-check" not in signed_in(cast.viewer).get(reverse("worklist")).content.decode()
    assert 'name="pick"' in signed_in(cast.collector).get(reverse("worklist")).content.decode()
