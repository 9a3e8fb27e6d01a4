"""Doing one thing for many: for whom it takes effect, and who is skipped and why (U14)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worklist.rules.bulk import Chosen, Do, Plan, Skip, effect_of

ON = date(2026, 3, 2)
ROW = Chosen(customer_id=1, name="Meyer", entity_id=7, currency="EUR", overdue=Decimal(100))
LATER = ON + timedelta(days=7)


@pytest.mark.parametrize(
    ("plan", "row", "reason"),
    [
        (Plan(Do.SNOOZE, ON, until=LATER), replace(ROW, taken_by="Anna"), Skip.TAKEN),
        (Plan(Do.SNOOZE, ON, until=LATER), replace(ROW, snoozed_until=LATER), Skip.SNOOZED),
        (Plan(Do.SNOOZE, ON, until=LATER), replace(ROW, snoozed_until=ON), None),
        (Plan(Do.SNOOZE, ON), ROW, Skip.NO_PROMISE),
        (Plan(Do.SNOOZE, ON), replace(ROW, promised_until=ON - timedelta(days=1)), Skip.NO_PROMISE),
        (Plan(Do.ASSIGN, ON, to=3, may_work=frozenset({7})), replace(ROW, collector_id=3), Skip.THEIRS),
        (Plan(Do.ASSIGN, ON, to=3, may_work=frozenset({8})), ROW, Skip.NOT_ALLOWED),
        (Plan(Do.ASSIGN, ON, to=3, may_work=frozenset({7})), ROW, None),
        (Plan(Do.ASSIGN, ON, to=None), ROW, Skip.THEIRS),
        (Plan(Do.ASSIGN, ON, to=None), replace(ROW, collector_id=3), None),
        (Plan(Do.PIN, ON, until=LATER), replace(ROW, pinned_until=LATER), Skip.PINNED),
        (Plan(Do.WORKED, ON), replace(ROW, done_on=ON), Skip.WORKED),
        (Plan(Do.WORKED, ON), replace(ROW, done_on=ON - timedelta(days=1)), None),
        (Plan(Do.NOTE, ON), replace(ROW, taken_by="Anna"), None),
    ],
)
def test_u14_each_customer_left_out_has_a_reason(plan: Plan, row: Chosen, reason: Skip | None) -> None:
    assert [found for _row, found in effect_of(plan, [row]).skipped] == ([reason] if reason else [])


def test_u17_after_the_promise_means_the_day_after_the_promise_of_each() -> None:
    rows = [replace(ROW, promised_until=LATER), replace(ROW, customer_id=2, promised_until=ON)]
    found = effect_of(Plan(Do.SNOOZE, ON), rows)
    assert [day for _row, day in found.takes] == [LATER + timedelta(days=1), ON + timedelta(days=1)]


def test_money_is_added_up_by_currency_of_those_it_takes_effect_for() -> None:
    rows = [ROW, replace(ROW, customer_id=2, currency="SEK"), replace(ROW, customer_id=3, done_on=ON)]
    assert effect_of(Plan(Do.WORKED, ON), rows).money == {"EUR": Decimal(100), "SEK": Decimal(100)}


@given(
    do=st.sampled_from(Do),
    until=st.none() | st.dates(ON, LATER),
    people=st.lists(st.builds(
        lambda pk, snoozed, collector, taken: replace(
            ROW, customer_id=pk, snoozed_until=snoozed, collector_id=collector, taken_by=taken
        ),
        st.integers(1, 99), st.none() | st.dates(ON, LATER), st.none() | st.integers(1, 3),
        st.sampled_from(("", "Ben")),
    )),
)  # fmt: skip
def test_nobody_is_lost_between_those_who_are_taken_and_those_who_are_skipped(
    do: Do, until: date | None, people: list[Chosen]
) -> None:
    found = effect_of(Plan(do, ON, until=until, to=1, may_work=frozenset({7})), people)
    told = [row for row, _ in found.takes] + [row for row, _ in found.skipped]
    assert sorted(row.customer_id for row in told) == sorted(row.customer_id for row in people)
