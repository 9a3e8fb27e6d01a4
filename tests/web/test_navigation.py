"""The main menu and the facts of the frame."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from collections_app.accounts.models import User
from collections_app.accounts.roles import Role
from collections_app.web import frame_facts
from collections_app.web.context import Frame
from collections_app.web.frame_facts import Banner, FrameFacts
from collections_app.web.navigation import PLACES, SELDOM, address, places_for, seldom_places_for


@pytest.fixture
def menu(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.web.menu_for_tests"


def asked_by(user: User | AnonymousUser, at: str = "/accounts/7/") -> HttpRequest:
    request = RequestFactory().get(at)
    request.user = user
    return request


def test_a_place_without_a_page_is_left_out(menu: None) -> None:
    shown = places_for(asked_by(User(role=Role.VIEWER)))
    assert [str(place.label) for place in shown] == ["Accounts", "Insight"]


def test_every_place_of_the_menu_exists() -> None:
    assert [place.url_name for place in (*PLACES, *SELDOM) if not address(place.url_name)] == []


def test_the_mailbox_is_the_demos_and_importing_needs_the_right(settings: Settings) -> None:
    def seldom(role: Role) -> list[str]:
        return [str(place.label) for place in seldom_places_for(asked_by(User(role=role)))]

    settings.DEMO = True
    assert seldom(Role.ACCOUNTANT) == ["Approvals", "Import", "Mailbox"]
    assert seldom(Role.VIEWER) == ["Mailbox"]
    settings.DEMO = False
    assert seldom(Role.ACCOUNTANT) == ["Approvals", "Import"]


def test_the_place_a_page_lies_under_is_current_and_only_the_closest(menu: None) -> None:
    def current(at: str) -> list[str]:
        return [str(place.label) for place in places_for(asked_by(User(role=Role.VIEWER), at)) if place.current]

    assert current("/accounts/7/") == ["Accounts"]
    assert current("/accounts/aging/") == ["Insight"]
    assert current("/elsewhere/") == []


def test_pages_around_the_worklist_lie_at_the_worklist() -> None:
    for name in ("strategies", "playbooks"):
        shown = places_for(asked_by(User(role=Role.MANAGER), address(name)))
        assert [str(place.label) for place in shown if place.current] == ["Worklist"]


def test_what_waits_stands_beside_its_place() -> None:
    shown = seldom_places_for(asked_by(User(role=Role.MANAGER)), {"approvals": 3})
    assert {str(place.label): place.count for place in shown}["Approvals"] == 3
    assert sum(place.count for place in shown) == 3


def test_a_stranger_and_a_switched_off_user_see_no_menu(menu: None) -> None:
    assert places_for(asked_by(AnonymousUser())) == ()
    assert places_for(asked_by(User(role=Role.VIEWER, is_active=False))) == ()


def test_the_address_of_a_name_that_does_not_exist_is_empty(menu: None) -> None:
    assert address("aging") == "/accounts/aging/"
    assert address("nowhere") == ""


def test_the_first_app_that_knows_a_fact_wins_and_banners_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_facts, "_providers", [])
    stopped, test_mode = Banner("All outgoing mail is stopped.", "critical"), Banner("Test mode.")
    frame_facts.provide_frame_facts(lambda request: FrameFacts(banners=(stopped,)))
    frame_facts.provide_frame_facts(
        lambda request: FrameFacts(as_of=date(2026, 11, 21), entity="Nordwind", banners=(test_mode,))
    )
    frame_facts.provide_frame_facts(lambda request: FrameFacts(as_of=date(2020, 1, 1), demo_clock=True))
    facts = frame_facts.frame_facts(asked_by(AnonymousUser()))
    assert (facts.as_of, facts.entity, facts.demo_clock) == (date(2026, 11, 21), "Nordwind", True)
    assert facts.banners == (stopped, test_mode)


def test_a_strangers_page_tells_no_facts_of_the_company(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_facts, "_providers", [lambda request: FrameFacts(entity="Nordwind")])
    assert Frame(asked_by(AnonymousUser())).entity == ""
    assert Frame(asked_by(User(role=Role.VIEWER))).entity == "Nordwind"
