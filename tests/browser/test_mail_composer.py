"""A mail by hand in a real browser: one key, the words filled, the preview live, Ctrl-Enter, a way back; accessible in
every state, light and dark, and no wider than a telephone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from customers.models import Contact
from dunning.models import OwnMessage
from dunning.services.install_policy import install_standard_policy
from tests.browser.triage import Desk, broken_rules, shown
from worklist.models import WorklistItem

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def written(page: Page) -> None:
    """Nothing; the composer is open, and the keyboard is in its text."""
    page.keyboard.press("e")
    expect(page.locator("#composer .mail")).to_be_visible()
    expect(page.locator("#composer textarea[name=body]")).to_be_focused()


def words_of(office: object) -> None:
    """Nothing; there are words for every stage."""
    install_standard_policy(office.customers[0].entity)  # type: ignore[attr-defined]


@pytest.mark.parametrize("desk", [3], indirect=True)
def test_u25_a_mail_leaves_by_two_keys_and_the_next_customer_is_there(desk: Desk) -> None:
    office, anna, _ = desk
    words_of(office)
    first, second, _third = office.customers
    page = office.seat(anna)
    shown(page, first)
    written(page)
    expect(page.locator("#mail-shown")).to_contain_text("€3,000.00")
    expect(page.locator("textarea[name=body]")).to_contain_text("Pat Payable")
    page.keyboard.press("Control+Enter")
    shown(page, second)
    expect(page.locator(".toast")).to_contain_text("The mail to Pat Payable leaves in a few seconds.")
    sent = OwnMessage.objects.get()
    assert (sent.state, sent.customer, sent.written_by) == ("approved", first, anna)
    assert sent.due_at - sent.approved_at >= timedelta(seconds=10)  # type: ignore[operator]
    assert WorklistItem.objects.get(pk=first.pk).done_by == anna
    page.keyboard.press("z")
    shown(page, first)
    sent.refresh_from_db()
    assert (sent.state, sent.reason) == ("cancelled", "withdrawn")


@pytest.mark.parametrize("desk", [2], indirect=True)
def test_u26_u27_the_preview_follows_what_is_missing_blocks_and_a_draft_comes_back(desk: Desk) -> None:
    office, anna, _ = desk
    words_of(office)
    page = office.seat(anna)
    written(page)
    page.locator("textarea[name=body]").fill("Please look at {{nothing}}.")
    expect(page.locator("#mail-shown")).to_contain_text("There is no placeholder {{nothing}}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer .error-summary")).to_be_focused()
    assert not OwnMessage.objects.exists()
    page.locator("textarea[name=body]").fill("Please look at this:\n\n{{invoice_table}}")
    expect(page.locator("#mail-shown")).to_contain_text("Please look at this:")
    expect(page.locator("#mail-shown .mail-text")).to_contain_text("Invoice R")
    expect(page.locator("#composer .draft-kept")).to_be_visible()
    page.reload()
    page.locator("#worklist [data-item]").first.focus()
    page.keyboard.press("e")
    expect(page.locator("#composer textarea[name=body]")).to_have_value("Please look at this:\n\n{{invoice_table}}")
    expect(page.locator("#mail-shown .mail-text")).to_contain_text("Please look at this:")


@pytest.mark.parametrize("desk", [2], indirect=True)
def test_another_person_brings_their_language(desk: Desk) -> None:
    office, anna, _ = desk
    words_of(office)
    first = office.customers[0]
    Contact.objects.create(customer=first, name="Jutta Käufer", part="buyer", email="jutta@f.example", language="de")
    page = office.seat(anna)
    written(page)
    page.locator("select[name=to]").select_option(label="Jutta Käufer <jutta@f.example>")
    expect(page.locator("textarea[name=body]")).to_have_value(re.compile("Jutta Käufer"))
    expect(page.locator("select[name=language]")).to_have_value("de")
    expect(page.locator("#mail-shown")).to_contain_text("2.000,00")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("desk", [2], indirect=True)
def test_no_state_of_the_composer_breaks_a_rule(desk: Desk, scheme: str) -> None:
    office, anna, _ = desk
    words_of(office)
    first = office.customers[0]
    Contact.objects.create(customer=first, name="Bo", part="buyer", email="bo@f.example", health="complained")
    page = office.seat(anna, scheme=scheme)
    broken: list[str] = []

    def look(state: str) -> None:
        broken.extend(f"{state}: {rule}" for rule in broken_rules(page))

    written(page)
    for summary in page.locator(".mail-more > summary").all():
        summary.click()
    look("filled")
    page.locator("select[name=to]").select_option(label="Bo <bo@f.example> · Complained")
    expect(page.locator("#mail-findings")).to_contain_text("complained about our mail")
    look("blocked")
    page.locator("textarea[name=body]").fill("{{nothing}}")
    expect(page.locator("#mail-shown")).to_contain_text("There is no placeholder")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer .error-summary")).to_be_focused()
    look("refused")
    assert broken == []


@pytest.mark.parametrize("desk", [2], indirect=True)
def test_it_fits_a_telephone(desk: Desk) -> None:
    office, anna, _ = desk
    words_of(office)
    first = office.customers[0]
    page = office.seat(anna, width=360, height=740, touch=True)
    page.goto(f"{office.url}/accounts/{first.pk}/mail/")
    expect(page.locator("#mail-shown .mail-text")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".toast")).to_contain_text("leaves in a few seconds")
    row = OwnMessage.objects.get()
    page.goto(f"{office.url}/dunning/mails/{row.pk}/")
    expect(page.get_by_role("heading", name="Queued")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert broken_rules(page) == []
