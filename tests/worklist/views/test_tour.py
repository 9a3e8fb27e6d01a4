"""The tour: its stops are real pages, it remembers, ends and begins again."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collections_app.accounts.models import User
from customers.models import BusinessClock
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.services.rescore import rescore_all
from worklist.tour import STOPS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ready(settings: Any) -> None:
    settings.DEMO = False
    BusinessClock.objects.create(pinned_on=DAY)
    who = factories.customer()
    factories.invoice(who, "1000.00", due_on=DAY - timedelta(days=40))
    rescore_all(on=DAY)


def test_every_stop_of_an_administrator_leads_to_a_page_that_opens(client: Client, cast: Cast, settings: Any) -> None:
    settings.DEMO = True
    client.force_login(cast.admin)
    for stop in STOPS:
        answer = client.post(reverse("tour_go", args=[stop.code]))
        assert answer.status_code == 302, stop.code
        assert client.get(answer["Location"]).status_code == 200, stop.code
    cast.admin.refresh_from_db()
    assert cast.admin.tour_seen == [stop.code for stop in STOPS]


def test_a_stop_is_remembered_and_its_page_says_what_to_try(client: Client, cast: Cast) -> None:
    client.force_login(cast.collector)
    client.post(reverse("tour_go", args=["list"]))
    assert "Go on with the tour" in client.get("/worklist/").content.decode()
    assert "Go on with the tour" not in client.get("/accounts/").content.decode()
    shown = client.get(reverse("tour")).content.decode()
    assert "1 of" in shown
    assert shown.count("data-seen") == 1


def test_the_tour_ends_and_begins_again(client: Client, cast: Cast) -> None:
    client.force_login(cast.collector)
    client.post(reverse("tour_go", args=["list"]))
    assert client.post(reverse("tour_done"))["Location"] == reverse("home")
    assert "Go on with the tour" not in client.get("/worklist/").content.decode()
    cast.collector.refresh_from_db()
    assert cast.collector.tour_done_at is not None
    client.post(reverse("tour_restart"))
    again = User.objects.get(pk=cast.collector.pk)
    assert again.tour_done_at is None
    assert again.tour_seen == []


def test_nobody_visits_stops_of_others(client: Client, cast: Cast) -> None:
    client.force_login(cast.viewer)
    for code in ("call", "team", "import", "mailbox", "nowhere"):
        assert client.post(reverse("tour_go", args=[code])).status_code == 404, code
    assert "Lead the team" not in client.get(reverse("tour")).content.decode()


def test_those_who_are_new_are_asked_and_the_others_are_not(client: Client, cast: Cast) -> None:
    client.force_login(cast.collector)
    assert "Take the tour" in client.get("/accounts/").content.decode()
    User.objects.filter(pk=cast.collector.pk).update(date_joined=timezone.now() - timedelta(days=60))
    assert "Take the tour" not in client.get("/accounts/").content.decode()
