"""The account workspace in a real browser: playbook, notes with files, contacts in place, and the timeline's filter."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from customers.models import Attachment, Contact
from tests.browser.triage import Desk, broken_rules, composer
from worklist.models import Activity, PlaybookCheck
from worklist.services.install_playbooks import install_playbooks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def account_of(desk: Desk) -> Page:
    """The first account of the list on a page of its own, with its playbook."""
    office, anna, _ = desk
    install_playbooks(actor=None, by="test")
    page = office.seat(anna)
    page.goto(f"{office.url}/accounts/{office.customers[0].pk}/")
    expect(page.locator(".playbook summary")).to_be_visible()
    return page


def test_a_step_is_ticked_beside_the_work_without_a_reload(desk: Desk) -> None:
    page = account_of(desk)
    page.evaluate("document.documentElement.dataset.stayed = 'yes'")
    first = page.locator(".playbook button.tick").first
    expect(first).to_have_attribute("aria-pressed", "false")
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(first).to_be_focused()
    assert PlaybookCheck.objects.filter(undone_at=None).count() == 1
    assert broken_rules(page) == []
    first.click()
    expect(first).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("document.documentElement.dataset.stayed") == "yes"


def test_a_note_with_a_file_is_found_in_the_timeline_and_the_file_comes_back(desk: Desk) -> None:
    page = account_of(desk)
    page.keyboard.press("n")
    form = page.locator("#composer form")
    form.locator("textarea").fill("Pallet seven was wet, photo attached")
    photo: FilePayload = {"name": "wet pallet.txt", "mimeType": "text/plain", "buffer": b"seven"}
    form.locator("input[type=file]").set_input_files([photo])
    form.get_by_role("button", name=re.compile("Save note")).click()
    timeline = page.locator("#timeline")
    expect(timeline).to_contain_text("Pallet seven was wet")
    assert bytes(Attachment.objects.get().content) == b"seven"
    words = timeline.get_by_label("Find in the timeline")
    words.press_sequentially("pallet seven")
    expect(timeline.locator(".timeline-item")).to_have_count(1)
    expect(words).to_be_focused()
    with page.expect_download() as download:
        timeline.get_by_role("link", name="wet pallet.txt").click()
    assert download.value.suggested_filename == "wet pallet.txt"
    words.fill("no such words anywhere")
    expect(timeline).to_contain_text("Nothing like that happened")
    assert broken_rules(page) == []


def test_a_contact_is_changed_where_it_stands(desk: Desk) -> None:
    page = account_of(desk)
    page.locator("#contacts").get_by_role("link", name=re.compile("^Change ")).first.click()
    phone = page.locator("#contact-form input[name=phone]")
    phone.fill("")
    page.locator("#contact-form input[name=email]").fill("")
    page.get_by_role("button", name="Save contact").click()
    expect(page.locator("#contact-form")).to_contain_text("There is a problem")
    assert broken_rules(page) == []
    page.locator("#contact-form input[name=phone]").fill("+49 40 555 123")
    page.get_by_role("button", name="Save contact").click()
    expect(page.locator("#contacts a[href='tel:+4940555123']")).to_be_visible()
    expect(page.locator("#contacts form")).to_have_count(0)
    assert Contact.objects.filter(phone="+49 40 555 123").count() == 1


def test_the_panel_fetches_playbook_and_timeline_and_a_call_ticks_its_step(desk: Desk) -> None:
    office, anna, _ = desk
    install_playbooks(actor=None, by="test")
    page = office.seat(anna)
    panel = page.locator("#panel")
    expect(panel.locator(".timeline-item").first).to_be_attached()
    panel.locator(".playbook summary").click()
    expect(panel.locator(".playbook-steps")).to_be_visible()
    assert broken_rules(page) == []
    composer(page, "c")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#progress")).to_contain_text("1 of")
    check = PlaybookCheck.objects.select_related("step").get()
    assert (check.customer_id, check.step.action, check.by) == (office.customers[0].pk, "call", anna)
    assert Activity.objects.filter(kind="call").count() == 1
