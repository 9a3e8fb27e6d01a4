"""When an invoice falls due under given terms. Pure arithmetic on calendar days."""

from calendar import monthrange
from datetime import date, timedelta


def due_on(*, issued_on: date, kind: str, days: int) -> date:
    """The due date of a document issued on `issued_on`.

    `net`: that many days later. `end_of_month`: the last day of the month that many months later, so end of month
    + 1 from 11 Jun is 31 Jul and from 28 Feb is 31 Mar (case D46). `nth_following`: that day of the following
    month, or its last day where the month is shorter."""
    if kind == "net":
        return issued_on + timedelta(days=days)
    if kind == "nth_following":
        year, month = _months_later(issued_on, 1)
        return date(year, month, min(days, monthrange(year, month)[1]))
    if kind == "end_of_month":
        year, month = _months_later(issued_on, days)
        return date(year, month, monthrange(year, month)[1])
    raise ValueError(f"Unknown kind of payment terms: {kind}.")


def _months_later(day: date, months: int) -> tuple[int, int]:
    zero_based = day.month - 1 + months
    return day.year + zero_based // 12, zero_based % 12 + 1
