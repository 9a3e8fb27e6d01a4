"""The one place that knows what day it is. Everything else takes the day as an argument."""

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from collections_app.lib.dates import business_day as calendar_day
from customers.models import BusinessClock, LegalEntity


def clock_row() -> BusinessClock | None:
    """The demo clock where one moves the day; None in an ordinary installation, which lives today."""
    with connection.cursor() as cursor:  # every page asks, some of them twice: a plain statement costs a fifth
        cursor.execute("SELECT pinned_on, shift_days FROM customers_businessclock WHERE id = 1")
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
    if clock and clock.pinned_on:
        return clock.pinned_on
    shift = timedelta(days=clock.shift_days if clock else 0)
    return calendar_day(now=timezone.now() + shift, time_zone=time_zone)


def installation_day() -> date:
    """The business day of the installation as a whole: its first entity's, or UTC's where there is none yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT time_zone FROM customers_legalentity ORDER BY code LIMIT 1")
        first = cursor.fetchone()
    return business_day_in(first[0] if first else "UTC")
