"""What a dispute means: by when it is answered, how it is named, which stages a case goes through, how it may end.
Pure; reads and writes nothing."""

from collections.abc import Collection, Iterable
from datetime import date

from collections_app.lib.calendars import add_business_days
from collections_app.lib.states import States

ANSWER_WITHIN_BUSINESS_DAYS = 10
ANSWER_SOON_DAYS = 3  # from then on a deadline is shown as near
REPEATS_FROM = 3  # so many cases of one customer within a year are more than chance

# What is disputed of one invoice ends once. A case that is opened again disputes the invoice anew, so that the history
# of the first time stays what it was.
DISPUTE_STATES = States(
    {
        "open": frozenset({"accepted", "rejected", "withdrawn", "settled"}),
        "accepted": frozenset(),
        "rejected": frozenset(),
        "withdrawn": frozenset(),
        "settled": frozenset(),
    }
)

# A case waits for a second person by what is asked for at its end, and is closed by ending it; the other moves are made
# by hand.
CASE_STAGES = States(
    {
        "new": frozenset({"investigating", "colleague", "customer", "approval", "closed"}),
        "investigating": frozenset({"colleague", "customer", "approval", "closed"}),
        "colleague": frozenset({"investigating", "customer", "approval", "closed"}),
        "customer": frozenset({"investigating", "colleague", "approval", "closed"}),
        "approval": frozenset({"investigating", "closed"}),
        "closed": frozenset({"investigating"}),
    }
)
_BY_HAND = ("investigating", "colleague", "customer")
_STATES_OF_OUTCOMES = {
    "credited": "accepted",
    "adjusted": "accepted",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "settled": "settled",
}
OUTCOMES_BY_HAND = ("credited", "adjusted", "rejected", "withdrawn")
CREDIT_NOTE, ADJUSTMENT = "credit_note", "settlement"  # the kinds of approval that end a case
# Of invoices that ended differently the case takes the weightiest end.
_WEIGHT = ("accepted", "rejected", "settled", "withdrawn")


def answer_by(opened_on: date, region: str) -> date:
    """The day by which the customer should have our answer: ten business days of the region after the opening."""
    return add_business_days(opened_on, ANSWER_WITHIN_BUSINESS_DAYS, region)


def dispute_reference(number: int, opened_on: date) -> str:
    """How people name the dispute, for example D-2026-000123. Numbers run on over the years."""
    return f"D-{opened_on.year}-{number:06d}"


def moves_by_hand(stage: str) -> tuple[str, ...]:
    """The stages a person may move a case to from this one, in their order; none for one that is closed or waits for a
    second person."""
    if stage in ("approval", "closed"):
        return ()
    return tuple(target for target in _BY_HAND if CASE_STAGES.may(stage, target))


def state_for(outcome: str) -> str:
    """How the disputed invoices of a case end when the case ends so; empty for no outcome at all."""
    return _STATES_OF_OUTCOMES.get(outcome, "")


def outcome_for(states: Iterable[str], *, adjusted: bool = False) -> str:
    """How a case ends whose invoices ended in these states; `adjusted` when what was accepted was adjusted instead of
    credited. There is at least one state, none of them open."""
    ended = set(states)
    state = next(name for name in _WEIGHT if name in ended)
    return {"accepted": "adjusted" if adjusted else "credited"}.get(state, state)


def urgency(answer_on: date, on: date) -> str:
    """'late' after the day by which the customer should have an answer, 'soon' from three days before it, else ''."""
    days = (answer_on - on).days
    return "late" if days < 0 else "soon" if days <= ANSWER_SOON_DAYS else ""


def is_repeat(cases: int) -> bool:
    """Whether this many cases of one customer within a year make it a repeat offender."""
    return cases >= REPEATS_FROM


def stage_after_answer(stage: str, *, still_asked: Collection[int]) -> str:
    """Where a case goes when a colleague answered: on with the work, unless other questions are still open."""
    return "investigating" if stage == "colleague" and not still_asked else stage
