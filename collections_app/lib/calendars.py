"""Business days per country, region or bank calendar, offline. Must not know time zones or what falls due on a day."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

from collections_app.lib.errors import BadInput, quoted

_FARTHEST = 5000  # business days, some twenty years
_TARGET = "TARGET"


def is_business_day(day: date, region: str) -> bool:
    """Whether people work on this day in the region: neither weekend (of that country) nor public holiday.

    A region is a country ('DE', 'GB'), a part of one ('DE-BY', 'GB-SCT', 'US-CA') or 'TARGET' for euro bank transfers.
    Unknown regions raise BadInput.
    """
    return day not in _closed_days(region, day.year)


def next_business_day(day: date, region: str) -> date:
    """The day itself if it is a business day, else the first one after it (R14, § 193 BGB)."""
    while not is_business_day(day, region):
        day = _step(day, 1)
    return day


def add_business_days(day: date, n: int, region: str) -> date:
    """The n-th business day after the day, which itself does not count; before it if n is negative.

    With n = 0 the day itself, moved to the next business day if need be. Refuses more than 5000 steps (BadInput).
    """
    if abs(n) > _FARTHEST:
        raise BadInput(f"{n} business days are too many. Choose at most {_FARTHEST}.", code="too_many_days")
    if n == 0:
        return next_business_day(day, region)
    for _ in range(abs(n)):
        day = _step(day, 1 if n > 0 else -1)
        while not is_business_day(day, region):
            day = _step(day, 1 if n > 0 else -1)
    return day


def region_of(*wanted: str) -> str:
    """The first of these regions that has a calendar, else TARGET: an odd country must not stop everybody's job."""
    return next((region for region in wanted if region and is_region(region)), _TARGET)


def is_region(region: str) -> bool:
    """Whether there is a calendar for this region code."""
    country, _, part = region.partition("-")
    parts = _countries().get(country)
    return region == _TARGET or (parts is not None and (part in parts if "-" in region else True))


@lru_cache(maxsize=1)
def _countries() -> dict[str, frozenset[str]]:
    return {code: frozenset(parts) for code, parts in holidays.list_supported_countries(include_aliases=False).items()}


@lru_cache(maxsize=4096)
def _closed_days(region: str, year: int) -> frozenset[date]:
    """Every weekend day and holiday of one year.

    Whole frozen years, because the library's own lazy dictionaries are not safe when two threads meet a new year. The
    neighbouring years are asked too: some holidays are observed across New Year.
    """
    if not is_region(region):
        raise BadInput(
            f"There is no calendar for {quoted(region)}. Use a country such as DE, a part such as DE-BY, or TARGET.",
            code="unknown_region",
        )
    years = range(max(year - 1, date.min.year), min(year + 1, date.max.year) + 1)
    country, _, part = region.partition("-")
    calendar = (
        holidays.financial_holidays("XECB", years=years)
        if region == _TARGET
        else holidays.country_holidays(country, subdiv=part or None, years=years)
    )
    first = date(year, 1, 1)
    length = (date(year, 12, 31) - first).days + 1
    days = (first + timedelta(days=offset) for offset in range(length))
    return frozenset(day for day in days if not calendar.is_working_day(day))


def _step(day: date, by: int) -> date:
    try:
        return day + timedelta(days=by)
    except OverflowError:
        raise BadInput("The calendar ends here. Choose a date nearer to today.", code="date_too_far") from None
