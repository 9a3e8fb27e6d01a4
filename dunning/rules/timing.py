"""When a notice may leave: in the customer's daytime, on the customer's business days (R14, D43). Pure."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from collections_app.lib.calendars import next_business_day

LAST_HOUR = 20  # from then on it is evening, and a reminder waits for the next morning


def send_at(*, on: date, now: datetime, send_hour: int, time_zone: str, region: str) -> datetime:
    """The instant from which a notice of the business day `on` may leave, never before `now` (an aware instant).

    Not before `send_hour` nor from 20:00 on in the customer's zone, and on a business day of the customer's region."""
    zone = _zone(time_zone)
    local = now.astimezone(zone)
    day = max(on, local.date())
    if local.date() == day and local.hour >= max(LAST_HOUR, send_hour + 1):
        day += timedelta(days=1)
    day = next_business_day(day, region)
    opening = datetime.combine(day, time(send_hour), zone)
    return max(opening, now)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a wrong name on a customer must not stop everybody's run
        return ZoneInfo("UTC")
