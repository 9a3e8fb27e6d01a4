"""The pages of claims in a real browser: accessible in light and dark, not too wide on a phone, claimed by keyboard."""

from datetime import date
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from customers.models import BusinessClock
from invoices.models import CurrencyRules, LateClaim
from invoices.services.claim_late_interest import claim_late_interest
from invoices.services.claim_lump_sum import claim_lump_sum
from invoices.services.waive_accrued import waive_accrued
from invoices.services.waive_late_claim import waive_late_claim
from tests import factories
from tests.conftest import Cast
from tests.invoices.views.test_ledger_in_browser import RULES, chromium, keep_picture, open_as

__all__ = ["chromium"]  # a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

TODAY = date(2026, 9, 1)


@pytest.fixture
def paths(cast: Cast) -> dict[str, str]:
    """The pages, with something on each of them, and rates that are not known."""
    BusinessClock.objects.create(pinned_on=TODAY)
    CurrencyRules.objects.create(currency="EUR", waive_analyst=Decimal(30), waive_manager=Decimal(500))
    who = factories.customer(number="K-1", name="Meyer Anlagenbau GmbH")
    numbers = ("R1", "R2", "R3", "R4")
    first, second, third, _ = (
        factories.invoice(who, "1000.00", due_on=date(2026, 5, 31), number=number) for number in numbers
    )
    london = factories.entity("GB01", country="GB", currency="GBP", holiday_region="GB", time_zone="Europe/London")
    factories.invoice(factories.customer(of=london, name="Northwind Ltd"), "10000.00", due_on=date(2026, 1, 31))
    claim_late_interest(invoice=first, until=date(2026, 6, 30), on=TODAY, actor=cast.accountant)
    fee = claim_lump_sum(invoice=first, on=TODAY, actor=cast.accountant)
    waive_accrued(invoice=second, kind="interest", until=TODAY, reason="They paid at once", actor=cast.collector)
    waive_accrued(invoice=third, kind="lump_sum", until=TODAY, reason="Wrong address", actor=cast.collector)
    waive_late_claim(document=fee, reason="Kind", on=TODAY, actor=cast.lead)
    here = reverse("dunning_claims")
    lists = {show: f"{here}?show={show}" for show in ("now", "claimed", "waived", "waiting")}
    return {**lists, "rates": reverse("late_rates"), "invoice": reverse("invoice", args=[first.pk])}


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (360, "light")])
def test_no_page_breaks_an_accessibility_rule_or_scrolls_two_ways(
    chromium: Browser, live_server: LiveServer, cast: Cast, paths: dict[str, str], width: int, scheme: str
) -> None:
    page = open_as(chromium, live_server, cast.admin, width=width, scheme=scheme)
    found = {}
    for name, path in paths.items():
        page.goto(live_server.url + path)
        keep_picture(page, f"claims-{name}-{width}-{scheme}")
        broken = Axe().run(page, options=RULES).response["violations"]
        found[name] = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in broken]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append("wider than the window")
    page.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_claim_is_ticked_and_made_by_keyboard(
    chromium: Browser, live_server: LiveServer, cast: Cast, paths: dict[str, str]
) -> None:
    page = open_as(chromium, live_server, cast.accountant)
    page.goto(live_server.url + paths["now"])
    page.get_by_label("Lump sum for R2").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Claim ticked").focus()
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("1 claimed.")
    page.close()
    assert LateClaim.objects.filter(kind="lump_sum", invoice__number="R2").count() == 1
