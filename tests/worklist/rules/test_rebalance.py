"""Rebalancing: few moves, each with its reason, to people with room; and nothing to do once it is done."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from worklist.rules.rebalance import Day, Holding, Plan, Why, rebalance

ANNA, BEN, CLARA = 1, 2, 3
ALL = frozenset({ANNA, BEN, CLARA})


def row(customer: int, collector: int | None, minutes: int, money: int = 0, **more: object) -> Holding:
    fields: dict[str, object] = {"may_hold": ALL, **more}
    return Holding(customer, collector, minutes, Decimal(money), **fields)  # type: ignore[arg-type]


def moved(plan: Plan) -> list[tuple[int, int | None, int, Why]]:
    return [(move.customer_id, move.from_id, move.to_id, move.why) for move in plan.moves]


def test_a_team_whose_days_fit_is_left_alone() -> None:
    plan = rebalance([row(1, ANNA, 100), row(2, BEN, 20)], [Day(ANNA, 100), Day(BEN, 100)])
    assert (plan.moves, plan.before, plan.after) == ([], {ANNA: 100, BEN: 20}, {ANNA: 100, BEN: 20})


def test_an_account_of_nobody_goes_to_who_has_most_room_for_the_size_of_their_day() -> None:
    holdings = [row(1, None, 10), row(2, ANNA, 30), row(3, BEN, 40)]
    assert moved(rebalance(holdings, [Day(ANNA, 50), Day(BEN, 200)])) == [(1, None, BEN, Why.NOBODY)]


def test_the_most_money_finds_its_place_first() -> None:
    holdings = [row(1, None, 10, money=5), row(2, None, 10, money=9)]
    plan = rebalance(holdings, [Day(ANNA, 100), Day(BEN, 60)])
    assert moved(plan) == [(1, None, BEN, Why.NOBODY), (2, None, ANNA, Why.NOBODY)]


def test_an_account_whose_portfolio_names_others_moves_to_them() -> None:
    plan = rebalance([row(1, ANNA, 10, may_hold=frozenset({BEN}))], [Day(ANNA, 100), Day(BEN, 100)])
    assert moved(plan) == [(1, ANNA, BEN, Why.PORTFOLIO)]


def test_an_account_of_somebody_who_left_finds_somebody_else() -> None:
    assert moved(rebalance([row(1, 99, 10)], [Day(ANNA, 100)])) == [(1, 99, ANNA, Why.LEFT)]


def test_a_portfolio_of_nobody_who_is_there_leaves_the_account_where_it_is() -> None:
    nobody, away = row(1, ANNA, 10, may_hold=frozenset()), row(2, ANNA, 10, may_hold=frozenset({CLARA}))
    assert rebalance([nobody, away], [Day(ANNA, 100), Day(CLARA, 100, away=True)]).moves == []


def test_too_much_for_a_day_is_cured_with_one_account_where_one_is_enough() -> None:
    holdings = [row(1, ANNA, 60), row(2, ANNA, 30), row(3, ANNA, 25), row(4, ANNA, 5)]
    plan = rebalance(holdings, [Day(ANNA, 100), Day(BEN, 100)])
    assert moved(plan) == [(3, ANNA, BEN, Why.ROOM)]
    assert plan.after == {ANNA: 95, BEN: 25}


def test_accounts_in_the_middle_of_a_promise_or_dispute_stay_while_others_can_go() -> None:
    holdings = [row(1, ANNA, 30, engaged=True), row(2, ANNA, 30), row(3, ANNA, 30)]
    plan = rebalance(holdings, [Day(ANNA, 40), Day(BEN, 100)])
    assert [move.customer_id for move in plan.moves] == [2, 3]


def test_nobody_is_given_more_than_a_day_holds() -> None:
    plan = rebalance([row(1, ANNA, 60), row(2, ANNA, 60), row(3, BEN, 50)], [Day(ANNA, 100), Day(BEN, 100)])
    assert plan.moves == []


def test_who_is_away_is_given_nothing_and_keeps_what_they_have() -> None:
    holdings = [row(1, ANNA, 90), row(2, ANNA, 90), row(3, BEN, 10, may_hold=frozenset({ANNA}))]
    assert rebalance(holdings, [Day(ANNA, 100), Day(BEN, 100, away=True)]).moves == []


def test_the_list_of_somebody_away_counts_on_the_day_of_the_substitute() -> None:
    plan = rebalance([row(1, ANNA, 40)], [Day(ANNA, 100, besides=80), Day(BEN, 100)])
    assert (moved(plan), plan.before[ANNA]) == ([(1, ANNA, BEN, Why.ROOM)], 120)


def test_who_was_relieved_late_can_still_take_from_who_was_relieved_first() -> None:
    only_ben = frozenset({ANNA, BEN})
    holdings = [row(1, ANNA, 150, may_hold=only_ben), row(2, BEN, 130), row(3, ANNA, 20, may_hold=only_ben)]
    plan = rebalance(holdings, [Day(ANNA, 150), Day(BEN, 125), Day(CLARA, 200)])
    assert moved(plan) == [(2, BEN, CLARA, Why.ROOM), (3, ANNA, BEN, Why.ROOM)]


people = st.lists(
    st.builds(Day, st.just(0), st.integers(0, 300), st.integers(0, 100), st.booleans()), min_size=1, max_size=5
).map(lambda rows: [replace(row, user_id=n) for n, row in enumerate(rows)])
accounts = st.lists(
    st.builds(
        Holding,
        st.just(0),
        st.one_of(st.none(), st.integers(0, 5)),
        st.integers(0, 60),
        st.integers(0, 9).map(Decimal),
        st.frozensets(st.integers(0, 5)),
        st.booleans(),
    ),
    max_size=25,
).map(lambda rows: [replace(row, customer_id=n) for n, row in enumerate(rows)])


def carried_out(holdings: list[Holding], plan: Plan) -> list[Holding]:
    to = {move.customer_id: move.to_id for move in plan.moves}
    return [replace(row, collector_id=to.get(row.customer_id, row.collector_id)) for row in holdings]


@given(accounts, people)
def test_a_plan_keeps_every_promise_of_its_description(holdings: list[Holding], days: list[Day]) -> None:
    plan, rows = rebalance(holdings, days), {row.customer_id: row for row in holdings}
    capacity = {day.user_id: day for day in days}
    for move in plan.moves:
        assert move.to_id in rows[move.customer_id].may_hold
        assert not capacity[move.to_id].away
        assert move.from_id == rows[move.customer_id].collector_id != move.to_id
        if move.why == Why.ROOM:
            assert plan.after[move.to_id] <= max(capacity[move.to_id].capacity, plan.before[move.to_id])
    known = [row for row in carried_out(holdings, plan) if row.collector_id in capacity]
    for user_id, day in capacity.items():
        assert plan.after[user_id] == day.besides + sum(r.minutes for r in known if r.collector_id == user_id)


@given(accounts, people)
def test_once_it_is_done_there_is_nothing_left_to_do(holdings: list[Holding], days: list[Day]) -> None:
    done = carried_out(holdings, rebalance(holdings, days))
    assert rebalance(done, days).moves == []


@given(accounts, people)
def test_the_order_of_the_rows_makes_no_difference(holdings: list[Holding], days: list[Day]) -> None:
    assert rebalance(holdings, days) == rebalance(holdings[::-1], days[::-1])
