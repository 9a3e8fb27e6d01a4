"""Starts the runs that are due today, one per policy that is on, and finds those that wait to be taken up again. The
customers themselves are looked at by workers, chunk by chunk."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from collections_app.lib.calendars import is_business_day, region_of
from customers.models import BusinessClock
from customers.queries.clock import business_day
from dunning.models import Policy, Run
from dunning.services.start_run import start_run


def start_due(*, now: datetime) -> list[Run]:
    """The runs that need work now: for each policy that is on and whose business day has none yet, and unfinished ones.

    A run starts at the policy's send hour of its entity's day, and not on days when nobody works there (R14); what was
    missed is caught up by the next run (R4)."""
    runs = list(Run.objects.filter(is_dry=True, state=Run.State.PREPARING).select_related("policy__entity"))
    at_once = any_hour()
    for policy in Policy.objects.filter(is_active=True).select_related("entity").order_by("pk"):
        day = business_day(policy.entity)
        if _is_due(policy, day, now, at_once) and not _has_run(policy, day):
            runs.append(start_run(policy=policy, as_of=day))
    return runs


def any_hour() -> bool:
    """Whether notices leave at once: in a demo, and where the business day is pinned, no customer's clock matters."""
    return settings.DEMO or BusinessClock.objects.filter(pinned_on__isnull=False).exists()


def _is_due(policy: Policy, day: date, now: datetime, at_once: bool) -> bool:
    if not is_business_day(day, region_of(policy.entity.holiday_region, policy.entity.country)):
        return False
    return at_once or now.astimezone(ZoneInfo(policy.entity.time_zone)).hour >= policy.send_hour


def _has_run(policy: Policy, day: date) -> bool:
    runs = policy.runs.filter(is_dry=False, as_of__gte=day)
    return runs.exclude(as_of=day, state=Run.State.PREPARING).exists()
