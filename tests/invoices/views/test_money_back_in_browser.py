"""The pages of money that goes back and of rates in a real browser: accessible, not too wide, alive while one types."""

from datetime import timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from customers.models import BusinessClock
from invoices.models import ExchangeRate
from invoices.services.charge_back import charge_back
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from tests.invoices.views.test_ledger_in_browser import RULES, chromium, keep_picture, open_as

__all__ = ["chromium"]  # a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def paths(cast: Cast) -> dict[str, str]:
    """The pages, with something on each of them."""
    BusinessClock.objects.create(pinned_on=DAY + timedelta(days=40))
    who = factories.customer(number="K-1", name="Meyer Anlagenbau GmbH")
    invoices = [factories.invoice(who, total, number=number) for number, total in (("R1", "600.00"), ("R2", "400.00"))]
    factories.invoice(who, "2360.00", currency="USD")
    ExchangeRate.objects.create(base="EUR", quote="USD", on=DAY, rate=Decimal("1.1800"), source="ECB")
    payment = factories.payment(who, "1200.00", shares=[(invoice, None) for invoice in invoices])
    other = factories.invoice(who, "50.00", number="R3")
    gone = charge_back(
        payment=factories.payment(who, "50.00", shares=[(other, None)]), charged_back_on=DAY, reason="fraud", by="test"
    )
    names = ("payment", "payment_refund", "payment_return", "payment_charge_back", "payment_exchange")
    found = {name: reverse(name, args=[payment.pk]) for name in names}
    last = {"refund": reverse("refund", args=[gone.pk]), "undo": reverse("refund_undo", args=[gone.pk])}
    return {**found, **last, "rates": reverse("rates")}


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


def test_the_page_says_what_a_typed_amount_would_reopen(
    chromium: Browser, live_server: LiveServer, cast: Cast, paths: dict[str, str]
) -> None:
    page = open_as(chromium, live_server, cast.accountant)
    page.goto(live_server.url + paths["payment_return"])
    expect(page.locator("#gives-way")).to_contain_text("2 invoices reopen")
    page.get_by_label("Amount", exact=True).fill("250.00")
    expect(page.locator("#gives-way")).to_contain_text("One invoice reopens")
    expect(page.locator("#gives-way")).to_contain_text("50.00")
    page.get_by_label("Amount", exact=True).fill("100.00")
    expect(page.locator("#gives-way")).to_contain_text("No invoice reopens")
    page.close()
