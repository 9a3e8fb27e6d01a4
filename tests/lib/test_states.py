"""A table of legal moves: what is not in it cannot happen."""

import pytest

from collections_app.lib.errors import Conflict
from collections_app.lib.states import States

NOTICE = States(
    {
        "draft": frozenset({"approved", "dropped"}),
        "approved": frozenset({"sent"}),
        "sent": frozenset(),
        "dropped": frozenset(),
    }
)


def test_a_legal_move_passes() -> None:
    assert NOTICE.may("draft", "approved")
    NOTICE.check("draft", "approved")


@pytest.mark.parametrize(
    ("current", "target", "hint"),
    [
        ("draft", "sent", "only become approved or dropped"),
        ("draft", "draft", "approved or dropped"),
        ("sent", "draft", "Nothing can follow"),
        ("lost", "draft", "Nothing can follow"),
        ("draft", "lost", "approved or dropped"),
    ],
)
def test_an_illegal_move_is_a_conflict_that_says_what_is_possible(current: str, target: str, hint: str) -> None:
    assert not NOTICE.may(current, target)
    with pytest.raises(Conflict, match=hint) as refused:
        NOTICE.check(current, target)
    assert refused.value.code == "illegal_move"


def test_final_states_are_those_nothing_leaves() -> None:
    assert NOTICE.final == {"sent", "dropped"}
    assert NOTICE.all == {"draft", "approved", "sent", "dropped"}


def test_a_misspelt_state_is_found_when_the_table_is_made() -> None:
    with pytest.raises(ValueError, match="aproved"):
        States({"draft": frozenset({"aproved"}), "approved": frozenset()})
