"""The worklist on a bad line: cut, slow, and answers that get lost. Nothing typed is lost, nothing is saved twice."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.triage import Desk, HeldPosts, calls, composer, shown, walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def call_with_note(page: Page, text: str) -> None:
    composer(page, "c")
    page.keyboard.press("1")
    page.locator("#panel #composer textarea").fill(text)
    page.keyboard.press("Control+Enter")


def test_offline_keeps_the_form_says_so_and_sends_it_when_told(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    walk(page, *office.customers[1:3])
    bar = page.locator("#connection")
    page.context.set_offline(True)
    expect(bar).to_contain_text("The server cannot be reached")
    page.context.set_offline(False)
    expect(bar).to_contain_text("The connection is back")
    composer(page, "c")
    page.keyboard.press("1")
    page.locator("#panel #composer textarea").fill("Pays on Friday")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(bar).to_contain_text("What you typed is still here")
    shown(page, office.customers[1])
    expect(page.locator("#panel #composer textarea")).to_have_value("Pays on Friday")
    expect(page.locator("#panel #composer input[value=reached]")).to_be_checked()
    assert calls() == 0
    page.context.set_offline(False)
    expect(bar).to_contain_text("may not be saved yet")
    assert calls() == 0  # nothing is sent behind anybody's back
    bar.get_by_role("button", name="Try again").click()
    shown(page, office.customers[2])
    expect(page.locator(".toast")).to_contain_text(f"Call with {office.customers[1].name} logged.")
    expect(bar).to_be_hidden()
    assert calls() == 1


def test_a_lost_answer_makes_no_second_call(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    walk(page, *office.customers[1:3])
    held = HeldPosts(page, "**/call/")
    call_with_note(page, "Pays on Friday")
    held.wait()
    held.lose_answer()
    bar = page.locator("#connection")
    expect(bar).to_contain_text("nothing is saved twice")
    shown(page, office.customers[1])
    assert calls() == 1
    held.let_go()
    bar.get_by_role("button", name="Try again").click()
    expect(page.locator(".toast")).to_contain_text("It was saved the first time already.")
    expect(page.locator(f"#row-{office.customers[1].pk}")).to_have_count(0)
    assert calls() == 1


def test_a_slow_answer_is_waited_for_aloud(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    walk(page, *office.customers[1:3])
    held = HeldPosts(page, "**/call/")
    call_with_note(page, "Pays on Friday")
    shown(page, office.customers[2])
    expect(page.locator("#connection")).to_contain_text("Still waiting")
    composer(page, "n")  # work goes on meanwhile
    page.keyboard.type("Next one")
    held.let_go()
    expect(page.locator("#connection")).to_be_hidden()
    expect(page.locator("#panel #composer textarea")).to_have_value("Next one")
    assert calls() == 1


def test_a_row_that_could_not_be_fetched_opens_when_the_line_is_back(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    page.context.set_offline(True)
    page.locator("[data-item]").nth(3).click()
    bar = page.locator("#connection")
    expect(bar).to_contain_text("The server cannot be reached")
    page.context.set_offline(False)
    shown(page, office.customers[3])
    expect(bar).to_be_hidden()
