"""The one place that knows what day it is. Everything else takes the day as an argument."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from collections_app.lib.dates import business_day as calendar_day
from customers.models import BusinessClock, LegalEntity


def clock_row() -> BusinessClock | None:
    """The demo clock where one moves the day; None in an ordinary installation, which lives today."""
    return BusinessClock.objects.filter(pk=1).first()


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
    first = LegalEntity.objects.order_by("code").first()
    return business_day(first) if first else business_day_in("UTC")
