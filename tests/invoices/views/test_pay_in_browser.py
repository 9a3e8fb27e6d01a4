"""The payer's way in a real browser at phone width: from the link to the receipt, with the webhook over real HTTP."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from invoices.models import DocumentMail, Payment, PaySession
from invoices.services.process_webhooks import process_webhooks
from tests import factories
from tests.invoices.payers import Payer, payer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PHONE: ViewportSize = {"width": 360, "height": 740}


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
def someone(live_server: LiveServer, settings: Settings) -> Payer:
    settings.BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    who = factories.customer(name="Meyer Anlagenbau GmbH")
    past = factories.today() - timedelta(days=18)
    factories.invoice(who, "11480.00", due_on=past, number="2026-10417")
    factories.invoice(who, "1000.00", due_on=past + timedelta(days=12), number="2026-10466")
    factories.invoice(who, "420.50", due_on=past + timedelta(days=26), number="2026-10502")
    return payer(who)


@pytest.fixture
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    opened = chromium.new_page(viewport=PHONE, color_scheme=getattr(request, "param", "light"))
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


def snapshot(page: Page, name: str) -> None:
    """Keeps a picture when a folder for pictures is given."""
    folder = os.environ.get("COLLECTIONS_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def faults(page: Page) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in Axe().run(page).response["violations"]]


def is_small_enough(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_from_the_link_to_the_receipt(page: Page, someone: Payer, live_server: LiveServer) -> None:
    page.goto(live_server.url + someone.path)
    page.get_by_role("button", name="Pay €12,480.00").click()
    expect(page.get_by_role("note")).to_contain_text("TEST")
    snapshot(page, "checkout")
    page.get_by_role("button", name="Pay now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for the payment provider")
    assert not Payment.objects.exists()  # the browser's return proves nothing (D12)
    process_webhooks(now=timezone.now())
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, your payment has arrived")
    snapshot(page, "paid")
    with page.expect_download() as download:
        page.get_by_role("link", name="Receipt as PDF").click()
    assert download.value.suggested_filename.startswith("Receipt-P-")
    assert DocumentMail.objects.filter(kind="receipt").count() == 1


def test_a_confirmation_that_comes_later_is_a_state_of_its_own(
    page: Page, someone: Payer, live_server: LiveServer
) -> None:
    page.goto(live_server.url + someone.path)
    page.get_by_role("button", name="Pay €12,480.00").click()
    page.get_by_role("button", name="Pay, but confirm later").click()
    process_webhooks(now=timezone.now())
    expect(page.get_by_role("heading", level=1)).to_have_text("Your payment is being processed")
    snapshot(page, "processing")
    page.get_by_role("link", name="All open invoices").click()
    expect(page.get_by_text("You do not need to pay it again")).to_be_visible()


def test_a_declined_card_can_be_tried_again(page: Page, someone: Payer, live_server: LiveServer) -> None:
    page.goto(live_server.url + someone.path)
    page.get_by_role("button", name="Pay €12,480.00").click()
    page.get_by_role("button", name="Decline the card").click()
    process_webhooks(now=timezone.now())
    expect(page.get_by_role("heading", level=1)).to_have_text("The payment did not work")
    page.get_by_role("link", name="Try again").click()
    page.get_by_role("button", name="Pay €12,480.00").click()
    expect(page.get_by_role("button", name="Pay now")).to_be_visible()
    assert PaySession.objects.count() == 2


def test_u49_the_running_total_follows_the_ticks(page: Page, someone: Payer, live_server: LiveServer) -> None:
    page.goto(live_server.url + someone.path)
    page.get_by_label("2026-10466").uncheck()
    expect(page.get_by_role("button", name="Pay €11,480.00")).to_be_visible()
    page.get_by_label("2026-10417").uncheck()
    expect(page.get_by_role("button", name="Pay €0.00")).to_be_disabled()


def test_d59_a_browser_that_runs_everything_but_clicks_nothing_changes_nothing(
    page: Page, someone: Payer, live_server: LiveServer
) -> None:
    for place in ("", "promise/", "dispute/", "plan/"):
        page.goto(live_server.url + someone.path + place)
        page.wait_for_load_state("networkidle")
    assert not PaySession.objects.exists()
    assert not someone.customer.promises.exists()
    assert not someone.customer.disputes.exists()


@pytest.mark.parametrize("page", ["light", "dark"], indirect=True)
def test_axe_finds_nothing_and_the_phone_needs_no_sideways_scroll(
    page: Page, someone: Payer, live_server: LiveServer, request: pytest.FixtureRequest
) -> None:
    scheme = request.node.callspec.params["page"]
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    for place in ("", "?lang=de", "promise/", "dispute/", "plan/", "wrong-contact/"):
        page.goto(live_server.url + someone.path + place)
        assert faults(page) == [], place
        assert is_small_enough(page), place
        snapshot(page, f"pay-{scheme}-{place.strip('/?=') or 'page'}")
    page.goto(live_server.url + someone.path + "?lang=en")
    button = page.get_by_role("button", name="Pay €").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= PHONE["height"]  # on the first screen (U48)
    assert button["height"] >= 48
    small = page.evaluate(
        "[...document.querySelectorAll('main a, main button, main input:not([type=hidden]), main summary')]"
        ".filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML)"
    )
    assert small == []  # targets of 44 px (U75)
    assert console == []  # the content policy was never broken


def test_promise_and_dispute_by_hand(page: Page, someone: Payer, live_server: LiveServer) -> None:
    page.goto(live_server.url + someone.path)
    page.get_by_role("link", name="I will pay on …").click()
    page.get_by_label("I will pay on").fill((factories.today() + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="Promise to pay").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, we have noted the day")
    snapshot(page, "thanks")
    assert someone.customer.promises.get().via == "payer"
    page.get_by_role("link", name="All open invoices").click()
    page.get_by_role("link", name="Something is wrong").click()
    page.get_by_label("What is wrong").select_option("price")
    page.get_by_label("What happened").fill("We agreed on 10 %.")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, we look into it")
    assert someone.customer.disputes.get().via == "payer"
