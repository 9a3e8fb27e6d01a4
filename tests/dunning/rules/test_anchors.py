"""When a step falls due: the table of the document, and what the rule makes of each anchor."""

from datetime import date, timedelta

import pytest

from dunning.rules.facts import PolicyFacts, StepFacts
from dunning.rules.timing import month_end, nominal_days, ready_on
from tests.dunning.rules.accounts import DAY, STEPS, contact, decided, item
from tests.tables import table


def step(
    position: int, days: int, anchor: str = "due_date", *, working: bool = False, stage: str = "early"
) -> StepFacts:
    """A mail at that position."""
    return StepFacts(
        position, f"Step {position}", days, "email", stage, 7, "email", anchor=anchor, business_days=working
    )


@pytest.mark.parametrize(
    "row",
    table(
        "algorithms/dunning.md", "due", "anchor", "days", "working days", "last notice", "promise broken", "comes on"
    ),
)
def test_when_a_step_falls_due_as_the_document_says(row: list[str]) -> None:
    due, anchor, days, working, notice, broken, comes = row
    owed = item(0)._replace(
        due_on=date.fromisoformat(due),
        sent_on=date.fromisoformat(notice) if notice else None,
        broken_on=date.fromisoformat(broken) if broken else None,
    )
    found = ready_on(step(1, int(days), anchor, working=working == "yes"), owed, "DE")
    assert found == date.fromisoformat(comes)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        ("2026-02-01", "2026-02-28"),
        ("2028-02-10", "2028-02-29"),
        ("2026-12-31", "2026-12-31"),
        ("2026-11-30", "2026-11-30"),
    ],
)
def test_d46_the_end_of_a_month_is_its_last_day(day: str, last: str) -> None:
    assert month_end(date.fromisoformat(day)) == date.fromisoformat(last)


def test_r11_the_days_of_the_steps_do_not_add_up() -> None:
    late = item(8, sent=2, sent_on=DAY - timedelta(days=6))
    found = decided(late, last_contact=contact(6))
    assert (found.code, found.facts["since"]) == ("propose", DAY)
    assert decided(item(7, sent=2)).facts["on"] == DAY + timedelta(days=1)


def test_r14_a_step_after_the_previous_notice_counts_from_the_day_it_really_left() -> None:
    policy = PolicyFacts((step(1, 1), step(2, 7, "previous_notice")))
    sent_late = item(20, sent=1, sent_on=DAY - timedelta(days=6))
    waits = decided(sent_late, policy=policy, last_contact=contact(6))
    assert (waits.code, waits.facts["on"]) == ("step_not_due", DAY + timedelta(days=1))
    assert decided(sent_late, policy=policy, on=DAY + timedelta(days=1), last_contact=contact(6)).code == "propose"


def test_r04_after_the_previous_notice_a_missed_day_is_caught_up_too() -> None:
    policy = PolicyFacts((step(1, 1), step(2, 7, "previous_notice")))
    found = decided(item(60, sent=1, sent_on=DAY - timedelta(days=40)), policy=policy, last_contact=contact(40))
    assert found.facts["missed"] == [{"step": "Step 2", "on": DAY - timedelta(days=33)}]


def test_a_step_at_the_end_of_the_month_waits_for_it_however_late_the_invoice_is() -> None:
    policy = PolicyFacts((step(1, 2, "end_of_month"),))
    early_in_the_month = item(30)  # due on 2 February
    assert decided(early_in_the_month, policy=policy, on=date(2026, 3, 2)).code == "propose"
    assert decided(early_in_the_month, policy=policy, on=date(2026, 2, 27)).facts["on"] == date(2026, 3, 2)


def test_the_days_late_of_each_step_were_all_sent_in_time() -> None:
    steps = (
        step(1, -3), step(2, 1), step(3, 7, "previous_notice"), step(4, 1, "broken_promise"),
        step(5, 5, "end_of_month"), step(6, 10, "previous_notice", working=True),
    )  # fmt: skip
    assert nominal_days(steps) == [(-3, False), (1, False), (8, False), (1, False), (5, True), (19, True)]


BESIDE = PolicyFacts((*STEPS, step(7, 1, "broken_promise", stage="late")))


def test_p04_a_broken_promise_is_answered_first_and_only_once() -> None:
    broken = item(40, sent=3, sent_on=DAY - timedelta(days=20), broken_on=DAY - timedelta(days=1))
    found = decided(broken, policy=BESIDE, last_contact=contact(20))
    assert found.step is not None
    assert (found.step.position, found.cycle, found.step_offset) == (7, "1", None)
    answered = broken._replace(sent_on=DAY, answered=(7,))
    later = decided(answered, policy=BESIDE, on=DAY + timedelta(days=6), last_contact=contact(0))
    assert later.step is not None
    assert later.step.position == 4


def test_p04_a_promise_broken_before_the_last_notice_is_no_news() -> None:
    stale = item(40, sent=3, sent_on=DAY - timedelta(days=6), broken_on=DAY - timedelta(days=9))
    found = decided(stale, policy=BESIDE, last_contact=contact(6))
    assert found.step is not None
    assert found.step.position == 4


def test_p04_a_promise_for_another_invoice_is_answered_with_that_one_in_the_lead() -> None:
    old, promised = item(50, pk=1, sent=4), item(20, pk=2, sent=2, broken_on=DAY - timedelta(days=1))
    found = decided(old, promised, policy=BESIDE)
    assert (found.cycle, [one.item.invoice_id for one in found.items]) == ("2", [1, 2])


def test_r22_a_step_beside_the_ladder_does_not_wake_what_is_over() -> None:
    over = item(90, sent=6, broken_on=DAY - timedelta(days=1))
    assert decided(over, policy=BESIDE).code == "finished"
