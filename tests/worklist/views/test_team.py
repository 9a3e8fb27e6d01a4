"""The pages of those who lead a team: load, absences, weeks, portfolios, rebalancing, escalations."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collections_app.accounts.models import User
from customers.models import BusinessClock, Customer
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Absence, Capacity, Escalation, Notification, Portfolio, WorklistItem
from worklist.services.escalate import escalate
from worklist.services.hand_lists import hand_lists
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


@pytest.fixture
def ben(cast: Cast) -> User:
    return factories.user(username="ben")


def late(count: int = 1, *, minutes: int = 30, **more: Any) -> list[Customer]:
    made = [factories.customer(email=None, **more) for _ in range(count)]
    for who in made:
        factories.invoice(who, "500.00", due_on=DAY - timedelta(days=40))
    rescore_all(on=DAY)
    WorklistItem.objects.update(minutes=minutes, for_today=True)
    return made


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, name: str, *args: object, **query: Any) -> str:
    return client_of(user).get(reverse(name, args=args), query).content.decode()


def test_the_load_of_each_analyst_stands_against_the_minutes_of_the_day(cast: Cast, ben: User) -> None:
    Capacity.objects.create(user=cast.collector, monday=60)
    late(3, collector=cast.collector)
    shown = page(cast.lead, "team")
    assert "90 of 60 min" in shown
    assert "30 min too many" in shown
    assert "0 of 360 min" in shown, "Ben's day is empty"


def test_d53_people_and_accounts_of_another_team_are_not_shown(cast: Cast, ben: User) -> None:
    late(1, collector=cast.collector)
    shown = page(cast.stranger, "team")
    assert "Ben" not in shown
    assert "€500.00" not in shown
    client = client_of(cast.stranger)
    assert client.get(reverse("capacity_edit", args=[ben.pk])).status_code == 404
    absence = Absence.objects.create(user=ben, starts_on=DAY, ends_on=DAY)
    assert client.post(reverse("absence_end", args=[absence.pk])).status_code == 404


def test_accounts_whose_collector_is_away_without_a_substitute_are_warned_about(cast: Cast) -> None:
    late(2, collector=cast.collector)
    Absence.objects.create(user=cast.collector, starts_on=DAY, ends_on=DAY)
    hand_lists(on=DAY)
    assert "2 accounts of people who are away are on nobody" in page(cast.lead, "team")


def test_an_absence_is_recorded_shown_and_ended(cast: Cast, ben: User) -> None:
    who = late(1, collector=cast.collector)[0]
    client = client_of(cast.lead)
    data = {"user": cast.collector.pk, "substitute": ben.pk, "starts_on": "2026-03-02", "ends_on": "2026-03-06"}
    assert client.post(reverse("absence_new"), data).headers["Location"] == reverse("team")
    shown = page(cast.lead, "team")
    assert "away until 6 Mar" in shown
    assert "Ben stands in" in shown
    assert WorklistItem.objects.get(pk=who.pk).analyst == ben
    client.post(reverse("absence_end", args=[Absence.objects.get().pk]))
    assert WorklistItem.objects.get(pk=who.pk).analyst == cast.collector


def test_a_wrong_absence_comes_back_with_422_and_says_what_to_do(cast: Cast, ben: User) -> None:
    data = {"user": ben.pk, "substitute": ben.pk, "starts_on": "2026-03-02", "ends_on": "2026-03-06"}
    answer = client_of(cast.lead).post(reverse("absence_new"), data)
    assert answer.status_code == 422
    assert "Nobody stands in for themselves" in answer.content.decode()


def test_d54_the_form_takes_nobody_of_another_team(cast: Cast, ben: User) -> None:
    data = {"user": ben.pk, "substitute": cast.stranger.pk, "starts_on": "2026-03-02", "ends_on": "2026-03-06"}
    assert client_of(cast.lead).post(reverse("absence_new"), data).status_code == 422
    assert not Absence.objects.exists()


def test_the_minutes_of_a_week_are_kept(cast: Cast, ben: User) -> None:
    week = {"monday": 300, "tuesday": 300, "wednesday": 0, "thursday": 120, "friday": 60, "saturday": 0, "sunday": 0}
    client = client_of(cast.lead)
    assert client.post(reverse("capacity_edit", args=[ben.pk]), week).status_code == 302
    assert Capacity.objects.get(user=ben).thursday == 120
    answer = client.post(reverse("capacity_edit", args=[ben.pk]), {**week, "monday": 1000})
    assert answer.status_code == 422


def test_a_portfolio_is_made_changed_and_named_once(cast: Cast, ben: User) -> None:
    client, data = client_of(cast.lead), {"name": "Large", "least_overdue": "10,000", "rank": "10", "is_active": "on"}
    client.post(reverse("portfolio_new"), {**data, "analysts": [ben.pk, cast.stranger.pk]})
    assert not Portfolio.objects.exists(), "a stranger cannot be chosen"
    client.post(reverse("portfolio_new"), {**data, "analysts": [ben.pk]})
    made = Portfolio.objects.get()
    assert (made.least_overdue, list(made.analysts.all())) == (Decimal(10_000), [ben])
    assert "at least 10,000 overdue" in page(cast.lead, "team")
    client.post(reverse("portfolio_edit", args=[made.pk]), {**data, "most_overdue": "20000", "analysts": []})
    made.refresh_from_db()
    assert (made.most_overdue, made.analysts.count()) == (Decimal(20_000), 0)
    again = client.post(reverse("portfolio_new"), data)
    assert again.status_code == 422
    assert "Another portfolio has this name" in again.content.decode()
    empty = client.post(reverse("portfolio_edit", args=[made.pk]), {**data, "most_overdue": "5"})
    assert "No amount is at least" in empty.content.decode()


def test_d53_a_portfolio_of_another_teams_entity_is_not_found(cast: Cast) -> None:
    south = factories.entity("DE02", team=factories.team("Southern team"))
    theirs = Portfolio.objects.create(name="South", entity=south)
    assert "South" not in page(cast.lead, "team")
    assert client_of(cast.lead).get(reverse("portfolio_edit", args=[theirs.pk])).status_code == 404


def test_people_of_other_teams_stay_in_a_shared_portfolio(cast: Cast, ben: User) -> None:
    shared = Portfolio.objects.create(name="Shared")
    shared.analysts.set([ben, cast.stranger])
    data = {"name": "Shared", "rank": "10", "is_active": "on", "analysts": [cast.collector.pk]}
    client_of(cast.lead).post(reverse("portfolio_edit", args=[shared.pk]), data)
    assert set(shared.analysts.all()) == {cast.collector, cast.stranger}


def proposed(user: User) -> str:
    return page(user, "rebalancing").partition('name="plan" value="')[2].partition('"')[0]


def test_the_proposal_says_who_moves_where_and_why_and_changes_nothing(cast: Cast, ben: User) -> None:
    Capacity.objects.create(user=cast.collector, monday=50, tuesday=50, wednesday=50, thursday=50, friday=50)
    late(2, collector=cast.collector)
    late(1)
    shown = page(cast.lead, "rebalancing")
    assert "2 accounts would move" in shown
    assert "Collector&#x27;s day is too full" in shown
    assert "it is nobody&#x27;s" in shown
    assert Customer.objects.filter(collector=ben).count() == 0


def test_the_proposal_is_carried_out_without_what_was_left_and_taken_back(cast: Cast, ben: User) -> None:
    Portfolio.objects.create(name="All").analysts.set([ben])
    first, second = late(2, collector=cast.collector)
    client = client_of(cast.lead)
    client.post(reverse("rebalancing"), {"plan": proposed(cast.lead), "leave": [second.pk, "x"]})
    assert [Customer.objects.get(pk=who.pk).collector for who in (first, second)] == [ben, cast.collector]
    assert "You moved one account." in page(cast.lead, "team")
    assert Notification.objects.get().text == "1 account was given to you."
    batch = page(cast.lead, "team").partition("/team/rebalancing/")[2]
    undo = page(cast.lead, "team").partition('action="/team/rebalancing/')[2].partition('"')[0]
    assert batch
    assert client.post(f"/team/rebalancing/{undo}").headers["Location"] == reverse("team")
    assert Customer.objects.get(pk=first.pk).collector == cast.collector
    assert client.post(f"/team/rebalancing/{undo}").status_code == 409


def test_undo_on_the_message_draws_the_page_anew(cast: Cast, ben: User) -> None:
    Portfolio.objects.create(name="All").analysts.set([ben])
    late(1, collector=cast.collector)
    client = client_of(cast.lead)
    client.post(reverse("rebalancing"), {"plan": proposed(cast.lead)})
    undo = page(cast.lead, "team").partition('action="/team/rebalancing/')[2].partition('"')[0]
    answer = client.post(f"/team/rebalancing/{undo}", headers=HTMX)
    assert answer.headers["HX-Redirect"] == reverse("team")
    assert "1 account went back." in client.get(reverse("team")).content.decode()


def test_a_proposal_that_is_another_one_by_now_is_shown_again_and_not_done(cast: Cast, ben: User) -> None:
    Portfolio.objects.create(name="All").analysts.set([ben])
    late(1, collector=cast.collector)
    answer = client_of(cast.lead).post(reverse("rebalancing"), {"plan": "old"})
    assert answer.status_code == 409
    assert "The day moved on" in answer.content.decode()
    assert not Customer.objects.filter(collector=ben).exists()


def test_d53_a_lead_of_another_team_moves_nothing_of_ours(cast: Cast, ben: User) -> None:
    late(2)
    assert "Nothing to move" in page(cast.stranger, "rebalancing")


def test_the_key_g_escalates_and_undo_takes_it_back(cast: Cast) -> None:
    who = late(1, collector=cast.collector)[0]
    client = client_of(cast.collector)
    form = client.get(reverse("account_escalate", args=[who.pk]), headers=HTMX).content.decode()
    assert "Lead" in form
    assert "Stranger" not in form
    answer = client.post(
        reverse("account_escalate", args=[who.pk]), {"reason": "Help.", "back": f"at={who.pk}"}, headers=HTMX
    )
    assert "handed to the managers" in answer.headers["HX-Trigger"]
    assert "Help." in page(cast.lead, "escalations")
    undo = answer.headers["HX-Trigger"].partition('"undo": "')[2].partition('"')[0]
    client.post(undo, headers=HTMX)
    assert not Escalation.objects.exists()
    again = client.post(reverse("account_escalate", args=[who.pk]), {"reason": ""}, headers=HTMX)
    assert again.status_code == 422


def test_an_escalation_is_answered_once_and_kept(cast: Cast) -> None:
    who = late(1, collector=cast.collector)[0]
    raised = escalate(customer=who, reason="Help.", to=None, on=DAY, actor=cast.collector)
    client, address = client_of(cast.lead), reverse("escalation_answer", args=[raised.pk])
    wrong = client.post(address, {f"e{raised.pk}-answer": ""})
    assert wrong.status_code == 422
    assert "Write what was decided" in wrong.content.decode()
    assert client.post(address, {f"e{raised.pk}-answer": "Call the CFO."}).headers["Location"] == reverse("escalations")
    assert "Call the CFO." in page(cast.lead, "escalations", show="answered")
    late_answer = client.post(address, {f"e{raised.pk}-answer": "No, write."})
    shown = late_answer.content.decode()
    assert late_answer.status_code == 409
    assert "Somebody answered this already" in shown
    assert "Call the CFO." in shown, "the other's words"
    assert "No, write." in shown, "one's own words stay"
    assert client_of(cast.stranger).post(address, {f"e{raised.pk}-answer": "x"}).status_code == 404


def test_d67_a_reason_with_a_script_is_only_text(cast: Cast) -> None:
    who = late(1, collector=cast.collector)[0]
    escalate(customer=who, reason="<script>alert(1)</script>", to=None, on=DAY, actor=cast.collector)
    for name in ("escalations", "notifications"):
        assert "<script>alert(1)" not in page(cast.lead, name)


def test_d98_the_pages_cost_the_same_for_ten_accounts_and_for_forty(cast: Cast, ben: User) -> None:
    client = client_of(cast.lead)

    def statements() -> dict[str, int]:
        found = {}
        for name in ("team", "rebalancing", "escalations"):
            with CaptureQueriesContext(connection) as seen:
                client.get(reverse(name))
            found[name] = len(seen)
        return found

    for who in late(10):
        escalate(customer=who, reason="Help.", to=None, on=DAY, actor=cast.collector)
    few = statements()
    for who in late(30):
        escalate(customer=who, reason="Help.", to=None, on=DAY, actor=cast.collector)
    assert statements() == few
    assert max(few.values()) <= 20
