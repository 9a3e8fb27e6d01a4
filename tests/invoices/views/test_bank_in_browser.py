"""The bank inbox in a real browser: two keys a line, every other key, accessible, never too wide."""

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
from invoices.models import BankFile, BankLine, CurrencyRules, Dispute, Payment
from invoices.services.import_bank_file import import_bank_file
from invoices.services.match_waiting_lines import match_waiting_lines
from invoices.services.post_line import post_line
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from tests.invoices.bank_files import Paid, account_of, camt, imported

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
def lines(cast: Cast, settings: Any, tmp_path: Any) -> list[BankLine]:
    """Four lines that wait: exact, short, of a stranger, and a fee; nothing posts by itself."""
    settings.MEDIA_ROOT = tmp_path
    BusinessClock.objects.create(pinned_on=DAY + timedelta(days=3))
    CurrencyRules.objects.create(currency="EUR")
    account_of(factories.entity(), post_certain=False)
    meyer = factories.customer(name="Meyer Anlagenbau GmbH", number="K-1")
    factories.invoice(meyer, "11480.00", number="2026-10417")
    factories.invoice(meyer, "900.00", number="2026-10418", due_on=DAY + timedelta(days=20))
    factories.customer(name="Lakeside Mills", number="K-2")
    imported(
        Paid("11480.00", "Invoice 2026-10417", name="MEYER ANLAGENBAU GMBH", bank="1"),
        Paid("850.00", "2026-10418 less damaged goods", name="MEYER ANLAGENBAU GMBH", bank="2"),
        Paid("77.00", "thanks", name="Lakeside", payer="GB82WEST12345698765432", bank="3"),
        Paid("-4.90", "Account fee", name="", bank="4"),
    )
    match_waiting_lines(now=timezone.now())
    return list(BankLine.objects.order_by("pk"))


def open_as(chromium: Browser, server: LiveServer, user: object, *, width: int = 1440, scheme: str = "light") -> Page:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server.url}])
    page.set_default_timeout(15_000)
    return page


def shown(page: Page, line: BankLine) -> None:
    """Waits until the panel is this line's, and its links are htmx's."""
    expect(page.locator("#panel [data-shown-line]")).to_have_attribute("data-shown-line", str(line.pk))
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def state_of(line: BankLine) -> str:
    line.refresh_from_db()
    return line.state


def test_a_line_is_settled_in_two_keys_and_undone_in_one(
    chromium: Browser, live_server: LiveServer, cast: Cast, lines: list[BankLine]
) -> None:
    page = open_as(chromium, live_server, cast.accountant)
    page.goto(f"{live_server.url}/cash/bank/")
    shown(page, lines[0])
    page.keyboard.press("j")
    shown(page, lines[1])
    page.keyboard.press("k")
    shown(page, lines[0])
    page.keyboard.press("Enter")
    shown(page, lines[1])
    assert state_of(lines[0]) == "posted"
    expect(page.locator("#bank [data-item]")).to_have_count(3)
    expect(page.locator("#bank-tabs .count").first).to_have_text("3")
    page.keyboard.press("z")
    shown(page, lines[0])
    assert state_of(lines[0]) == "waiting"
    page.keyboard.press("1")
    shown(page, lines[1])
    assert state_of(lines[0]) == "posted"
    page.goto(f"{live_server.url}/cash/bank/?show=posted")
    page.keyboard.press("u")
    expect(page.locator("#bank-tabs .count").first).to_have_text("4")
    assert state_of(lines[0]) == "waiting"
    page.close()


def test_every_other_key_opens_its_form_in_the_panel(
    chromium: Browser, live_server: LiveServer, cast: Cast, lines: list[BankLine]
) -> None:
    page = open_as(chromium, live_server, cast.accountant)
    page.goto(f"{live_server.url}/cash/bank/?at={lines[1].pk}")
    page.keyboard.press("d")
    expect(page.get_by_label("Quality or damage")).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    shown(page, lines[2])
    assert f"{Dispute.objects.get().amount:.2f}" == "50.00"
    page.keyboard.press("h")
    expect(page.get_by_label("Customer or invoice")).to_be_focused()
    page.keyboard.type("lakeside")
    page.keyboard.press("Enter")
    page.locator("#composer").get_by_role("link", name="Lakeside Mills").click()
    expect(page.get_by_text("No invoice is open")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#composer")).to_be_empty()
    page.keyboard.press("s")
    expect(page.get_by_label("Customer number").first).to_be_focused()
    page.keyboard.type("K-2")
    page.locator("#composer").get_by_label("Amount").first.fill("77")
    page.keyboard.press("Enter")
    shown(page, lines[3])
    assert Payment.objects.latest("pk").customer.number == "K-2"
    page.keyboard.press("x")
    expect(page.get_by_label("Bank fee or interest")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    shown(page, lines[0])
    assert state_of(lines[3]) == "ignored"
    page.keyboard.press("p")
    expect(page.get_by_label("Customer number")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing left here")).to_be_visible()
    assert state_of(lines[0]) == "parked"
    page.close()


def test_the_next_page_of_lines_takes_the_place_of_the_first(
    chromium: Browser, live_server: LiveServer, cast: Cast, lines: list[BankLine]
) -> None:
    imported(*(Paid(f"{n}.00", bank=f"N{n}") for n in range(1, 60)), name="many.xml")
    page = open_as(chromium, live_server, cast.accountant)
    page.goto(f"{live_server.url}/cash/bank/")
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.locator("#bank [data-item]")).to_have_count(13)
    expect(page.locator("#bank")).to_have_count(1)
    page.go_back()
    expect(page.locator("#bank [data-item]")).to_have_count(50)
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (360, "light")])
def test_no_page_breaks_an_accessibility_rule_or_scrolls_two_ways(
    chromium: Browser, live_server: LiveServer, cast: Cast, lines: list[BankLine], width: int, scheme: str
) -> None:
    entity = factories.entity()
    posted = imported(Paid("5.00", "posted before", bank="9"), name="old.xml")
    post_line(line=BankLine.objects.latest("pk"), customer=factories.customer(), actor=cast.lead)
    bad = camt([Paid("10.00", bank="7"), Paid("20.00")]).replace(b'<Amt Ccy="EUR">20.00', b'<Amt Ccy="EUR">2x.00')
    broken = import_bank_file(name="bad.xml", content=bad, entities=[entity], actor=cast.accountant)
    asking = import_bank_file(
        name="who.xml", content=camt([Paid("1.00")], iban="DE12500105170648489890"), entities=[entity],
        actor=cast.accountant,
    )  # fmt: skip
    refused = import_bank_file(name="no.txt", content=b"nonsense", entities=[entity], actor=cast.accountant)
    paths = [
        "", f"?at={lines[0].pk}", "?show=posted", "?show=parked", "?q=zzz", "files/", f"files/{posted.pk}/",
        f"files/{broken.pk}/", f"files/{asking.pk}/", f"files/{refused.pk}/", f"accounts/{lines[0].account_id}/",
        f"lines/{lines[1].pk}/split/", f"lines/{lines[1].pk}/deduct/", f"lines/{lines[1].pk}/settle/?customer=K-1",
        f"lines/{lines[1].pk}/settle/?find=m", f"lines/{lines[3].pk}/ignore/",
    ]  # fmt: skip
    page = open_as(chromium, live_server, cast.accountant, width=width, scheme=scheme)
    found = {}
    for path in paths:
        page.goto(f"{live_server.url}/cash/bank/{path}")
        expect(page.locator(".htmx-request")).to_have_count(0)
        keep_picture(page, f"bank-{paths.index(path)}-{width}-{scheme}")
        faults = Axe().run(page, options=RULES).response["violations"]
        found[path] = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in faults]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append("wider than the window")
    page.close()
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert BankFile.objects.count() == 5


def keep_picture(page: Page, name: str) -> None:
    """Keeps a picture when a folder for pictures is given."""
    if folder := os.environ.get("COLLECTIONS_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
