"""Which playbook counts, and what its script says: pure rules, so no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worklist.models import Playbook
from worklist.rules.playbook import (
    PLACEHOLDERS,
    Candidate,
    Piece,
    Situation,
    filled,
    fitting,
    share,
    stage_by_age,
    unknown_placeholders,
)
from worklist.rules.playbook_starters import STARTERS

ANY = Candidate(1, 100, "Any")
LATE = Candidate(2, 50, "Late", stage="late")
BROKEN = Candidate(3, 10, "Broken", occasion="broken")
PUBLIC = Candidate(4, 5, "Public bodies", stage="late", segment_id=7)


def chosen(situation: Situation, *of: Candidate) -> str:
    found = fitting(of or (ANY, LATE, BROKEN, PUBLIC), situation)
    return found.title if found else ""


def test_the_lowest_rank_of_those_that_fit_counts() -> None:
    assert chosen(Situation("early")) == "Any"
    assert chosen(Situation("late")) == "Late"
    assert chosen(Situation("late", frozenset({"broken"}))) == "Broken"
    assert chosen(Situation("late", frozenset({"broken"}), frozenset({7}))) == "Public bodies"


def test_none_fits_when_stage_occasion_or_segment_ask_for_more() -> None:
    assert chosen(Situation("early", frozenset({"promise"}), frozenset({8})), LATE, BROKEN, PUBLIC) == ""


def test_equal_ranks_are_told_apart_by_title_then_id_whatever_the_order() -> None:
    first, second = Candidate(9, 1, "A"), Candidate(8, 1, "B")
    twin = Candidate(10, 1, "A")
    assert fitting([second, twin, first], Situation("")) is first


@pytest.mark.parametrize(
    ("stage", "days", "found"),
    [("late", 0, "late"), ("", -5, "preventive"), ("", 0, "preventive"), ("", 1, "early"), ("", 30, "early"),
     ("", 31, "late"), ("", 75, "late"), ("", 76, "final")],
)  # fmt: skip
def test_without_a_policy_the_age_tells_the_stage(stage: str, days: int, found: str) -> None:
    assert stage_by_age(stage, days) == found


def test_a_script_is_filled_and_what_is_not_known_is_marked() -> None:
    pieces = filled("Hello {{ contact }}, {{overdue}} is late.", {"overdue": "€10.00"})
    assert pieces == [Piece("Hello "), Piece(PLACEHOLDERS["contact"], missing=True), Piece(", "), Piece("€10.00"),
                      Piece(" is late.")]  # fmt: skip


def test_d66_a_value_that_looks_like_a_placeholder_is_not_filled_again() -> None:
    pieces = filled("{{customer}}", {"customer": "{{overdue}}", "overdue": "€1.00"})
    assert pieces == [Piece("{{overdue}}")]


def test_unknown_placeholders_are_named_once_in_order() -> None:
    assert unknown_placeholders("{{zeta}} {{ contact }} {{iban}} {{zeta}}") == ["zeta", "iban"]
    assert unknown_placeholders("no braces, {single}, {{}}") == [""]


@given(st.text(alphabet="ab{} \n", max_size=60))
def test_filling_never_fails_and_loses_no_other_text(script: str) -> None:
    whole = "".join(piece.text for piece in filled(script, {"a": "a", "b": "b"}))
    assert "{{" in script or whole == script


def test_only_all_of_it_is_a_hundred_percent() -> None:
    assert (share(199, 200), share(200, 200), share(0, 3), share(0, 0)) == (99, 100, 0, None)


def test_the_starters_fit_the_tables_and_ask_only_for_what_can_be_filled() -> None:
    assert len({one.code for one in STARTERS}) == len(STARTERS) == 9
    for one in STARTERS:
        assert unknown_placeholders(one.script) == []
        assert one.stage in Playbook.Stage.values
        assert one.occasion in Playbook.Occasion.values
        assert max(map(len, (one.goal, one.tone, *(step.text for step in one.steps)))) <= 250


def test_every_stage_has_a_starter_that_fits_without_any_occasion() -> None:
    plain = [Candidate(i, one.rank, one.title, one.stage, one.occasion) for i, one in enumerate(STARTERS)]
    for stage in ("preventive", "early", "late", "final"):
        assert fitting(plain, Situation(stage)) is not None
