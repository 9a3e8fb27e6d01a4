"""What a dispute means: its stages, ends and deadlines. Pure."""

from datetime import date, timedelta

import pytest

from invoices.models import Dispute, DisputeCase
from invoices.rules.disputes import (
    CASE_STAGES,
    DISPUTE_STATES,
    OUTCOMES_BY_HAND,
    answer_by,
    moves_by_hand,
    outcome_for,
    stage_after_answer,
    state_for,
    urgency,
)

DAY = date(2026, 3, 2)


def test_the_tables_name_the_stages_outcomes_and_states_that_are_stored() -> None:
    assert CASE_STAGES.all == set(DisputeCase.Stage.values)
    assert DISPUTE_STATES.all == set(Dispute.State.values)
    assert {state_for(outcome) for outcome in DisputeCase.Outcome.values if outcome} <= DISPUTE_STATES.final
    assert state_for("") == ""
    assert set(OUTCOMES_BY_HAND) == set(DisputeCase.Outcome.values) - {"", "settled"}


@pytest.mark.parametrize("stage", DisputeCase.Stage.values)
def test_a_move_by_hand_is_legal_and_never_ends_or_approves_anything(stage: str) -> None:
    for target in moves_by_hand(stage):
        assert CASE_STAGES.may(stage, target)
        assert target not in ("new", "approval", "closed", stage)
    assert bool(moves_by_hand(stage)) == (stage not in ("approval", "closed"))


def test_an_answer_is_owed_after_ten_business_days() -> None:
    assert answer_by(DAY, "DE") == date(2026, 3, 16)
    assert answer_by(date(2026, 3, 27), "DE") == date(2026, 4, 14), "Good Friday and Easter Monday do not count"


@pytest.mark.parametrize(("days", "word"), [(-1, "late"), (0, "soon"), (3, "soon"), (4, "")])
def test_a_deadline_is_near_from_three_days_before_it_and_late_the_day_after(days: int, word: str) -> None:
    assert urgency(DAY + timedelta(days=days), DAY) == word


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        (["settled"], "settled"), (["settled", "withdrawn"], "settled"), (["rejected", "settled"], "rejected"),
        (["withdrawn", "accepted", "rejected"], "credited"),
    ],
)  # fmt: skip
def test_a_case_takes_the_weightiest_end_of_its_invoices(states: list[str], outcome: str) -> None:
    assert outcome_for(states) == outcome


def test_a_case_goes_on_when_the_last_colleague_answered_and_else_stays() -> None:
    assert stage_after_answer("colleague", still_asked=[]) == "investigating"
    assert stage_after_answer("colleague", still_asked=[7]) == "colleague"
    assert stage_after_answer("closed", still_asked=[]) == "closed"
