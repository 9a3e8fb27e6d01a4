"""The score: parts that add up exactly, and an order a collector would agree with."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worklist.rules.facts import BrokenPromise, CustomerFacts, Exposure, Reactions, Slice
from worklist.rules.lateness import Delays, Habit
from worklist.rules.reasons import short_reason
from worklist.rules.score import Score, score
from worklist.rules.strategy import Band, Escalating, Strategy, as_data, read_strategy

ON = date(2026, 11, 3)


def money(overdue: Decimal, days: int, upcoming: Decimal = Decimal(0)) -> Slice:
    """The slice of an amount that is so many days late."""
    levels = ("days_10", "days_20", "days_30")
    at = "older" if days > 30 else levels[(days - 1) // 10] if days > 0 else "upcoming"
    return replace(Slice(upcoming), **{at: overdue}) if overdue else Slice(upcoming)


def habit(late: int, known: int) -> Habit:
    """So many of an account's paid invoices came 12 days late."""
    return Habit(Delays(known, (late, late, 0, 0, 0)))


def facts(overdue: str = "0", days: int = 0, upcoming: str = "0", **more: Any) -> CustomerFacts:
    open_money = money(Decimal(overdue), days, Decimal(upcoming))
    defaults = {"exposures": (Exposure("EUR", open_money, **more.pop("exposure", {})),), "oldest_days": days}
    return CustomerFacts(1, "C1", "EUR", ON, **{**defaults, **more})


def names(found: Score) -> list[str]:
    return [part.name for part in found.parts]


def amounts(top: int = 10**9) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=top, places=2, allow_nan=False)


@st.composite
def slices(draw: st.DrawFn, most: Slice | None = None) -> Slice:
    names = ("upcoming", "days_10", "days_20", "days_30", "older")
    return Slice(*(draw(amounts(int(getattr(most, name)) if most else 10**9)) for name in names))


def delays() -> st.SearchStrategy[Delays]:
    falling = st.lists(st.integers(0, 300), min_size=6, max_size=6).map(lambda row: sorted(row, reverse=True))
    still = st.lists(st.integers(0, 50), min_size=3, max_size=3).map(lambda row: sorted(row, reverse=True))
    return st.builds(
        lambda paid, late: Delays(paid[0], (paid[1], paid[2], paid[3], paid[4], paid[5]), (late[0], late[1], late[2])),
        falling, still,
    )  # fmt: skip


def near(*days: int) -> st.SearchStrategy[date | None]:
    return st.sampled_from([None, *(ON + timedelta(days=number) for number in days)])


@st.composite
def any_facts(draw: st.DrawFn) -> CustomerFacts:
    whole = draw(slices())
    disputed = draw(slices(whole))
    promised = draw(slices(whole.minus(disputed))) if draw(st.booleans()) else Slice()
    predicted = draw(amounts(int(whole.upcoming)))
    rate = draw(st.sampled_from([Decimal(1), Decimal("0.0173"), None]))
    exposure = Exposure("EUR", whole, disputed, promised, draw(amounts()), rate, ON, predicted, predicted / 3)
    return CustomerFacts(
        1, "C1", draw(st.sampled_from(["EUR", "JPY", "TND"])), ON, (exposure,),
        habit=Habit(draw(delays())),
        oldest_days=draw(st.integers(0, 900)),
        overdue_documents=draw(st.integers(1, 3)),
        broken=draw(st.sampled_from([None, BrokenPromise(ON - timedelta(days=1), Decimal("500.55"))])),
        promise_until=draw(near(0)),
        dispute_answer_by=draw(near(-3, 2, 40)),
        call_due=draw(st.sampled_from(["", "First call"])),
        unknown_mail_on=draw(near(0)),
        follow_up_on=draw(near(0, 3)),
        last_contact_on=draw(near(0, -2, -9)),
        unanswered_since=draw(near(-6, -30)),
        reactions=draw(st.sampled_from([Reactions(), Reactions(9, 9, 9, 0)])),
        credit_limit=draw(st.sampled_from([None, Decimal(0), Decimal(5000)])),
        insured=draw(st.sampled_from([None, Decimal(700)])),
        tell_insurer_by=draw(near(1, 50)),
        hold_reason=draw(st.sampled_from(["", "Insolvency"])),
        hold_until=ON,
        reachable=draw(st.booleans()),
    )  # fmt: skip


def percentages(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


@st.composite
def any_strategy(draw: st.DrawFn) -> Strategy:
    data = as_data(Strategy())
    names = draw(st.lists(st.sampled_from(sorted(data["points"])), unique=True))
    data["points"] |= {name: draw(percentages(100)) for name in names}
    data["effects"] = {"call": draw(percentages(100)), "mail": draw(percentages(100))}
    data["class_percent"]["A"] = draw(percentages(1000))
    data["bands"] = draw(st.sampled_from([[], [{"least": "1000", "percent": draw(percentages(1000))}]]))
    data["minute_cost"] = draw(st.sampled_from(["0", "0.50", "400"]))
    return read_strategy(data)


@given(any_facts(), any_strategy())
def test_the_parts_add_up_to_the_score_to_the_cent_and_it_is_never_negative(
    known: CustomerFacts, strategy: Strategy
) -> None:
    found = score(known, strategy)
    assert sum((part.amount for part in found.parts), Decimal(0)) == found.score
    assert found.score >= 0
    assert all(part.why and "\n" not in part.why for part in found.parts)
    assert not any(part.amount.is_signed() and not part.amount for part in found.parts)  # no "-0.00"
    assert len(names(found)) == len(set(names(found)))


@given(any_facts(), any_strategy())
def test_the_line_says_only_what_the_parts_say_and_the_most_urgent_part_is_in_it(
    known: CustomerFacts, strategy: Strategy
) -> None:
    found = score(known, strategy)
    said = found.why.split(" · ") if found.why else []
    from_parts = {short_reason(part, known): part for part in found.parts}
    assert set(said) <= set(from_parts)
    assert 0 < len(said) <= 3 or not found.parts
    assert len(found.why) <= 300
    occasions = [part for part in found.parts if part.name in URGENT and part.amount > 0]
    if occasions and not known.hold_reason:
        assert any(from_parts[words].amount == max(part.amount for part in occasions) for words in said)
    assert ("on hold" in found.why) == bool(known.hold_reason)


URGENT = {"broken_promise", "call_due", "follow_up", "unknown_mail", "credit_limit", "credit_limit_near",
          "dispute_deadline", "insurer_deadline", "no_reaction"}  # fmt: skip


@given(amounts(), st.integers(1, 4000), st.integers(0, 50))
def test_the_movable_money_never_exceeds_the_open_amount(overdue: Decimal, days: int, late: int) -> None:
    assert score(facts(str(overdue), days, habit=habit(late, 50))).score <= overdue + Decimal("0.01")


def test_at_the_same_amount_and_age_the_customer_with_the_worse_habit_comes_first() -> None:
    punctual = Habit(Delays(40, (8, 2, 0, 0, 0)))
    notorious = Habit(Delays(40, (39, 36, 30, 20, 10)))
    for days in (0, 5, 15):
        assert score(facts("1000", days, habit=notorious)).score > score(facts("1000", days, habit=punctual)).score


def test_a_small_old_debt_of_a_late_payer_outranks_a_larger_fresh_one_of_a_punctual_payer() -> None:
    assert score(facts("4000", 90, habit=habit(30, 40))).score > score(facts("9000", 3, habit=habit(2, 40))).score


def test_few_own_invoices_are_drawn_towards_the_portfolio() -> None:
    once_late = Habit(Delays(1, (1, 0, 0, 0, 0)))
    assert once_late.late_rate == (1 + 5 * once_late.usual.shares[0]) / 6


def test_a_disputed_part_and_a_promised_part_are_taken_out() -> None:
    half, free = money(Decimal(500), 30), Strategy(minute_cost=Decimal(0))
    plain = score(facts("1000", 30), free).score
    disputed = score(facts("1000", 30, exposure={"disputed": half}), free)
    promised = score(facts("1000", 30, exposure={"promised": half}, promise_until=ON), free)
    assert disputed.score == promised.score == (plain / 2).quantize(Decimal("0.01"))
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
    dollars = Exposure("USD", money(Decimal(1000), 34), rate=Decimal("0.9"), rate_on=ON)
    found = score(CustomerFacts(1, "C1", "EUR", ON, (dollars,), oldest_days=34))
    assert found.overdue == Decimal("900.00")
    assert "USD at 0.900000 EUR (ECB, 2026-11-03)" in found.parts[0].why


def test_a_currency_without_a_rate_is_named_and_not_counted() -> None:
    row = Exposure("XAU", money(Decimal(1000), 34), rate=None)
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


def parts(found: Score) -> dict[str, Decimal]:
    return {part.name: part.amount for part in found.parts}


def test_what_contacts_did_for_this_customer_before_changes_what_one_is_worth_now() -> None:
    deaf = score(facts("1000", 5, reactions=Reactions(mails=20)))
    new = score(facts("1000", 5))
    quick = score(facts("1000", 5, reactions=Reactions(mails=20, mails_answered=19)))
    calls = score(facts("1000", 5, reactions=Reactions(calls=20)))
    assert deaf.score < new.score < quick.score
    assert calls.score == new.score  # what a call does says nothing about a mail
    assert "19 of 20 mails of a year" in next(part.why for part in quick.parts if part.name == "effect")


def test_a_prediction_replaces_the_chance_of_being_late_for_what_is_not_due_yet_only() -> None:
    def predicted(share: str) -> Score:
        known = {"predicted": Decimal(1000), "predicted_late": Decimal(1000) * Decimal(share)}
        return score(facts("1000", 40, "1000", exposure=known))

    plain = score(facts("1000", 40, "1000"))
    assert predicted("0.05").score < plain.score < predicted("0.95").score
    assert "predicted late with 95 %" in next(part.why for part in predicted("0.95").parts if part.name == "in_time")
    late_only = score(facts("1000", 40, exposure={"predicted": Decimal(0)}))
    assert late_only.score == score(facts("1000", 40)).score


@pytest.mark.parametrize(("days", "percent"), [(4, None), (5, 2), (9, 2), (10, 5), (15, 10), (80, 10)])
def test_days_without_a_reaction_count_step_by_step(days: int, percent: int | None) -> None:
    found = parts(score(facts("1000", 40, unanswered_since=ON - timedelta(days=days))))
    assert found.get("no_reaction") == (None if percent is None else Decimal(1000) * percent / 100)


def test_deadlines_count_when_they_are_near() -> None:
    def deadline(day: date, **more: Any) -> dict[str, Decimal]:
        return parts(score(facts("1000", 40, tell_insurer_by=day, dispute_answer_by=day, **more)))

    half = {"disputed": money(Decimal(400), 40)}
    near_by = deadline(ON + timedelta(days=5), insured=Decimal(600), exposure=half)
    assert (near_by["insurer_deadline"], near_by["dispute_deadline"]) == (Decimal(150), Decimal(100))
    far = deadline(ON + timedelta(days=6), exposure=half)
    assert not far.keys() & {"insurer_deadline", "dispute_deadline"}


@pytest.mark.parametrize(("limit", "name", "amount"), [
    ("999", "credit_limit", 100), ("1000", "credit_limit_near", 50), ("1112", "", 0), ("0", "credit_limit", 100),
])  # fmt: skip
def test_a_credit_limit_counts_when_it_is_exceeded_and_half_when_nearly(limit: str, name: str, amount: int) -> None:
    found = parts(score(facts("1000", 40, credit_limit=Decimal(limit))))
    assert {key: found[key] for key in found if key.startswith("credit_limit")} == ({name: amount} if name else {})


def test_what_the_work_costs_never_takes_more_than_half() -> None:
    small, large = score(facts("4", 40)), score(facts("4000", 40))
    assert parts(large)["cost"] == Decimal("-4.00")
    assert parts(small)["cost"] == -small.score == Decimal("-0.80")


def test_a_strategy_weighs_classes_bands_and_silence_and_says_so() -> None:
    strategy = Strategy(
        class_a=Decimal(500), class_b=Decimal(100), class_percent={"A": 150, "B": 100, "C": 50},
        bands=(Band(Decimal(1000), 200),), escalating=(Escalating(1, 7),), minute_cost=Decimal(0),
    )  # fmt: skip
    plain = score(facts("1000", 40), Strategy(minute_cost=Decimal(0)))
    found = score(facts("1000", 40, unanswered_since=ON - timedelta(days=1)), strategy)
    assert (found.size_class, plain.size_class) == ("A", "C")
    assert parts(found)["size_class"] == plain.score / 2
    assert parts(found)["amount_band"] == plain.score
    assert parts(found)["no_reaction"] == 70


def test_a_broken_promise_older_than_the_strategy_looks_back_is_forgotten() -> None:
    known = facts("1000", 40, broken=BrokenPromise(ON - timedelta(days=8), Decimal(1000)))
    assert score(known).step.text == "Call about the promise"
    found = score(known, Strategy(broken_days=7))
    assert ("broken" in found.why, found.step.text, found.badges) == (False, "Call", ())


def test_the_next_step_says_how_many_minutes_it_takes() -> None:
    assert score(facts("1000", 40)).minutes == 8
    assert score(facts("1000", 40), Strategy(call_after_days=60)).step.code == "send_statement"
    assert score(facts(upcoming="1000")).minutes == 0
