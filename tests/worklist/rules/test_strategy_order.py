"""What another strategy does to the order: counted from both ranks, person by person, with stable ties."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from worklist.rules.strategy_order import NOBODY, TOP, TOP_OF_ONE, Both, Standing, compared

ANNA, BEN = 7, 8


def both(pk: int, now: int, then: int, analyst: int = ANNA, minutes: int = 5) -> Both:
    return Both(pk, analyst, Standing(Decimal(now), minutes), Standing(Decimal(then), minutes * 2))


def test_f17_who_rises_falls_comes_and_goes_is_counted() -> None:
    found = compared([both(1, 30, 10), both(2, 20, 20), both(3, 10, 30), both(4, 5, 0), both(5, 0, 40), both(6, 0, 0)])
    assert {name: found[name] for name in ("now", "then", "rises", "falls", "stays", "comes", "goes")} == {
        "now": 4, "then": 4, "rises": 1, "falls": 2, "stays": 0, "comes": 1, "goes": 1,
    }  # fmt: skip
    assert found["tops"][""] == [[1, 5], [2, 3], [3, 2], [4, 1]]
    assert found["places"] == {"1": [1, 4], "2": [2, 3], "3": [3, 2], "4": [4, None], "5": [None, 1]}


def test_f17_each_person_has_a_top_and_a_day_of_their_own() -> None:
    found = compared([both(1, 30, 10), both(2, 20, 20, BEN), both(3, 10, 30), both(4, 1, 0, NOBODY)])
    assert [(row["analyst"], row["now"], row["then"], row["minutes_now"], row["minutes_then"], row["rises"],
             row["falls"]) for row in found["people"]] == [
        (ANNA, 2, 2, 10, 20, 1, 1), (BEN, 1, 1, 5, 10, 0, 0), (NOBODY, 1, 0, 5, 0, 0, 0),
    ]  # fmt: skip
    assert found["tops"][str(ANNA)] == [[1, 3], [3, 1]]
    assert found["tops"][str(NOBODY)] == [[4, None]]


def test_equal_ranks_are_ordered_by_id_so_that_an_unchanged_rule_moves_nobody() -> None:
    found = compared([both(pk, 10, 10) for pk in (5, 3, 9, 1)])
    assert found["tops"][""] == [[1, 1], [3, 3], [5, 5], [9, 9]]
    assert (found["rises"], found["falls"], found["stays"]) == (0, 0, 4)


def test_the_tops_are_cut() -> None:
    found = compared([both(pk, pk, pk) for pk in range(1, 200)])
    assert (len(found["tops"][""]), len(found["tops"][str(ANNA)])) == (TOP, TOP_OF_ONE)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from([ANNA, BEN, NOBODY])), max_size=60))
def test_everybody_is_counted_once(ranks: list[tuple[int, int, int]]) -> None:
    rows = [both(pk, now, then, who) for pk, (now, then, who) in enumerate(ranks, start=1)]
    found = compared(rows)
    assert found["rises"] + found["falls"] + found["stays"] + found["goes"] == found["now"]
    assert found["rises"] + found["falls"] + found["stays"] + found["comes"] == found["then"]
    assert sum(row["now"] for row in found["people"]) == found["now"]
    assert sum(row["then"] for row in found["people"]) == found["then"]
