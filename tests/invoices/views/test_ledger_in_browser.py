"""Invoices, cash, search, customers, settings and the API page in a real browser: accessible, and never too wide."""

import os
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from customers.models import BusinessClock
from invoices.models import Adjustment, Allocation, Invoice, Payment, Refund
from invoices.services.allocate import unallocated
from invoices.services.issue_credit_note import issue_credit_note
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
def paths(cast: Cast) -> dict[str, str]:
    """The pages, with something on each of them."""
    BusinessClock.objects.create(pinned_on=DAY + timedelta(days=40))
    customer = factories.customer(number="K-1", name="Meyer Anlagenbau GmbH")
    lines = [{"text": "Pump P-200", "quantity": "2", "amount": "10000.00"}, {"text": "VAT", "amount": "1480.00"}]
    invoice = factories.invoice(customer, "11480.00", number="2026-10417", po_number="PO-7", lines=lines)
    for days in range(12):
        factories.invoice(customer, f"{900 + days * 37}.50", due_on=DAY + timedelta(days=days * 5))
    factories.invoice(customer, "120000", currency="JPY", due_on=DAY + timedelta(days=60))
    payment = factories.payment(customer, "5000.00", shares=[(invoice, None)], reference="RF18 Meyer")
    rest = factories.payment(customer, "640.00", reference="Without a number")
    assert payment.pk
    note = issue_credit_note(
        entity=customer.entity, customer=customer, number="CN-1", issued_on=DAY, total=Decimal("75.00"), currency="EUR",
        text="Returned pump", by="test",
    )  # fmt: skip
    lost = adjustment_of(invoice, "480.00")
    back = refund_of(rest, "40.00")
    return {
        "credit_notes": reverse("credit_notes"),
        "credit_note": reverse("credit_note", args=[note.pk]),
        "adjustments": reverse("adjustments"),
        "adjustment": reverse("adjustment", args=[lost.pk]),
        "refunds": reverse("refunds"),
        "refund": reverse("refund", args=[back.pk]),
        "statement": reverse("statement", args=[customer.pk]),
        "filtered": reverse("invoices") + "?amount_from=900&status=open&sort=-open",
        "past": reverse("invoice", args=[invoice.pk]) + f"?as_of={DAY}&known_on=2026-12-31",
        "filled": reverse("payment", args=[rest.pk]) + "?fill=oldest",
        "invoices": reverse("invoices"),
        "invoice": reverse("invoice", args=[invoice.pk]),
        "cash": reverse("payments"),
        "payment": reverse("payment", args=[rest.pk]),
        "payment_new": reverse("payment_new") + "?customer=K-1",
        "search": reverse("search") + "?q=meyer",
        "customer": reverse("customer_edit", args=[customer.pk]),
        "settings": reverse("settings"),
        "api": reverse("api_docs"),
    }


def adjustment_of(invoice: Invoice, amount: str) -> Adjustment:
    """A write-off of so much of the invoice."""
    same: dict[str, Any] = {"customer": invoice.customer, "currency": "EUR", "amount": Decimal(amount)}
    made = Adjustment.objects.create(
        entity=invoice.entity, kind="write_off", effective_on=DAY, reason="Insolvent", **same
    )
    Allocation.objects.create(adjustment=made, invoice=invoice, effective_on=DAY, **same)
    return made


def refund_of(payment: Payment, amount: str) -> Refund:
    """So much of the payment paid back."""
    same: dict[str, Any] = {"customer": payment.customer, "currency": "EUR", "amount": Decimal(amount)}
    made = Refund.objects.create(entity=payment.entity, paid_on=DAY, reference="Paid twice", **same)
    Allocation.objects.create(payment=payment, refund=made, effective_on=DAY, **same)
    return made


def open_as(chromium: Browser, server: LiveServer, user: object, *, width: int = 1440, scheme: str = "light") -> Page:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
    page.set_default_timeout(15_000)
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (360, "light")])
def test_no_page_breaks_an_accessibility_rule_or_scrolls_two_ways(
    chromium: Browser, live_server: LiveServer, cast: Cast, paths: dict[str, str], width: int, scheme: str
) -> None:
    page = open_as(chromium, live_server, cast.admin, width=width, scheme=scheme)
    found = {}
    for name, path in paths.items():
        page.goto(live_server.url + path)
        keep_picture(page, f"{name}-{width}-{scheme}")
        broken = Axe().run(page, options=RULES).response["violations"]
        found[name] = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in broken]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append("wider than the window")
    page.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_box_in_the_bar_finds_while_one_types(
    chromium: Browser, live_server: LiveServer, cast: Cast, paths: dict[str, str]
) -> None:
    page = open_as(chromium, live_server, cast.collector)
    page.goto(live_server.url + paths["invoices"])
    page.keyboard.press("/")
    page.keyboard.type("10417")
    expect(page.locator("#bar-found")).to_contain_text("2026-10417")
    keep_picture(page, "search-box")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("10417")
    page.close()


def test_money_is_put_against_invoices_by_keyboard_alone(
    chromium: Browser, live_server: LiveServer, cast: Cast
) -> None:
    BusinessClock.objects.create(pinned_on=DAY + timedelta(days=40))
    customer = factories.customer()
    first, second = factories.invoice(customer, "100.00", due_on=DAY), factories.invoice(customer, "70.00", due_on=DAY)
    payment = factories.payment(customer, "150.00")
    page = open_as(chromium, live_server, cast.accountant)
    page.goto(live_server.url + reverse("payment", args=[payment.pk]))
    rest = page.locator("[data-rest]")
    expect(rest).to_have_text("€150.00")
    page.keyboard.press("o")
    expect(page.locator(f"#id_share_{first.pk}")).to_have_value("100.00")
    expect(page.locator(f"#id_share_{first.pk}")).to_be_focused()
    expect(rest).to_have_text("€0.00")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("80")
    expect(rest).to_have_text("too much by €30.00")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    expect(rest).to_have_text("€50.00")
    page.keyboard.press("=")
    expect(page.locator(f"#id_share_{second.pk}")).to_have_value("50.00")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".toast-text")).to_have_text("Allocated.")
    assert unallocated(payment) == 0
    assert [row.amount for row in payment.allocations.order_by("invoice")] == [100, 50]
    page.close()


def keep_picture(page: Page, name: str) -> None:
    """Keeps a picture when a folder for pictures is given."""
    if folder := os.environ.get("COLLECTIONS_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
