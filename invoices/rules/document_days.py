"""On which day of a month a statement of account is due. Pure."""

from calendar import monthrange
from datetime import date, timedelta

# A day that was missed is made up for within so many days (R4); then the month has none.
CATCH_UP = timedelta(days=5)


def statement_day_in(month: date, day: int) -> date:
    """The day of that month; its last one where the month is shorter."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def statement_due(day: int | None, *, on: date, changed_on: date | None = None) -> date | None:
    """The day as of which a statement is due on `on`, or None. `day` is 1 to 31 or None or 0 for never.

    The evening before counts: a statement of the 1st says what stood at the end of the day before. Settings changed
    after the day of this month wait for the next, so that changing them sends nothing at once."""
    if not day:
        return None
    for month in (on, on.replace(day=1) - timedelta(days=1)):
        this = statement_day_in(month, day)
        if this <= on <= this + CATCH_UP and (changed_on is None or changed_on <= this):
            return this - timedelta(days=1)
    return None


def month_of(as_of: date) -> str:
    """'2026-03': what makes a statement the only one of its month."""
    return f"{as_of + timedelta(days=1):%Y-%m}"
