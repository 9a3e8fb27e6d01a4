"""The day of the month on which a statement is due."""

from datetime import date

import pytest

from invoices.rules.document_days import month_of, statement_day_in, statement_due


@pytest.mark.parametrize(
    ("day", "on", "as_of"),
    [
        (1, date(2026, 3, 1), date(2026, 2, 28)),
        (5, date(2026, 3, 4), None),
        (5, date(2026, 3, 5), date(2026, 3, 4)),
        (5, date(2026, 3, 10), date(2026, 3, 4)),  # R4: a missed day is made up for
        (5, date(2026, 3, 11), None),  # but not for ever
        (31, date(2026, 2, 28), date(2026, 2, 27)),  # a short month
        (31, date(2026, 3, 2), date(2026, 2, 27)),  # made up for over the end of the month
        (0, date(2026, 3, 5), None),
        (None, date(2026, 3, 5), None),
    ],
)
def test_r04_the_statement_is_due_on_its_day_or_a_few_days_later(day: int | None, on: date, as_of: date | None) -> None:
    assert statement_due(day, on=on) == as_of


def test_a_day_set_after_it_has_passed_waits_for_the_next_month() -> None:
    assert statement_due(5, on=date(2026, 3, 7), changed_on=date(2026, 3, 6)) is None
    assert statement_due(5, on=date(2026, 3, 5), changed_on=date(2026, 3, 5)) == date(2026, 3, 4)
    assert statement_due(5, on=date(2026, 4, 5), changed_on=date(2026, 3, 6)) == date(2026, 4, 4)


def test_a_statement_of_the_first_belongs_to_the_month_that_begins() -> None:
    assert month_of(date(2026, 2, 28)) == "2026-03"
    assert statement_day_in(date(2028, 2, 10), 30) == date(2028, 2, 29)
