"""The one place that knows what day it is. Everything else takes the day as an argument."""

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from collections_app.lib.dates import business_day as calendar_day
from customers.models import BusinessClock, LegalEntity

# Every page asks, some of them twice: a plain statement costs a fifth of a model's.
_CLOCK = "SELECT pinned_on, shift_days FROM customers_businessclock WHERE id = 1"
_CLOCK_AND_ZONE = """SELECT zone.time_zone, clock.pinned_on, clock.shift_days FROM (SELECT 1) AS one
    LEFT JOIN customers_businessclock AS clock ON clock.id = 1
    LEFT JOIN (SELECT time_zone FROM customers_legalentity ORDER BY code LIMIT 1) AS zone ON TRUE"""


def clock_row() -> BusinessClock | None:
    """The demo clock where one moves the day; None in an ordinary installation, which lives today."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOCK)
        row = cursor.fetchone()
    return BusinessClock(pk=1, pinned_on=row[0], shift_days=row[1]) if row else None


def now() -> datetime:
    """This instant, moved by the demo clock's whole days (not by a pinned day: instants stay real then)."""
    clock = clock_row()
    return timezone.now() + timedelta(days=clock.shift_days if clock else 0)


def business_day(entity: LegalEntity) -> date:
    """The calendar day in the entity's time zone (R13), unless the demo clock pins or shifts it."""
    return business_day_in(entity.time_zone)


def business_day_in(time_zone: str) -> date:
    """The calendar day in that zone, unless the demo clock pins or shifts it."""
    clock = clock_row()
    return _day(time_zone, clock.pinned_on if clock else None, clock.shift_days if clock else 0)


def installation_day() -> date:
    """The business day of the installation as a whole: its first entity's, or UTC's where there is none yet."""
    return installation_clock()[0]


def installation_clock() -> tuple[date, bool]:
    """The business day of the installation as a whole, and whether a demo clock moves it; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOCK_AND_ZONE)
        zone, pinned_on, shift_days = cursor.fetchone()
    return _day(zone or "UTC", pinned_on, shift_days or 0), shift_days is not None


def _day(time_zone: str, pinned_on: date | None, shift_days: int) -> date:
    return pinned_on or calendar_day(now=timezone.now() + timedelta(days=shift_days), time_zone=time_zone)
