"""Disputes in a real browser: a board without a mouse, forms by key, two editors, a colleague's page; accessible."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from customers.models import BusinessClock
from invoices.models import DisputeCase
from invoices.services.ask_colleague import ask_colleague
from invoices.services.change_case import Values, change_case
from invoices.services.open_case import open_case
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which makes Django refuse the ORM although nothing runs in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def case(cast: Cast) -> DisputeCase:
    """A case of two invoices, a second one of another customer, and an invoice that is not disputed."""
    BusinessClock.objects.create(pinned_on=DAY)
    meyer = factories.customer(name="Meyer Anlagenbau GmbH", collector=cast.collector)
    items = [(factories.invoice(meyer, total, due_on=DAY - timedelta(days=20)), None) for total in ("480.00", "120.00")]
    factories.invoice(meyer, "75.00", due_on=DAY - timedelta(days=5))
    told: dict[str, Any] = {"reason": "quality", "text": "Two pallets were wet.", "opened_on": DAY, "actor": cast.lead}
    made = open_case(customer=meyer, items=items, **told)
    other = factories.customer(name="Lakeside Mills")
    open_case(customer=other, items=[(factories.invoice(other, "90.00"), None)], **told)
    return made


def open_as(chromium: Browser, server: LiveServer, user: object, *, width: int = 1440, scheme: str = "light") -> Page:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server.url}])
    page.set_default_timeout(15_000)
    return page


def settled(page: Page) -> None:
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def broken_rules(page: Page) -> list[str]:
    page.evaluate("scrollTo(0, 0)")  # what is half under the bar counts as too small
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:140]}" for rule in found for node in rule["nodes"][:3]]


def too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_a_card_is_moved_by_keys_alone_and_the_keyboard_stays_on_the_board(
    chromium: Browser, live_server: LiveServer, cast: Cast, case: DisputeCase
) -> None:
    page = open_as(chromium, live_server, cast.collector)
    page.goto(f"{live_server.url}/disputes/board/")
    page.keyboard.press("j")
    expect(page.locator(".board-card:focus")).to_contain_text("Meyer")
    page.keyboard.press("m")
    expect(page.locator(".board-card .menu-item:focus")).to_have_text("Being looked into")
    assert broken_rules(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".board-column").nth(3)).to_contain_text("Meyer")
    settled(page)
    expect(page.locator(".board-card:focus")).to_contain_text("Lakeside")
    page.keyboard.press("ArrowRight")
    page.locator(".board-column").nth(3).locator(".board-card").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/disputes/cases/{case.pk}/")
    case.refresh_from_db()
    assert case.stage == "customer"


def test_every_form_opens_by_its_key_and_breaks_no_rule(
    chromium: Browser, live_server: LiveServer, cast: Cast, case: DisputeCase
) -> None:
    for scheme, width in (("light", 1440), ("dark", 390)):
        page = open_as(chromium, live_server, cast.collector, scheme=scheme, width=width)
        wrong = []
        for key in "mcaeiw":
            page.goto(f"{live_server.url}/disputes/cases/{case.pk}/")
            page.keyboard.press(key)
            expect(page.locator("#composer form")).to_be_visible()
            settled(page)
            wrong += broken_rules(page)
            assert not too_wide(page), key
        page.keyboard.press("Escape")
        expect(page.locator("#composer form")).to_have_count(0)
        assert wrong == []
        page.close()


def test_u33_two_editors_meet_and_the_second_keeps_the_own_text(
    chromium: Browser, live_server: LiveServer, cast: Cast, case: DisputeCase
) -> None:
    page = open_as(chromium, live_server, cast.collector)
    page.goto(f"{live_server.url}/disputes/cases/{case.pk}/")
    page.keyboard.press("e")
    page.get_by_label("Reason", exact=True).select_option("quantity")
    theirs = Values(cast.lead, case.answer_by, "price", "", {})
    change_case(case=case, version=1, values=theirs, on=DAY, actor=cast.lead)
    page.get_by_role("button", name="Save").click()
    panel = page.get_by_role("alert")
    for words in ("Lead changed this dispute", "Wrong price", "Wrong quantity"):
        expect(panel.first).to_contain_text(words)
    assert broken_rules(page) == []
    expect(page.get_by_label("Reason", exact=True)).to_have_value("quantity")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#composer form")).to_have_count(0)
    case.refresh_from_db()
    assert (case.reason, case.version) == ("quantity", 3)


def test_several_invoices_are_disputed_from_the_account_by_keys(
    chromium: Browser, live_server: LiveServer, cast: Cast, case: DisputeCase
) -> None:
    factories.invoice(case.customer, "33.00", due_on=DAY - timedelta(days=3))
    page = open_as(chromium, live_server, cast.collector)
    page.goto(f"{live_server.url}/accounts/{case.customer_id}/")
    page.keyboard.press("d")
    expect(page.locator(".share-row input[type=checkbox]:focus")).to_have_count(1)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_label("Reason").select_option("price")
    assert broken_rules(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer form")).to_have_count(0)
    made = DisputeCase.objects.latest("pk")
    assert sorted(f"{row.amount:.2f}" for row in made.disputes.all()) == ["10.00", "33.00"]


def test_a_colleague_answers_on_a_phone_without_an_account(
    chromium: Browser, live_server: LiveServer, cast: Cast, case: DisputeCase
) -> None:
    question, url = ask_colleague(
        case=case, name="Sam Stock", email="sam@nordwind.example", text="Did it leave dry?", now=timezone.now(), on=DAY,
        actor=cast.collector,
    )  # fmt: skip
    address = f"{live_server.url}/answer/{url.rstrip('/').rpartition('/')[2]}/"
    for scheme in ("dark", "light"):
        page = chromium.new_page(viewport={"width": 360, "height": 780}, color_scheme=scheme)
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_contain_text("asks you")
        assert broken_rules(page) == []
        assert not too_wide(page)
    page.get_by_label("Your answer").fill("It left dry, see the photo.")
    page.get_by_label("Files").set_input_files({"name": "photo.png", "mimeType": "image/png", "buffer": b"x"})
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert broken_rules(page) == []
    question.refresh_from_db()
    assert question.answer == "It left dry, see the photo."
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("does not work any more")
