"""What a dispute means: by when it is answered, how it is named, how it may end. Pure; reads and writes nothing."""

from datetime import date

from collections_app.lib.calendars import add_business_days
from collections_app.lib.states import States

ANSWER_WITHIN_BUSINESS_DAYS = 10

# A dispute ends once. Reopening is a new dispute, so that the history of the first stays what it was.
DISPUTE_STATES = States(
    {
        "open": frozenset({"accepted", "rejected", "withdrawn", "settled"}),
        "accepted": frozenset(),
        "rejected": frozenset(),
        "withdrawn": frozenset(),
        "settled": frozenset(),
    }
)


def answer_by(opened_on: date, region: str) -> date:
    """The day by which the customer should have our answer: ten business days of the region after the opening."""
    return add_business_days(opened_on, ANSWER_WITHIN_BUSINESS_DAYS, region)


def dispute_reference(number: int, opened_on: date) -> str:
    """How people name the dispute, for example D-2026-000123. Numbers run on over the years."""
    return f"D-{opened_on.year}-{number:06d}"
