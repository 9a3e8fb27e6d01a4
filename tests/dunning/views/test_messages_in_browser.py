"""The messages page in a real browser: one key each, accessible in light and dark, never wider than a phone."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from customers.models import BusinessClock
from dunning.models import InboundMessage
from dunning.services.receive_message import receive_message
from invoices.models import Promise
from tests import factories
from tests.conftest import Cast
from tests.dunning.inbound_mails import NOW, mail

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
def waiting(cast: Cast) -> list[InboundMessage]:
    """A promise, a dispute with an absence, and a stranger's question."""
    BusinessClock.objects.create(pinned_on=factories.DAY)
    who = factories.customer(email="pat@payer.example", name="Meyer Anlagenbau GmbH")
    factories.invoice(who, "500.00", due_on=factories.DAY - timedelta(days=20), number="R-4711")
    words = (
        (
            "We will pay 500 EUR on Friday.\n\nOn Mon, Nordwind <ar@nordwind.example> wrote:\n> Please pay.",
            "pat@payer.example",
        ),
        ("The goods arrived damaged. I am out of the office until 10 March.", "pat@payer.example"),
        ("Which invoice do you mean?", "Alex <alex@elsewhere.example>"),
    )
    found = [
        receive_message(
            raw=mail(text, sender=sender, subject=f"Re: Reminder {n}", message_id=f"<m{n}@payer.example>"),
            account="imap:ar@nordwind.example", received_at=NOW + timedelta(minutes=n),
        )
        for n, (text, sender) in enumerate(words)
    ]  # fmt: skip
    return [message for message in found if message is not None]


def open_as(chromium: Browser, server: LiveServer, user: object, *, width: int = 1440, scheme: str = "light") -> Page:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server.url}])
    page.set_default_timeout(15_000)
    return page


def shown(page: Page, message: InboundMessage) -> None:
    """Waits until the panel is this message's, and its links are htmx's."""
    expect(page.locator("#panel [data-shown-message]")).to_have_attribute("data-shown-message", str(message.pk))
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def test_messages_are_worked_with_one_key_each(
    chromium: Browser, live_server: LiveServer, cast: Cast, waiting: list[InboundMessage]
) -> None:
    page = open_as(chromium, live_server, cast.collector)
    page.goto(f"{live_server.url}/dunning/messages/")
    shown(page, waiting[0])
    expect(page.locator("mark")).to_have_text("We will pay 500 EUR on Friday.")
    page.keyboard.press("1")
    shown(page, waiting[1])
    assert Promise.objects.count() == 1
    expect(page.locator("#messages [data-item]")).to_have_count(2)
    page.keyboard.press("z")  # the undo of the note: the message waits again, the promise stays
    shown(page, waiting[0])
    page.keyboard.press("e")
    shown(page, waiting[1])
    page.keyboard.press("x")
    expect(page.locator(".message-proposal[data-state='dismissed']")).to_have_count(1)
    page.keyboard.press("c")
    expect(page.locator("#composer form.form")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#composer form")).to_have_count(0)
    page.keyboard.press("2")
    shown(page, waiting[2])
    page.keyboard.press("a")
    page.locator("#composer input[name=find]").fill("meyer")
    page.keyboard.press("Enter")
    expect(page.locator("#composer .rows")).to_contain_text("Meyer Anlagenbau GmbH")
    page.locator("#composer .rows button").click()
    expect(page.locator(".message-head")).to_contain_text("Meyer Anlagenbau GmbH")
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (360, "light")])
def test_the_page_is_accessible_and_fits(
    chromium: Browser, live_server: LiveServer, cast: Cast, waiting: list[InboundMessage], width: int, scheme: str
) -> None:
    page = open_as(chromium, live_server, cast.collector, width=width, scheme=scheme)
    proposal = waiting[0].proposals.get()
    for path in (
        "",
        f"?at={waiting[1].pk}",
        f"{waiting[0].pk}/confirm/{proposal.pk}/",
        f"{waiting[2].pk}/assign/?find=m",
    ):
        page.goto(f"{live_server.url}/dunning/messages/{path}")
        expect(page.locator(".htmx-request")).to_have_count(0)
        if folder := os.environ.get("LOOK_AT"):
            page.screenshot(path=f"{folder}/{scheme}-{width}-{len(path)}.png")
        broken = Axe().run(page, options=RULES).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in broken] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
