"""When a notice may leave: in the customer's daytime, on the customer's working days, whatever clocks do (R14, D43)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.lib.calendars import is_business_day
from dunning.rules.timing import send_at

ZONES = {
    "Europe/Berlin": "DE", "America/Los_Angeles": "US", "Australia/Lord_Howe": "AU", "Asia/Kathmandu": "IN",
    "Pacific/Apia": "WS",
}  # fmt: skip


@pytest.mark.parametrize(
    ("on", "zone", "leaves"),
    [
        ("2026-03-30", "Europe/Berlin", "2026-03-30T06:00"),  # the day after the clocks went forward
        ("2026-03-27", "Europe/Berlin", "2026-03-27T07:00"),
        ("2026-10-26", "Europe/Berlin", "2026-10-26T07:00"),  # the day after they went back
        ("2026-11-02", "America/Los_Angeles", "2026-11-02T16:00"),
        ("2026-10-30", "America/Los_Angeles", "2026-10-30T15:00"),
        ("2026-10-05", "Australia/Lord_Howe", "2026-10-05T21:00"),  # 5 October is a holiday there: the sixth at eight
        ("2026-03-05", "Asia/Kathmandu", "2026-03-05T02:15"),
    ],
)
def test_d47_the_hour_is_the_customers_own_on_both_sides_of_a_clock_change(on: str, zone: str, leaves: str) -> None:
    day = date.fromisoformat(on)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    region = "AU-NSW" if zone == "Australia/Lord_Howe" else ZONES[zone]
    found = send_at(on=day, now=midnight, send_hour=8, time_zone=zone, region=region)
    assert found.astimezone(UTC) == datetime.fromisoformat(leaves).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until", "day", "hour"),
    [
        ("2026-03-04T07:00", 20, 4, 8),  # before eight: at eight
        ("2026-03-04T12:00", 20, 4, 12),
        ("2026-03-04T20:00", 20, 5, 8),
        ("2026-03-04T17:00", 17, 5, 8),  # the policy's own evening
        ("2026-03-06T18:00", 17, 9, 8),  # a Friday: Monday
        ("2026-04-02T19:00", 18, 7, 8),  # before Easter: the Tuesday after it
    ],
)
def test_d43_evenings_weekends_and_holidays_wait_for_the_next_working_morning(
    now: str, until: int, day: int, hour: int
) -> None:
    here = ZoneInfo("Europe/Berlin")
    begun = datetime.fromisoformat(now).replace(tzinfo=here)
    found = send_at(
        on=begun.date(), now=begun, send_hour=8, until_hour=until, time_zone="Europe/Berlin", region="DE"
    ).astimezone(here)
    assert (found.day, found.hour) == (day, hour)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.sampled_from(sorted(ZONES)), st.integers(0, 22),
    st.integers(1, 24), st.integers(-3, 3),
)  # fmt: skip
def test_d43_nothing_leaves_outside_the_window_or_before_now(
    now: datetime, zone: str, opens: int, until: int, days: int
) -> None:
    begun = now.replace(tzinfo=UTC)
    day = begun.date() + timedelta(days=days)
    found = send_at(on=day, now=begun, send_hour=opens, until_hour=until, time_zone=zone, region=ZONES[zone])
    local = found.astimezone(ZoneInfo(zone))
    assert found >= begun
    assert local.date() >= day
    assert is_business_day(local.date(), ZONES[zone])
    assert opens <= local.hour <= max(until, opens + 1)


def test_a_zone_nobody_knows_stops_nobody() -> None:
    found = send_at(
        on=date(2026, 3, 4), now=datetime(2026, 3, 4, tzinfo=UTC), send_hour=8, time_zone="Mars/Base", region="DE"
    )
    assert found == datetime(2026, 3, 4, 8, tzinfo=UTC)
