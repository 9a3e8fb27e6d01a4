"""Two people at one worklist, and one whose session ends: presence, conflict, staying signed in, drafts (D88-D90)."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.demo_server import eventually
from tests.browser.triage import Desk, composer, shown
from worklist.models import Activity, Draft, Presence, WorklistItem

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in_again(page: Page, username: str) -> None:
    page.get_by_label("User name or e-mail").fill(username)
    page.get_by_label("Password", exact=True).fill(username * 3)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_d88_the_second_sees_who_is_there_and_goes_on_to_somebody_else(desk: Desk) -> None:
    office, anna, ben = desk
    first = office.seat(anna)
    shown(first, office.customers[0])
    eventually(lambda: Presence.objects.filter(user=anna).exists(), seconds=15, what="Anna's place is known")
    second = office.seat(ben)
    second.goto(f"{office.url}/worklist/?at={office.customers[0].pk}")
    expect(second.locator("#presence")).to_contain_text("Anna is on this")
    expect(second.locator(f"#row-{office.customers[0].pk} [data-taken]")).to_be_visible()
    second.goto(f"{office.url}/worklist/?at={office.customers[4].pk}")
    composer(second, "c")
    second.keyboard.press("1")
    second.keyboard.press("Enter")
    shown(second, office.customers[1])  # after the last one comes the first that nobody is on


def test_d89_what_a_colleague_changed_since_is_not_taken_back(desk: Desk) -> None:
    office, anna, ben = desk
    customer = office.customers[0]
    first, second = office.seat(anna), office.seat(ben)
    composer(first, "s")
    first.keyboard.press("Enter")
    expect(first.locator(".toast [data-undo]")).to_be_visible()
    second.goto(f"{office.url}/worklist/?at={customer.pk}")
    composer(second, "s")
    second.keyboard.press("2")
    second.get_by_label("Reason").fill("Ben knows better")
    second.keyboard.press("Enter")
    expect(second.locator(".toast")).to_contain_text("is off the list until")
    first.keyboard.press("z")
    expect(first.locator(".toast", has_text="Somebody changed this since")).to_be_visible()
    assert WorklistItem.objects.get(pk=customer.pk).snooze_reason == "Ben knows better"


def test_two_minutes_before_the_end_one_click_keeps_the_person_signed_in(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=100))
    page.reload()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("You will be signed out soon")
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator(".toast", has_text="You stay signed in.")).to_be_visible()
    assert Session.objects.get().expire_date > timezone.now() + timedelta(hours=11)


def test_d90_the_session_ends_while_composing_and_the_text_goes_on(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    page.keyboard.press("j")
    shown(page, office.customers[1])
    composer(page, "n")
    page.keyboard.type("They pay after the")
    eventually(lambda: Draft.objects.filter(user=anna).exists(), seconds=10, what="the text is kept")
    Session.objects.all().delete()
    page.keyboard.type(" fair, says Ms Roth")
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("You were signed out")
    dialog.get_by_role("link", name="Sign in").click()
    sign_in_again(page, "anna")
    shown(page, office.customers[1])
    expect(page.locator("#panel #composer textarea")).to_have_value("They pay after the fair, says Ms Roth")
    expect(page.locator(".draft-notice")).to_be_visible()
    page.locator("#panel #composer textarea").press("Control+Enter")
    expect(page.locator(".toast", has_text="Note on")).to_be_visible()
    assert Activity.objects.get(kind="note").text == "They pay after the fair, says Ms Roth"
    eventually(lambda: not Draft.objects.exists(), seconds=10, what="the draft is gone")


def test_what_is_sent_after_the_end_leaves_neither_page_nor_text(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    composer(page, "c")
    Session.objects.all().delete()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alertdialog")).to_contain_text("You were signed out")
    shown(page, office.customers[0])
    expect(page.locator("#panel #composer input[value=reached]")).to_be_checked()


def test_a_crash_loses_nothing_and_discarding_does(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    composer(page, "n")
    page.keyboard.type("Half a sentence")
    eventually(lambda: Draft.objects.exists(), seconds=10, what="the text is kept")
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(f"{office.url}/worklist/")
    shown(page, office.customers[0])
    composer(page, "n")
    text = page.locator("#panel #composer textarea")
    expect(text).to_have_value("Half a sentence")
    page.get_by_role("button", name="Discard it").click()
    expect(text).to_have_value("")
    eventually(lambda: not Draft.objects.exists(), seconds=10, what="the draft is gone")


def test_nobody_else_at_the_same_window_reads_a_draft(desk: Desk) -> None:
    office, anna, ben = desk
    page = office.seat(anna)
    composer(page, "n")
    page.keyboard.type("Between us")
    eventually(lambda: Draft.objects.exists(), seconds=10, what="the text is kept")
    page.context.clear_cookies()
    office.sign_in(page.context, ben)
    page.goto(f"{office.url}/worklist/?at={office.customers[0].pk}")
    shown(page, office.customers[0])
    composer(page, "n")
    expect(page.locator("#panel #composer textarea")).to_have_value("")
    assert "Between us" not in str(page.evaluate("JSON.stringify(sessionStorage)"))
