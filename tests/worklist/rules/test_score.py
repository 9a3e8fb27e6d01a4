"""The score: parts that add up exactly, and an order a collector would agree with."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from worklist.rules.facts import BrokenPromise, CustomerFacts, Exposure, Habit, Slice
from worklist.rules.score import Score, late_rate, score

ON = date(2026, 11, 3)


def facts(overdue: str = "0", days: int = 0, upcoming: str = "0", **more: Any) -> CustomerFacts:
    amount = Decimal(overdue)
    money = Slice(Decimal(upcoming), amount, amount * min(days, 120))
    defaults = {"exposures": (Exposure("EUR", money, **more.pop("exposure", {})),), "oldest_days": days}
    return CustomerFacts(1, "C1", "EUR", ON, **{**defaults, **more})


def names(found: Score) -> list[str]:
    return [part.name for part in found.parts]


def amounts(top: int = 10**9) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=top, places=2, allow_nan=False)


@st.composite
def any_facts(draw: st.DrawFn) -> CustomerFacts:
    def slices(most: Slice | None = None) -> Slice:
        top = [int(most.upcoming), int(most.overdue)] if most else [10**9, 10**9]
        overdue = draw(amounts(top[1]))
        age = draw(st.integers(1, 120))
        aged = overdue * age if most is None else min(overdue * age, most.aged)
        return Slice(draw(amounts(top[0])), overdue, aged)

    whole = slices()
    disputed = slices(whole)
    promised = slices(whole.minus(disputed)) if draw(st.booleans()) else Slice()
    exposure = Exposure(
        "EUR", whole, disputed, promised, draw(amounts()), draw(st.sampled_from([Decimal(1), Decimal("0.0173"), None]))
    )
    late = draw(st.integers(0, 500))
    return CustomerFacts(
        1, "C1", draw(st.sampled_from(["EUR", "JPY", "TND"])), ON, (exposure,),
        habit=Habit(late, late + draw(st.integers(0, 500)), Decimal("0.31")),
        oldest_days=draw(st.integers(0, 900)),
        broken=draw(st.sampled_from([None, BrokenPromise(ON - timedelta(days=1), Decimal("500.55"))])),
        promise_until=draw(st.sampled_from([None, ON])),
        call_due=draw(st.sampled_from(["", "First call"])),
        unknown_mail_on=draw(st.sampled_from([None, ON])),
        follow_up_on=draw(st.sampled_from([None, ON])),
        last_contact_on=draw(st.sampled_from([None, ON, ON - timedelta(days=2), ON - timedelta(days=9)])),
        hold_reason=draw(st.sampled_from(["", "Insolvency"])),
        hold_until=ON,
    )  # fmt: skip


@given(any_facts())
def test_the_parts_add_up_to_the_score_exactly_and_it_is_never_negative(known: CustomerFacts) -> None:
    found = score(known)
    assert sum((part.amount for part in found.parts), Decimal(0)) == found.score
    assert found.score >= 0
    assert all(part.why for part in found.parts)
    assert "\n" not in found.why
    assert len(found.why) <= 300


@given(amounts(), st.integers(1, 4000), st.integers(0, 50))
def test_the_money_at_risk_never_exceeds_the_open_amount(overdue: Decimal, days: int, late: int) -> None:
    assert score(facts(str(overdue), days, habit=Habit(late, 50))).score <= overdue + Decimal("0.01")


def test_at_the_same_amount_and_age_the_customer_with_the_worse_habit_comes_first() -> None:
    punctual, notorious = Habit(1, 40), Habit(39, 40)
    assert score(facts("1000", 20, habit=notorious)).score > score(facts("1000", 20, habit=punctual)).score


def test_a_small_old_debt_of_a_late_payer_outranks_a_larger_fresh_one_of_a_punctual_payer() -> None:
    assert score(facts("4000", 90, habit=Habit(30, 40))).score > score(facts("9000", 3, habit=Habit(2, 40))).score


def test_few_own_invoices_are_drawn_towards_the_portfolio() -> None:
    once_late = facts("100", 1, habit=Habit(1, 1, Decimal("0.20")))
    assert late_rate(once_late) == (1 + 5 * Decimal("0.20")) / 6


def test_a_disputed_part_and_a_promised_part_are_taken_out() -> None:
    half = Slice(overdue=Decimal(500), aged=Decimal(500 * 30))
    plain = score(facts("1000", 30)).score
    disputed = score(facts("1000", 30, exposure={"disputed": half}))
    promised = score(facts("1000", 30, exposure={"promised": half}, promise_until=ON))
    assert disputed.score == promised.score == plain / 2
    assert "disputed" in names(disputed)
    assert "promised" in names(promised)


def test_p04_a_broken_promise_ranks_before_a_twin_with_three_times_the_money() -> None:
    broken = BrokenPromise(date(2026, 11, 2), Decimal(1000))
    assert score(facts("1000", 34, broken=broken)).score > score(facts("3000", 34)).score
    assert score(facts("1000", 34, broken=broken)).why == "promise broken 2 Nov · €1k is 34 d late"


def test_a_hold_makes_the_score_zero_and_says_why() -> None:
    held = score(facts("1000", 34, hold_reason="Insolvency", hold_until=date(2026, 12, 3)))
    assert (held.score, held.parts[-1].name, held.step.code) == (Decimal("0.00"), "hold", "held")
    assert "3 Dec: insolvency" in held.parts[-1].why


def test_a_recent_contact_lowers_the_score_for_four_days() -> None:
    scores = [
        score(facts("1000", 34, last_contact_on=ON - timedelta(days=days), last_contact_kind="call")).score
        for days in range(5)
    ]
    assert scores == sorted(scores)
    assert scores[-1] == score(facts("1000", 34)).score


def test_unused_credit_that_covers_everything_leaves_nothing_to_chase() -> None:
    found = score(facts("1000", 34, exposure={"credit": Decimal(1500)}))
    assert found.score == 0
    assert found.step.code == "match_cash"


def test_other_currencies_are_converted_and_the_rate_and_its_day_are_named() -> None:
    dollars = Exposure("USD", Slice(overdue=Decimal(1000), aged=Decimal(34000)), rate=Decimal("0.9"), rate_on=ON)
    found = score(CustomerFacts(1, "C1", "EUR", ON, (dollars,), oldest_days=34))
    assert found.overdue == Decimal("900.00")
    assert "USD at 0.900000 EUR (ECB, 2026-11-03)" in found.parts[0].why


def test_a_currency_without_a_rate_is_named_and_not_counted() -> None:
    row = Exposure("XAU", Slice(overdue=Decimal(1000), aged=Decimal(34000)), rate=None)
    found = score(CustomerFacts(1, "C1", "EUR", ON, (row,)))
    assert (found.score, names(found)) == (Decimal(0), ["no_rate"])


def test_the_next_step_follows_what_is_known() -> None:
    def step(known: CustomerFacts) -> str:
        return score(known).step.code

    late = facts("1000", 34)
    assert step(late) == "call"
    assert step(facts("1000", 5)) == "send_statement"
    assert step(replace(late, reachable=False)) == "find_contact"
    assert step(replace(late, mail_lost=True)) == "find_contact"
    assert step(replace(late, unknown_mail_on=ON)) == "check_mail"
    assert step(replace(late, last_contact_on=ON)) == "wait"
    assert step(replace(late, follow_up_on=ON)) == "follow_up"
    assert step(facts(upcoming="1000")) == "upcoming"
    assert step(facts(upcoming="1000", promise_until=ON)) == "wait_promise"
    assert step(facts(upcoming="1000", dispute_answer_by=ON)) == "answer_dispute"
