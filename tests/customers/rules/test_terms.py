"""Payment terms on awkward days (case D46)."""

from datetime import date

import pytest

from customers.rules.terms import due_on


@pytest.mark.parametrize(
    ("issued", "kind", "days", "due"),
    [
        ("2026-01-31", "net", 30, "2026-03-02"),
        ("2028-01-31", "net", 30, "2028-03-01"),
        ("2028-02-29", "net", 365, "2029-02-28"),
        ("2026-12-31", "net", 0, "2026-12-31"),
        ("2026-06-11", "end_of_month", 1, "2026-07-31"),
        ("2026-02-28", "end_of_month", 1, "2026-03-31"),
        ("2028-02-29", "end_of_month", 0, "2028-02-29"),
        ("2026-01-31", "end_of_month", 1, "2026-02-28"),
        ("2028-01-15", "end_of_month", 1, "2028-02-29"),
        ("2026-11-30", "end_of_month", 2, "2027-01-31"),
        ("2026-06-11", "nth_following", 15, "2026-07-15"),
        ("2026-12-31", "nth_following", 15, "2027-01-15"),
        ("2026-01-31", "nth_following", 31, "2026-02-28"),
        ("2028-01-29", "nth_following", 29, "2028-02-29"),
    ],
)
def test_d46_the_due_date_is_a_day_of_the_calendar(issued: str, kind: str, days: int, due: str) -> None:
    assert due_on(issued_on=date.fromisoformat(issued), kind=kind, days=days) == date.fromisoformat(due)


def test_unknown_terms_are_a_programming_error() -> None:
    with pytest.raises(ValueError, match="never"):
        due_on(issued_on=date(2026, 1, 1), kind="never", days=1)
