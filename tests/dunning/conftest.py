"""The dunning tests' ground: a policy of six steps, a frozen Monday, and a word for each thing a day brings."""

from datetime import UTC, date, datetime

import pytest

from customers.models import BusinessClock, LegalEntity
from dunning.models import Policy, Run
from dunning.services.deliver_notices import deliver_notices
from dunning.services.install_policy import install_standard_policy
from dunning.services.prepare_run import prepare_run
from tests import factories
from tests.dunning.processes import environ, home, sink, start_worker

__all__ = ["environ", "home", "sink", "start_worker"]  # fixtures of the tests that kill processes

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def entity(db: None) -> LegalEntity:
    return factories.entity()


@pytest.fixture
def policy(entity: LegalEntity) -> Policy:
    """The standard policy, on and automatic, with the business day pinned to the tests' Monday."""
    pin(factories.DAY)
    return install_standard_policy(entity)


def pin(day: date) -> None:
    """Nothing; the business day is this one everywhere."""
    BusinessClock.objects.update_or_create(pk=1, defaults={"pinned_on": day, "shift_days": 0})


def run_on(policy: Policy, day: date = factories.DAY, **options: object) -> Run:
    """The run of that day, with the clock on it and everything due at once."""
    pin(day)
    return prepare_run(policy=policy, as_of=day, now=NOON, any_hour=True, **options)  # type: ignore[arg-type]


def deliver(now: datetime = NOON) -> dict[str, int]:
    """What came of everything that is due."""
    came = deliver_notices(now=lambda: now)
    counts = {
        name: getattr(came, name) for name in ("accepted", "cancelled", "retried", "failed", "unknown", "postponed")
    }
    return {name: number for name, number in counts.items() if number}
