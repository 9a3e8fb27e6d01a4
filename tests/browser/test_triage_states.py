"""Every state of the worklist keeps the accessibility rules, light and dark; and a day by thumb on a telephone."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.triage import Desk, broken_rules, calls, composer, shown

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("desk", [2], indirect=True)
def test_no_state_of_the_triage_breaks_a_rule(desk: Desk, scheme: str) -> None:
    office, anna, _ = desk
    page = office.seat(anna, scheme=scheme)
    broken: list[str] = []

    def look(state: str) -> None:
        broken.extend(f"{state}: {rule}" for rule in broken_rules(page))

    look("list")
    composer(page, "n")
    page.keyboard.type("Half a sentence")
    expect(page.locator(".draft-kept")).to_be_visible()
    look("draft kept")
    page.reload()
    page.keyboard.press("n")
    expect(page.locator(".draft-notice")).to_be_visible()
    look("draft back")
    page.get_by_role("button", name="Discard it").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer .error-summary")).to_be_focused()
    look("refused")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    look("keys")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("Firma")
    expect(page.locator("#palette [role=option]")).to_have_count(2)
    look("palette")
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_contain_text("cannot be reached")
    look("no connection")
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_contain_text("The connection is back")
    look("connection back")
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=100))
    page.reload()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    look("signed out soon")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    for customer in office.customers:
        shown(page, customer)
        composer(page, "c")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    expect(page.locator("#panel").get_by_role("heading", name="Done for today")).to_be_visible()
    look("done")
    page.goto(f"{office.url}/settings/keys/")
    look("key settings")
    page.get_by_label("Log a call").fill("n")
    page.get_by_role("button", name="Save keys").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look("key settings refused")
    assert broken == []


@pytest.mark.parametrize("width", [390, 320])
def test_by_thumb_every_step_of_a_call_fits_the_telephone(desk: Desk, width: int) -> None:
    office, anna, _ = desk
    first, second = office.customers[:2]
    page = office.seat(anna, width=width, height=780, touch=True)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    page.locator(f"#row-{first.pk} [data-item]").tap()
    expect(page.locator("#panel #account-name")).to_have_text(first.name)
    expect(page.locator(".split-list")).to_be_hidden()
    page.locator(".account-bar").get_by_role("link", name="Call", exact=True).tap()
    page.get_by_text("No answer", exact=True).tap()
    assert page.evaluate(fits)
    assert broken_rules(page) == []
    page.get_by_role("button", name="Save call").tap()
    expect(page.locator("#panel #account-name")).to_have_text(second.name)
    assert page.evaluate(fits)
    page.get_by_role("button", name="Undo").tap()
    expect(page.locator("#panel #account-name")).to_have_text(first.name)
    assert calls() == 0
    page.get_by_role("link", name="Back to the list").tap()
    expect(page.locator(f"#row-{first.pk}")).to_be_visible()
    assert broken_rules(page) == []
