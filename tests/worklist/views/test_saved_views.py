"""Saved views: named, shared, pinned, opening by themselves; nobody else's can be changed (U13, D53, D54)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from collections_app.accounts.models import User
from customers.models import BusinessClock
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import SavedView
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def keeps(user: User, name: str = "Broken promises", **more: Any) -> Any:
    data = {"name": name, "on": "worklist", "query": "who=all&has=broken&at=12&after=x&evil=1", **more}
    return signed_in(user).post(reverse("views"), data, headers=HTMX)


def test_u13_a_view_keeps_the_filters_and_not_the_place_in_the_list(cast: Cast) -> None:
    factories.entity()
    assert keeps(cast.collector).status_code == 200
    view = SavedView.objects.get()
    assert (view.owner, view.query, view.team) == (cast.collector, "who=all&has=broken", None)
    assert "Broken promises" in signed_in(cast.collector).get(reverse("views")).content.decode()
    assert "Broken promises" not in signed_in(cast.lead).get(reverse("views")).content.decode()


def test_u13_a_shared_and_pinned_view_stands_above_the_list_of_the_team(cast: Cast) -> None:
    factories.entity()
    keeps(cast.collector, team=factories.team().pk, is_pinned="on")
    page = signed_in(cast.lead).get(reverse("worklist")).content.decode()
    assert "Broken promises" in page
    assert "Broken promises" not in signed_in(cast.stranger).get(reverse("worklist")).content.decode()


def test_u13_a_default_view_opens_by_itself_and_only_one_does(cast: Cast) -> None:
    who = factories.customer()
    factories.invoice(who, "10.00", due_on=DAY - timedelta(days=40))
    rescore_all(on=DAY)
    keeps(cast.collector, is_default="on")
    keeps(cast.collector, name="Late", query="who=all&stage=late", is_default="on")
    client = signed_in(cast.collector)
    assert client.get(reverse("worklist")).headers["Location"] == f"{reverse('worklist')}?who=all&stage=late"
    assert client.get(reverse("worklist"), {"who": "all"}).status_code == 200
    assert SavedView.objects.filter(is_default=True).count() == 1
    assert signed_in(cast.lead).get(reverse("worklist")).status_code == 200


def test_the_same_name_twice_and_no_name_are_refused_with_a_sentence(cast: Cast) -> None:
    keeps(cast.collector)
    answer = keeps(cast.collector, name="broken PROMISES")
    assert answer.status_code == 422
    assert "You have a view called broken PROMISES already" in answer.content.decode()
    assert keeps(cast.collector, name=" ").status_code == 422
    assert keeps(cast.lead).status_code == 200


def test_d53_a_colleagues_view_is_not_changed_or_deleted_shared_or_not(cast: Cast) -> None:
    keeps(cast.collector, team=factories.team().pk)
    view = SavedView.objects.get()
    for user in (cast.lead, cast.stranger):
        client = signed_in(user)
        assert client.get(reverse("view_change", args=[view.pk])).status_code == 404
        assert client.post(reverse("view_change", args=[view.pk]), {"name": "Mine"}).status_code == 404
        assert client.post(reverse("view_delete", args=[view.pk])).status_code == 404
    signed_in(cast.collector).post(reverse("view_change", args=[view.pk]), {"name": "Mine now", "is_pinned": "on"})
    view.refresh_from_db()
    assert (view.name, view.is_pinned, view.team) == ("Mine now", True, None)
    signed_in(cast.collector).post(reverse("view_delete", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_d54_extra_fields_are_ignored_and_a_strange_team_is_refused(cast: Cast) -> None:
    assert keeps(cast.collector, team=factories.team("Southern team").pk).status_code == 422
    keeps(cast.collector, owner=cast.lead.pk, id=99)
    assert SavedView.objects.get().owner == cast.collector


def test_a_view_of_the_accounts_keeps_only_what_that_list_knows(cast: Cast) -> None:
    keeps(cast.collector, on="accounts", query="q=meyer&sort=-open&before=x")
    assert SavedView.objects.get().query == "q=meyer&sort=-open"
    assert keeps(cast.collector, name="Odd", on="nonsense").status_code == 200


def test_d66_a_script_as_a_name_is_inert_in_menu_and_message(cast: Cast) -> None:
    factories.entity()
    keeps(cast.collector, name="<img src=x onerror=alert(1)>", is_pinned="on")
    client = signed_in(cast.collector)
    for page in (client.get(reverse("views")), client.get(reverse("worklist"))):
        assert "<img src=x" not in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_pressed_three_times_at_once_a_view_is_kept_once(cast: Cast) -> None:
    barrier, clients = Barrier(3), [signed_in(cast.collector) for _ in range(3)]

    def press(client: Client) -> int:
        barrier.wait(timeout=20)
        try:
            data = {"on": "worklist", "query": "who=mine", "name": "Late ones", "is_default": "on"}
            return client.post(reverse("views"), data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(press, clients)) == [302, 422, 422]
    assert SavedView.objects.get().is_default
