"""When a step falls due for an item, and when a notice may leave: in the customer's daytime, on the customer's business
days (R14, D43). Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from collections_app.lib.calendars import add_business_days, next_business_day
from dunning.rules.facts import BROKEN_PROMISE, DUE_DATE, END_OF_MONTH, PREVIOUS_NOTICE, OpenItem, StepFacts

LAST_HOUR = 20  # from then on it is evening, and a reminder waits for the next morning


def ready_on(step: StepFacts, item: OpenItem, region: str) -> date:
    """The first day on which the step may come for this item, whatever was sent before; working days are the region's.

    Counted from the step's anchor: the due date, the end of the due date's month, the day the last notice with the item
    really left (R14), or the day a promise for it was known to be broken. Without such a notice or promise, from the
    due date. The days are added once to the anchor and do not add up over the steps (R11, R23)."""
    anchor, begin = step.anchor, item.due_on
    if anchor == END_OF_MONTH:
        begin = month_end(begin)
    elif anchor == PREVIOUS_NOTICE:
        begin = item.sent_on or begin
    elif anchor == BROKEN_PROMISE:
        begin = item.broken_on or begin
    if step.business_days:
        return _business_days_later(begin, step.offset_days, region)
    return begin + timedelta(days=step.offset_days)


def is_fixed(step: StepFacts) -> bool:
    """Whether the step's day follows from the due date alone, so that it is known before anything was sent."""
    return step.anchor in (DUE_DATE, END_OF_MONTH)


def nominal_days(steps: Sequence[StepFacts]) -> list[tuple[int, bool]]:
    """Per step how many days late an item is when it comes, were every step sent on its day; and whether they are
    counted from the month's end. Tells what an item on somebody else's letter had reached by itself (R3)."""
    found: list[tuple[int, bool]] = []
    before = (0, False)
    for step in steps:
        days = step.offset_days + 2 * (step.offset_days // 5) if step.business_days else step.offset_days
        follows = step.anchor == PREVIOUS_NOTICE
        place = (before[0] + days, before[1]) if follows else (days, step.anchor == END_OF_MONTH)
        found.append(place)
        before = before if step.anchor == BROKEN_PROMISE else place
    return found


def month_end(day: date) -> date:
    """The last day of the day's month."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)


def pay_by(on: date, days: int, region: str) -> date:
    """The new day to pay by in a notice of the day `on`: `days` later, or the next business day of the payer's region
    when nobody works on that day (R12, R14, § 193 BGB)."""
    return next_business_day(on + timedelta(days=days), region)


def send_at(
    *, on: date, now: datetime, send_hour: int, time_zone: str, region: str, until_hour: int = LAST_HOUR
) -> datetime:
    """The instant from which a notice of the business day `on` may leave, never before `now` (an aware instant).

    Not before `send_hour` nor from `until_hour` on in the customer's zone, and on a business day of the customer's
    region. A window that ends before it begins is one hour long."""
    zone = _zone(time_zone)
    local = now.astimezone(zone)
    day = max(on, local.date())
    if local.date() == day and local.hour >= max(until_hour, send_hour + 1):
        day += timedelta(days=1)
    day = next_business_day(day, region)
    opening = datetime.combine(day, time(send_hour), zone)
    return max(opening, now)


@lru_cache(maxsize=8192)
def _business_days_later(day: date, days: int, region: str) -> date:
    return add_business_days(day, days, region)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a wrong name on a customer must not stop everybody's run
        return ZoneInfo("UTC")
