"""Clocks that jump: no run is made twice for a day, none is left out, and nobody gets a second mail (D47, D49)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from collections_app.lib.errors import Conflict
from dunning.models import Notice, Policy, Run
from dunning.services.add_policy import add_policy
from dunning.services.prepare_run import prepare_run
from dunning.services.start_due import start_due
from tests import factories
from tests.dunning.conftest import NOON, deliver, pin, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def test_d49_a_clock_an_hour_back_and_then_three_days_on_sends_nothing_twice(policy: Policy) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    run = run_on(policy)
    back = NOON - timedelta(hours=1)
    assert deliver(back) == {}
    assert prepare_run(policy=policy, as_of=DAY, now=back, any_hour=True).pk == run.pk
    assert deliver(NOON) == {"accepted": 1}
    with pytest.raises(Conflict, match="cannot be dated before"):
        run_on(policy, DAY - timedelta(days=3))
    on = NOON + timedelta(days=3)
    run_on(policy, DAY + timedelta(days=3))
    assert deliver(on) == {}
    assert deliver(back) == {}
    assert (Notice.objects.count(), len(mail.outbox)) == (1, 1)
    days = Run.objects.order_by("as_of").values_list("as_of", "state", "proposed")
    assert list(days) == [(DAY, "prepared", 1), (DAY + timedelta(days=3), "prepared", 0)]


@pytest.mark.parametrize(
    ("zone", "country", "friday"),
    [
        ("Europe/Berlin", "DE", "2026-03-27"),
        ("Europe/Berlin", "DE", "2026-10-23"),
        ("America/Los_Angeles", "US", "2026-10-30"),
    ],
)
def test_d47_each_working_day_has_one_run_when_the_clocks_change(zone: str, country: str, friday: str) -> None:
    entity = factories.entity("FAR1", time_zone=zone, country=country, holiday_region=country)
    policy = add_policy(entity=entity, name="Far", based_on=None, actor=None)
    Policy.objects.filter(pk=policy.pk).update(is_active=True)
    here = ZoneInfo(zone)
    begins = datetime.fromisoformat(friday).replace(tzinfo=here)
    now = begins.astimezone(UTC)
    while now.astimezone(here) < begins + timedelta(days=4):
        pin(now.astimezone(here).date())
        start_due(now=now)
        now += timedelta(minutes=47)
    runs = Run.objects.filter(policy=policy).order_by("as_of")
    assert [run.as_of.isoweekday() for run in runs] == [5, 1]
