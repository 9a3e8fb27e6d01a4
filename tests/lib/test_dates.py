"""Calendar days: R13 due today is not late, D48 the entity's midnight decides, D47 days with 23 or 25 hours."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.lib.dates import (
    DateOrder,
    business_day,
    days_late,
    detect_date_order,
    format_date,
    parse_date,
    relative_words,
)
from collections_app.lib.errors import BadInput

TODAY = date(2026, 11, 3)


@pytest.mark.parametrize(("days", "late"), [(0, 0), (-1, 1), (-18, 18), (3, -3)])
def test_r13_lateness_is_zero_on_the_due_date(days: int, late: int) -> None:
    assert days_late(TODAY + timedelta(days=days), TODAY) == late


def test_lateness_counts_the_leap_day() -> None:
    assert days_late(date(2028, 2, 28), date(2028, 3, 1)) == 2
    assert days_late(date(2027, 2, 28), date(2027, 3, 1)) == 1


def test_moments_are_no_due_dates() -> None:
    with pytest.raises(BadInput):
        days_late(datetime(2026, 1, 1, tzinfo=UTC), TODAY)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "due today"), (-1, "1 day late"), (-18, "18 days late"), (1, "due in 1 day"), (3, "due in 3 days")],
)
def test_the_distance_of_a_due_date_in_words(days: int, words: str) -> None:
    assert relative_words(TODAY + timedelta(days=days), TODAY) == words


@pytest.mark.parametrize(
    ("zone", "last_moment_utc", "day"),
    [
        ("UTC", "2026-11-03T23:59:59", date(2026, 11, 3)),
        ("Europe/Berlin", "2026-11-03T22:59:59", date(2026, 11, 3)),
        ("America/Los_Angeles", "2026-11-04T07:59:59", date(2026, 11, 3)),
        ("Asia/Kathmandu", "2026-11-03T18:14:59", date(2026, 11, 3)),
        ("Australia/Lord_Howe", "2026-11-03T12:59:59", date(2026, 11, 3)),  # summer, UTC+11
        ("Australia/Lord_Howe", "2026-07-03T13:29:59", date(2026, 7, 3)),  # winter, UTC+10:30
        ("Pacific/Apia", "2026-11-03T10:59:59", date(2026, 11, 3)),
        ("Pacific/Apia", "2011-12-30T09:59:59", date(2011, 12, 29)),  # Samoa had no 30 December 2011
    ],
)
def test_d48_the_day_flips_at_the_midnight_of_the_entity(zone: str, last_moment_utc: str, day: date) -> None:
    moment = datetime.fromisoformat(last_moment_utc).replace(tzinfo=UTC)
    following = day + timedelta(days=2 if day == date(2011, 12, 29) else 1)
    assert business_day(now=moment, time_zone=zone) == day
    assert business_day(now=moment + timedelta(seconds=1), time_zone=zone) == following


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/Los_Angeles", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ],
)
def test_d47_days_of_clock_changes_are_one_day_each(zone: str, day: date, hours: float) -> None:
    start = datetime.combine(day, datetime.min.time(), UTC) - timedelta(days=1)
    ticks = [start + timedelta(minutes=5 * tick) for tick in range(3 * 24 * 12)]
    seen = [business_day(now=tick, time_zone=zone) for tick in ticks]
    assert seen == sorted(seen)
    assert seen.count(day) == hours * 12


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        business_day(now=datetime(2026, 1, 1), time_zone="UTC")
    assert refused.value.code == "naive_datetime"


@pytest.mark.parametrize("zone", ["", "Berlin", "Europe", "../etc/passwd", "/etc/passwd", "\x00", "Europe/Berlin\n"])
def test_an_unknown_zone_is_refused_with_an_example(zone: str) -> None:
    with pytest.raises(BadInput, match="Europe/Berlin") as refused:
        business_day(now=datetime(2026, 1, 1, tzinfo=UTC), time_zone=zone)
    assert refused.value.code == "unknown_time_zone"


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-01-31", "ymd", date(2026, 1, 31)),
        ("2026/1/31", "ymd", date(2026, 1, 31)),
        ("2026.01.31", "ymd", date(2026, 1, 31)),
        ("2026. 1. 31.", "ymd", date(2026, 1, 31)),
        ("20260131", "ymd", date(2026, 1, 31)),
        ("2026-01-31T00:00:00", "ymd", date(2026, 1, 31)),
        ("2026-01-31 00:00", "ymd", date(2026, 1, 31)),
        ("31.1.2026", "dmy", date(2026, 1, 31)),
        ("31. 1. 2026", "dmy", date(2026, 1, 31)),
        ("31-01-2026", "dmy", date(2026, 1, 31)),
        ("31 01 2026", "dmy", date(2026, 1, 31)),
        ("31012026", "dmy", date(2026, 1, 31)),
        (" 1/31/2026 ", "mdy", date(2026, 1, 31)),
        ("01312026", "mdy", date(2026, 1, 31)),
        ("29.02.2028", "dmy", date(2028, 2, 29)),
    ],
)
def test_a_date_is_read_in_the_order_given(text: str, order: DateOrder, day: date) -> None:
    assert parse_date(text, order=order) == day


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("", "ymd", "empty_date"),
        ("   ", "ymd", "empty_date"),
        ("2026-02-30", "ymd", "impossible_date"),
        ("29.02.2026", "dmy", "impossible_date"),
        ("13/13/2026", "mdy", "impossible_date"),
        ("0000-00-00", "ymd", "impossible_date"),
        ("1899-12-31", "ymd", "impossible_date"),
        ("9999-12-31", "ymd", "impossible_date"),
        ("31.01.26", "dmy", "short_year"),
        ("2026-01-31", "dmy", "not_a_date"),
        ("31.01.2026", "ymd", "not_a_date"),
        ("31.01/2026", "dmy", "not_a_date"),
        ("2026-01-31 13:45", "ymd", "not_a_date"),
        ("2026-01-31T00:00:00Z", "ymd", "not_a_date"),
        ("1.1.202", "dmy", "not_a_date"),
        ("12", "ymd", "not_a_date"),
        ("yesterday", "ymd", "not_a_date"),
        ("２026-01-31", "ymd", "not_a_date"),
        ("-" * 5000, "ymd", "not_a_date"),
    ],
)
def test_what_is_no_date_is_refused_with_an_example(text: str, order: DateOrder, code: str) -> None:
    with pytest.raises(BadInput, match=r"(20)?26") as refused:
        parse_date(text, order=order)
    assert refused.value.code == code


@pytest.mark.parametrize(("text", "year"), [("1.2.70", 1970), ("1.2.69", 2069), ("1.2.26", 2026), ("1.2.00", 2000)])
def test_two_digits_of_a_year_need_a_window(text: str, year: int) -> None:
    assert parse_date(text, order="dmy", two_digit_years_from=1970) == date(year, 2, 1)


@given(st.text(max_size=30), st.sampled_from(["ymd", "dmy", "mdy"]))
def test_no_text_at_all_makes_a_crash(text: str, order: Any) -> None:
    try:
        day = parse_date(text, order=order)
    except BadInput:
        return
    assert 1900 <= day.year < 2200


@given(
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    st.sampled_from(
        [("ymd", "%Y-%m-%d"), ("dmy", "%d.%m.%Y"), ("mdy", "%m/%d/%Y"), ("ymd", "%Y%m%d"), ("dmy", "%d %m %Y")]
    ),
)
def test_a_written_date_is_read_again(day: date, style: tuple[DateOrder, str]) -> None:
    assert parse_date(day.strftime(style[1]), order=style[0]) == day


@pytest.mark.parametrize(
    ("samples", "order"),
    [
        (["2026-01-02"], "ymd"),
        (["20180109"], "ymd"),
        (["1/2/2013", "1/13/2013"], "mdy"),
        (["1.2.2013", "31.1.2013", "n/a", ""], "dmy"),
        (["1/2/13", "31/1/13", "31/12/32"], "dmy"),
        (["1/2/2013"], None),
        (["01/02/03"], None),
        (["13/1/2013", "1/13/2013"], None),
        ([], None),
        (["n/a"], None),
    ],
)
def test_the_order_of_a_column_is_detected_or_asked(samples: list[str], order: str | None) -> None:
    assert detect_date_order(samples) == order


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "3 Nov 2026"),
        ("en-US", "3 Nov 2026"),
        ("de", "3. Nov. 2026"),
        ("fr", "3 nov. 2026"),
        ("xx", "3 Nov 2026"),
    ],
)
def test_a_written_date_cannot_be_misread(locale: str, text: str) -> None:
    assert format_date(TODAY, locale) == text
