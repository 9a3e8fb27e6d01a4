"""A day at the worklist by keyboard alone: twenty customers in one go, the next one ahead of the answer, undo."""

import pytest
from playwright.sync_api import expect

from tests.browser.triage import Desk, HeldPosts, calls, composer, fetched_ahead, nothing_ahead, shown, walk
from worklist.models import Activity, WorklistItem

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("desk", [20], indirect=True)
def test_twenty_customers_are_worked_by_keyboard_and_the_day_ends(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    page.evaluate("document.documentElement.dataset.stayed = 'yes'")
    expect(page.locator("[data-item]").first).to_be_focused()
    for number, customer in enumerate(office.customers):
        shown(page, customer)
        assert f"at={customer.pk}" in page.url or number == 0
        if number % 5 == 4:  # a snooze until tomorrow: s, Enter
            composer(page, "s")
            page.keyboard.press("Enter")
        elif number % 5 == 3:  # a promise in the customer's words
            composer(page, "p")
            page.keyboard.type("fri 500")
            page.keyboard.press("Enter")
        else:  # a call: c, a digit, Enter
            composer(page, "c")
            page.keyboard.press(str(number % 5 + 1))
            page.keyboard.press("Enter")
    expect(page.locator("#panel").get_by_role("heading", name="Done for today")).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("20 of 20")
    assert page.evaluate("document.documentElement.dataset.stayed") == "yes"  # one page for the whole day
    assert calls() == 12
    assert Activity.objects.filter(kind="snooze").count() == 4
    assert WorklistItem.objects.filter(done_on=office.day, done_by=anna).count() == 20


def test_the_next_customer_is_there_before_the_answer(desk: Desk) -> None:
    office, anna, _ = desk
    first, second, third = office.customers[1:4]
    page = office.seat(anna)
    walk(page, first, second)
    held = HeldPosts(page, "**/call/")
    composer(page, "c")
    with fetched_ahead(page, third):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        shown(page, second)
    assert f"at={second.pk}" in page.url
    expect(page.locator(f"#row-{first.pk}")).to_be_hidden()
    expect(page.locator(".toast")).to_contain_text(f"Saving: {first.name}")
    assert calls() == 0
    held.let_go()
    expect(page.locator(".toast")).to_contain_text(f"Call with {first.name} logged.")
    expect(page.locator("#progress")).to_contain_text("1 of 5")
    expect(page.locator(f"#row-{first.pk}")).to_have_count(0)
    shown(page, second)
    assert calls() == 1
    composer(page, "c")  # the answer that came meanwhile disturbs nothing
    held = HeldPosts(page, "**/call/")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    shown(page, third)
    composer(page, "n")
    page.keyboard.type("Half a sen")
    held.let_go()
    expect(page.locator("#progress")).to_contain_text("2 of 5")
    expect(page.locator("#panel #composer textarea")).to_be_focused()
    page.keyboard.type("tence")
    expect(page.locator("#panel #composer textarea")).to_have_value("Half a sentence")
    shown(page, third)


def test_keys_typed_in_one_go_mean_the_customer_that_is_on_its_way(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    nothing_ahead(page)
    for key in ("j", "c", "2", "Enter"):
        page.keyboard.press(key)
    shown(page, office.customers[2])
    expect(page.locator(".toast")).to_contain_text(f"Call with {office.customers[1].name} logged.")
    call = Activity.objects.get(kind="call")
    assert (call.customer, call.outcome) == (office.customers[1], "no_answer")


def test_keys_typed_in_one_go_mean_the_customer_that_is_at_hand_already(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    walk(page, *office.customers[1:3])
    for key in ("j", "c", "2", "Enter"):
        page.keyboard.press(key)
    shown(page, office.customers[3])
    expect(page.locator(".toast")).to_contain_text(f"Call with {office.customers[2].name} logged.")
    call = Activity.objects.get(kind="call")
    assert (call.customer, call.outcome) == (office.customers[2], "no_answer")


def test_a_customer_that_is_walked_to_was_fetched_ahead(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    walk(page, *office.customers[1:3])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("purpose", request.url)))
    walk(page, *office.customers[2:4])
    assert not [url for url in asked if f"/worklist/?at={office.customers[2].pk}" in url]


def test_z_takes_back_and_shows_the_customer_again(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    composer(page, "c")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    shown(page, office.customers[1])
    expect(page.locator(".toast [data-undo]")).to_be_visible()
    page.keyboard.press("z")
    shown(page, office.customers[0])
    assert calls() == 0
    expect(page.locator("#progress")).to_contain_text("0 of 5")


def test_z_before_the_answer_takes_back_when_it_arrives(desk: Desk) -> None:
    office, anna, _ = desk
    page = office.seat(anna)
    walk(page, *office.customers[1:3])
    held = HeldPosts(page, "**/call/")
    composer(page, "c")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    shown(page, office.customers[2])
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("Taking back")
    held.wait()
    held.let_go()
    shown(page, office.customers[1])
    assert Activity.objects.filter(kind="call").count() == 1
    assert calls() == 0
