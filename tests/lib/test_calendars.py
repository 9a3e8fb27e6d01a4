"""Business days of countries, regions and the euro's bank calendar."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.lib import calendars
from collections_app.lib.calendars import add_business_days, is_business_day, is_region, next_business_day
from collections_app.lib.errors import BadInput


@pytest.mark.parametrize(
    ("day", "region", "business"),
    [
        (date(2026, 11, 3), "DE", True),
        (date(2026, 10, 3), "DE", False),  # German Unity, a Saturday
        (date(2026, 1, 6), "DE-BY", False),  # Epiphany is a holiday in Bavaria
        (date(2026, 1, 6), "DE", True),  # and not in all of Germany
        (date(2026, 6, 4), "DE-BY", False),  # Corpus Christi
        (date(2026, 8, 31), "GB-ENG", False),  # summer bank holiday
        (date(2026, 8, 31), "GB-SCT", True),
        (date(2026, 11, 30), "GB-SCT", False),  # St Andrew
        (date(2026, 11, 30), "GB", True),
        (date(2026, 12, 28), "GB", False),  # Boxing Day falls on a Saturday and is made up on Monday
        (date(2026, 7, 3), "US-CA", False),  # Independence Day, a Saturday, observed on Friday
        (date(2026, 3, 31), "US-CA", False),  # César Chávez Day
        (date(2026, 3, 31), "US", True),
        (date(2027, 12, 31), "US", False),  # New Year 2028, observed in the year before
        (date(2026, 4, 3), "TARGET", False),  # Good Friday
        (date(2026, 10, 5), "TARGET", True),
        (date(2026, 5, 15), "SA", False),  # Friday is weekend in Saudi Arabia
        (date(2026, 5, 17), "SA", True),  # and Sunday is not
    ],
)
def test_weekends_and_holidays_follow_the_region(day: date, region: str, business: bool) -> None:
    assert is_business_day(day, region) is business


@pytest.mark.parametrize(
    ("day", "region", "following"),
    [
        (date(2026, 11, 3), "DE", date(2026, 11, 3)),
        (date(2026, 11, 7), "DE", date(2026, 11, 9)),
        (date(2026, 12, 25), "GB", date(2026, 12, 29)),
        (date(2026, 4, 3), "DE-BY", date(2026, 4, 7)),  # Good Friday to the Tuesday after Easter
        (date(2026, 12, 31), "TARGET", date(2026, 12, 31)),
    ],
)
def test_r14_a_closed_day_moves_to_the_next_business_day(day: date, region: str, following: date) -> None:
    assert next_business_day(day, region) == following


@pytest.mark.parametrize(
    ("day", "n", "target"),
    [
        (date(2026, 11, 6), 1, date(2026, 11, 9)),
        (date(2026, 11, 7), 1, date(2026, 11, 9)),  # from a Saturday, the first business day is Monday
        (date(2026, 11, 7), 0, date(2026, 11, 9)),
        (date(2026, 11, 6), 0, date(2026, 11, 6)),
        (date(2026, 11, 9), -1, date(2026, 11, 6)),
        (date(2026, 11, 8), -1, date(2026, 11, 6)),
        (date(2026, 12, 23), 3, date(2026, 12, 29)),
    ],
)
def test_business_days_are_counted_without_the_day_itself(day: date, n: int, target: date) -> None:
    assert add_business_days(day, n, "DE") == target


@pytest.mark.parametrize(
    "region", ["", "XX", "de", "DE-", "DE-XX", "DE-Bayern", "DEU", "EURO", "TARGET-BY", "DE BY", "\x00"]
)
def test_an_unknown_region_is_refused_with_an_example(region: str) -> None:
    assert not is_region(region)
    with pytest.raises(BadInput, match="DE-BY") as refused:
        is_business_day(date(2026, 11, 3), region)
    assert refused.value.code == "unknown_region"


def test_the_end_of_the_calendar_is_a_refusal_not_a_crash() -> None:
    with pytest.raises(BadInput):
        add_business_days(date.max, 3, "DE")
    with pytest.raises(BadInput):
        add_business_days(date.min, -3, "DE")
    with pytest.raises(BadInput) as refused:
        add_business_days(date(2026, 1, 1), 10**9, "DE")
    assert refused.value.code == "too_many_days"


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.sampled_from(["DE", "GB", "TARGET"]), st.integers(1, 15))
def test_counting_forth_and_back_comes_home(day: date, region: str, n: int) -> None:
    start = next_business_day(day, region)
    there = add_business_days(start, n, region)
    assert is_business_day(there, region)
    assert there - start >= timedelta(days=n)
    assert add_business_days(there, -n, region) == start


def test_threads_that_meet_a_new_year_together_agree() -> None:
    calendars._closed_days.cache_clear()
    days = [date(2031, 12, 25)] * 32
    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(lambda day: is_business_day(day, "DE"), days))
