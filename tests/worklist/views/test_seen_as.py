"""A lead looks at an analyst's list: as the analyst sees it, only to read, noted in the audit log (U46)."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from collections_app.accounts.models import User
from collections_app.audit.models import AuditEntry
from customers.models import BusinessClock, Customer
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import SavedView
from worklist.services.install_playbooks import install_playbooks
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def late(**more: Any) -> Customer:
    made = factories.customer(**more)
    factories.invoice(made, "500.00", due_on=DAY - timedelta(days=40))
    rescore_all(on=DAY)
    return made


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(client: Client, **query: Any) -> HttpResponse:
    asked: dict[str, Any] = {"as": "collector", **query}
    answer: object = client.get(reverse("worklist"), asked)
    assert isinstance(answer, HttpResponse)
    return answer


def test_u46_the_lead_sees_the_analysts_own_list_and_a_banner_that_says_so(cast: Cast) -> None:
    theirs, others = late(collector=cast.collector), late(collector=cast.lead)
    page = opened(client_of(cast.lead)).content.decode()
    assert f'id="row-{theirs.pk}"' in page
    assert f'id="row-{others.pk}"' not in page
    assert "Collector's list as they see it, to read only." in page


def test_u46_nothing_can_be_changed_there(cast: Cast) -> None:
    late(collector=cast.collector)
    own = client_of(cast.lead).get(reverse("worklist"), {"who": "all"}).content.decode()
    seen = opened(client_of(cast.lead)).content.decode()
    for mark in ("account-bar", "data-heartbeat", "data-pick"):
        assert mark in own
        assert mark not in seen


def test_u46_what_loads_by_itself_in_the_panel_is_only_read_too(cast: Cast) -> None:
    who = late(collector=cast.collector)
    install_playbooks(actor=cast.lead)
    asked: dict[str, Any] = {"who": "mine", "as": "collector", "at": who.pk}
    address = reverse("account_playbook", args=[who.pk])
    own = client_of(cast.lead).get(address, {"at": who.pk}, headers={"HX-Request": "true"}).content.decode()
    seen = client_of(cast.lead).get(address, asked, headers={"HX-Request": "true"}).content.decode()
    assert "<form" in own
    assert "playbook-step" in seen
    assert "<form" not in seen


def test_every_link_of_the_list_stays_with_the_analyst(cast: Cast) -> None:
    who = late(collector=cast.collector)
    page = opened(client_of(cast.lead)).content.decode()
    assert f"as=collector&amp;at={who.pk}" in page
    asked: dict[str, Any] = {"as": "collector", "at": who.pk}
    panel = client_of(cast.lead).get(reverse("worklist"), asked, headers={"HX-Request": "true", "HX-Target": "panel"})
    assert "account-bar" not in panel.content.decode()


def test_u46_one_look_is_noted_once_with_both_names(cast: Cast) -> None:
    late(collector=cast.collector)
    client = client_of(cast.lead)
    opened(client)
    opened(client, show="all")
    entry = AuditEntry.objects.get(action="team.list_seen_as")
    assert (entry.actor_id, entry.subject_id, entry.payload) == (
        cast.lead.pk, cast.collector.pk, {"list_of": "collector"},
    )  # fmt: skip


def test_one_s_own_list_is_not_noted(cast: Cast) -> None:
    late(collector=cast.lead)
    client_of(cast.lead).get(reverse("worklist"))
    assert not AuditEntry.objects.filter(action="team.list_seen_as").exists()


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("accountant", 403), ("collector", 403)])
def test_who_does_not_lead_a_team_may_not(cast: Cast, who: str, status: int) -> None:
    assert opened(client_of(getattr(cast, who))).status_code == status


def test_d53_a_lead_of_another_team_does_not_find_the_analyst(cast: Cast) -> None:
    assert opened(client_of(cast.stranger)).status_code == 404
    assert client_of(cast.lead).get(reverse("worklist"), {"as": "nobody\x00"}).status_code == 404


def test_d53_what_the_lead_may_not_see_is_left_out(cast: Cast) -> None:
    south = factories.entity("DE02", team=factories.team("Southern team"))
    cast.collector.teams.add(south.team)
    hidden = late(of=south, collector=cast.collector)
    late(collector=cast.collector)
    assert hidden.name in client_of(cast.collector).get(reverse("worklist")).content.decode()
    assert hidden.name not in opened(client_of(cast.lead)).content.decode()
    assert opened(client_of(cast.lead), at=hidden.pk).status_code == 404


def test_the_analysts_usual_view_opens_and_stays_theirs(cast: Cast) -> None:
    late(collector=cast.collector)
    SavedView.objects.create(
        owner=cast.collector, shown_on="worklist", name="Mine", query="who=mine&show=all", is_default=True
    )
    answer = opened(client_of(cast.lead))
    assert answer.headers["Location"] == "/worklist/?who=mine&show=all&as=collector"


def test_a_view_kept_from_there_does_not_keep_whose_list_it_was(cast: Cast) -> None:
    client_of(cast.lead).post(
        reverse("views"), {"name": "All", "on": "worklist", "query": "who=all&as=collector"}
    )  # fmt: skip
    assert SavedView.objects.get().query == "who=all"
