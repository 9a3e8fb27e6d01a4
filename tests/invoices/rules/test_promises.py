"""Levels of promises (P1) and their last day in time (D51), by the tables of docs/algorithms/promises.md."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings

from invoices.rules.promises import is_over, last_day_in_time, next_level

PAGE = (settings.BASE_DIR / "docs" / "algorithms" / "promises.md").read_text()
LEVELS = re.findall(r"^\| ([a-z][a-z, ]+) \| (–|\d) \| (\d) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("words", "before", "after"), LEVELS)
def test_p01_the_level_of_a_new_promise_follows_from_the_last_one(words: str, before: str, after: str) -> None:
    state, _, rest = words.partition(", ")
    arrived = Decimal(10) if state == "partly kept" or rest == "a part arrived" else Decimal(0)
    earlier = [] if state == "none" else [(int(before), state.replace(" ", "_"), arrived)]
    assert next_level(earlier) == int(after)


def test_p01_the_page_tells_all_seven_cases_and_the_highest_over_the_invoices_counts() -> None:
    assert len(LEVELS) == 7
    assert next_level([(1, "broken", Decimal(0)), (4, "partly_kept", Decimal(1)), (9, "kept", Decimal(9))]) == 4


@pytest.mark.parametrize(
    ("promised_on", "region", "last"),
    [
        (date(2026, 4, 3), "DE", date(2026, 4, 7)),  # Good Friday, then Easter Monday
        (date(2026, 4, 3), "US", date(2026, 4, 3)),  # a working day there
        (date(2026, 12, 24), "DE", date(2026, 12, 24)),
        (date(2026, 12, 25), "DE", date(2026, 12, 28)),  # Friday and a weekend
        (date(2026, 1, 6), "DE-BY", date(2026, 1, 7)),  # a holiday of one part of the country
        (date(2026, 1, 6), "DE", date(2026, 1, 6)),
        (date(2026, 5, 1), "TARGET", date(2026, 5, 4)),
        (date(2026, 8, 8), "GB", date(2026, 8, 10)),  # a Saturday
    ],
)
def test_d51_a_promise_for_a_day_without_banks_is_in_time_until_the_next_working_day(
    promised_on: date, region: str, last: date
) -> None:
    assert last_day_in_time(promised_on, region) == last
    assert not is_over(promised_on, region, last)
    assert is_over(promised_on, region, last + timedelta(days=1))


def test_d51_the_grace_begins_after_that_day() -> None:
    good_friday = date(2026, 4, 3)
    assert last_day_in_time(good_friday, "DE", lag_days=2) == date(2026, 4, 9)
    assert not is_over(good_friday, "DE", date(2026, 4, 9), lag_days=2)
    assert is_over(good_friday, "DE", date(2026, 4, 10), lag_days=2)
