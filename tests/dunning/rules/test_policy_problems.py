"""Impossible policies are refused with a reason; possible ones are not. And which place a step gets."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning.rules.places import placed
from dunning.rules.policy_difference import difference, step_words
from dunning.rules.policy_problems import DraftStep, Means, problems_of, shadow_problem

MEANS = Means(
    {"email", "letter", "call_task"},
    {"email", "letter"},
    {("", stage, channel) for stage in ("preventive", "early", "late", "final") for channel in ("email", "letter")},
)
GOOD = (
    DraftStep("Word", -3, "email", "preventive"),
    DraftStep("First", 1, "email", "early"),
    DraftStep("Second", 10, "email", "late", anchor="previous_notice"),
    DraftStep("Promised", 1, "email", "late", anchor="broken_promise"),
    DraftStep("Last", 20, "letter", "final", anchor="previous_notice", fee="fixed", fee_amount=Decimal(5)),
)


def told(*steps: DraftStep, days: int = 6) -> str:
    return " ".join(problems_of(steps, min_days_between=days, means=MEANS))


def test_a_policy_that_can_work_is_not_refused() -> None:
    assert told(*GOOD) == ""
    assert told(DraftStep("Month", 3, "email", "early", anchor="end_of_month"), DraftStep("Next", 14, "email", "late",
                anchor="previous_notice", business_days=True)) == ""  # fmt: skip


@pytest.mark.parametrize(
    ("place", "change", "reason"),
    [
        # The trap of iDempiere: a first level that waits for a level before it, and so never a letter.
        (1, {"anchor": "previous_notice", "offset_days": 10}, "Nobody would ever be reminded"),
        (1, {"stage": "preventive"}, "for those only"),
        (0, {"stage": "early"}, "for those only"),
        (2, {"offset_days": 3}, "It could never come on its day"),
        (2, {"offset_days": 0}, "Give it at least one day"),
        (2, {"offset_days": -1}, "counted from the due date only"),
        (2, {"anchor": "due_date", "offset_days": 1}, "come on the same day"),
        (4, {"anchor": "due_date", "offset_days": 0}, "for those only"),
        (4, {"stage": "early"}, "Tones go up"),
        (4, {"channel": "pigeon"}, "is not available here"),
        (4, {"channel": "call_task"}, "Take the fee to a written step"),
        (4, {"fee_amount": None}, "a fixed fee needs an amount"),
        (0, {"fee": "law"}, "it cannot carry a fee"),
        (3, {"name": "first"}, "2 steps are called"),
    ],
)
def test_an_impossible_policy_is_told_why(place: int, change: dict[str, object], reason: str) -> None:
    steps = [step._replace(**change) if at == place else step for at, step in enumerate(GOOD)]  # type: ignore[arg-type]
    assert reason in told(*steps)


def test_a_step_without_words_is_refused_unless_it_has_its_own() -> None:
    only = Means({"email"}, {"email"}, {("soft", "early", "email")})
    steps = [DraftStep("First", 1, "email", "early")]
    assert "Write a template first" in " ".join(problems_of(steps, min_days_between=6, means=only))
    assert problems_of([steps[0]._replace(words="soft")], min_days_between=6, means=only) == []


def test_nothing_after_the_due_date_is_no_policy() -> None:
    assert "Add at least one step" in told()
    assert "nobody who is late is ever reminded" in told(GOOD[0], GOOD[3])


def test_a_step_up_to_the_due_date_comes_before_the_others() -> None:
    assert "put it before the steps" in told(GOOD[1], GOOD[0])


def test_a_policy_behind_one_for_everybody_would_never_get_a_customer() -> None:
    assert shadow_problem("Some", 100, []) is None
    assert "“All” (rank 10) comes first" in str(shadow_problem("Some", 100, [("All", 10)]))


@pytest.mark.parametrize(
    ("wanted", "last", "found"),
    [
        ([1, 2, 3], 3, [1, 2, 3]),
        ([1, 3], 3, [1, 3]),
        ([1, 2, 3, None], 3, [1, 2, 3, 4]),
        ([1, 2, 3, None], 9, [1, 2, 3, 10]),
        ([1, None, 2, 3], 3, [1, 4, 5, 6]),
        ([2, 1, 3], 3, [2, 4, 5]),
        ([None, None], 0, [1, 2]),
    ],
)
def test_r01_a_step_keeps_its_place_or_gets_one_that_no_step_had(
    wanted: list[int | None], last: int, found: list[int]
) -> None:
    assert placed(wanted, last) == found


@given(st.permutations([1, 2, 3, 4, 5]), st.lists(st.integers(0, 5), max_size=3), st.integers(5, 40))
def test_r01_places_rise_and_no_new_one_was_ever_used(order: list[int], new_at: list[int], last: int) -> None:
    wanted: list[int | None] = list(order)
    for at in new_at:
        wanted.insert(at, None)
    found = placed(wanted, last)
    assert found == sorted(set(found))
    assert all(place > last or place == was for was, place in zip(wanted, found, strict=True))
    assert all(place >= was for was, place in zip(wanted, found, strict=True) if was is not None)


def content(**changes: object) -> dict[str, object]:
    step = {"id": 7, "position": 2, "name": "First", "offset_days": 1, "channel": "email", "stage": "early",
            "recipients": [], "fee_amount": None}  # fmt: skip
    return {"min_amount": "5.00", "min_days_between": 6, "minimums": {"USD": "10"}, "steps": [step], **changes}


def test_the_difference_of_two_versions_is_told_in_sentences() -> None:
    before = content()
    first = before["steps"][0]  # type: ignore[index]
    new = {"id": 0, "position": 3, "name": "Second", "offset_days": 8, "channel": "letter", "stage": "late"}
    after = content(
        min_amount="7.5", minimums={"GBP": "8"}, steps=[{**first, "offset_days": 2, "recipients": ["cfo"]}, new]
    )
    assert difference(before, after) == [
        "Smallest amount to ask for: 5 → 7.5.",
        "Smallest amount in GBP: none → 8.",
        "Smallest amount in USD: 10 → none.",
        "Step “First”: days 1 → 2, to none → cfo.",
        "Step “Second” was added: 8 days after the due date, letter, late.",
    ]
    assert difference(after, content(steps=[new]))[-1] == "Step “First” was taken out."
    assert difference(before, content(min_amount="5.0000")) == []


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"offset_days": 0}, "on the due date"),
        ({"offset_days": -1}, "1 day before the due date"),
        ({"offset_days": 8, "business_days": True}, "8 working days after the due date"),
        ({"offset_days": 7, "anchor": "previous_notice"}, "7 days after the notice before it"),
        ({"offset_days": 0, "anchor": "broken_promise"}, "on the day of a broken promise"),
    ],
)
def test_when_a_step_comes_is_told_in_words(step: dict[str, object], words: str) -> None:
    assert step_words(step) == words
