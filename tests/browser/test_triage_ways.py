"""Ways of the worklist in a browser: refusals that give the form back, Back, own keys, the palette."""

import pytest
from playwright.sync_api import expect

from tests.browser.demo_server import eventually
from tests.browser.triage import Desk, HeldPosts, calls, composer, shown, walk
from worklist.models import Activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_refused_form_comes_back_with_what_was_typed(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    walk(page, *office.customers[1:3])
    composer(page, "s")
    page.locator("#composer input[value=other]").check()
    page.locator("#composer input[type=date]").fill("2020-01-01")
    page.get_by_label("Reason").fill("Waits for the credit note")
    page.keyboard.press("Enter")
    summary = page.locator("#panel #composer .error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Choose a day after today")
    shown(page, office.customers[1])
    expect(page.get_by_label("Reason")).to_have_value("Waits for the credit note")
    assert f"at={office.customers[1].pk}" in page.url
    assert not Activity.objects.filter(kind="snooze").exists()


def test_who_has_begun_something_else_is_not_pulled_away_by_a_refusal(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    walk(page, *office.customers[1:3])
    held = HeldPosts(page, "**/call/")
    composer(page, "c")
    page.keyboard.press("3")
    page.locator("#composer textarea").fill("Spoke to the machine")
    page.keyboard.press("Control+Enter")
    shown(page, office.customers[2])
    composer(page, "n")
    page.keyboard.type("Something else")
    held.refuse()
    back = page.get_by_role("button", name="Back to it")
    expect(back).to_be_visible()
    expect(page.locator("#panel #composer textarea")).to_have_value("Something else")
    back.click()
    shown(page, office.customers[1])
    expect(page.locator("#panel #composer textarea")).to_have_value("Spoke to the machine")
    assert calls() == 0


def test_back_and_reload_lead_to_the_customer_of_the_address(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    for customer in office.customers[1:3]:
        page.keyboard.press("j")
        shown(page, customer)
    page.go_back()
    shown(page, office.customers[1])
    expect(page.locator(f"#row-{office.customers[1].pk} [data-item]")).to_be_focused()
    page.keyboard.press("j")
    shown(page, office.customers[2])
    page.reload()
    shown(page, office.customers[2])
    composer(page, "c")
    page.keyboard.press("Escape")
    expect(page.locator(f"#row-{office.customers[2].pk} [data-item]")).to_be_focused()
    page.go_back()
    page.go_back()
    shown(page, office.customers[0])
    page.wait_for_load_state("networkidle")  # the panel fetches its timeline and playbook by itself
    composer(page, "n")
    page.keyboard.type("Toasts still work after Back")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Note on")


def test_own_keys_work_are_shown_and_rest_when_off(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    page.goto(f"{office.url}/settings/keys/")
    page.get_by_label("Log a call").press("y")
    page.get_by_label("Write a note").press("Alt+m")
    page.get_by_label("Put on hold").fill("")
    page.get_by_role("button", name="Save keys").click()
    expect(page.locator(".toast")).to_contain_text("Keys saved.")
    page.goto(f"{office.url}/worklist/")
    shown(page, office.customers[0])
    bar = page.locator(".account-bar")
    expect(bar.get_by_role("link", name="Call", exact=True).locator("kbd")).to_have_text("y")
    expect(bar.get_by_role("link", name="Hold", exact=True).locator("kbd")).to_have_count(0)
    for key in ("c", "h", "n"):
        page.keyboard.press(key)
    expect(page.locator("#composer form")).to_have_count(0)
    composer(page, "y")
    page.keyboard.press("Escape")
    composer(page, "Alt+m")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#key-help dl")).to_contain_text("y")
    expect(page.locator("#key-help dl")).not_to_contain_text("Hold")


def test_the_palette_lists_the_keys_and_finds_customers(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    page.keyboard.press("Control+k")
    options = page.locator("#palette [role=option]")
    expect(options.filter(has_text="Call").first.locator("kbd")).to_have_text("c")
    page.keyboard.type(office.customers[3].name)
    expect(options).to_have_count(1)
    expect(options).to_contain_text("Customers")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/accounts/{office.customers[3].pk}/")


def test_what_is_typed_is_no_shortcut(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    composer(page, "n")
    page.keyboard.type("jkcz?/x")
    expect(page.locator("#composer textarea")).to_have_value("jkcz?/x")
    shown(page, office.customers[0])
    eventually(lambda: anna.drafts.exists(), seconds=10, what="the text is kept")
