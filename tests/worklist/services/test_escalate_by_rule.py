"""A strategy may hand accounts without any reaction to the managers by itself: once, and not again right after."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Customer
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity, Escalation, Notification, Strategy, StrategyVersion, WorklistItem
from worklist.rules.strategy import Strategy as Rule
from worklist.rules.strategy import as_data
from worklist.services.escalate_by_rule import escalate_by_rule
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db


def in_force(escalate_after: int | None) -> None:
    StrategyVersion.objects.create(
        strategy=Strategy.objects.create(name="All"), number=1, state="active",
        rule=as_data(Rule(escalate_after=escalate_after)),
    )  # fmt: skip


def silent_for(cast: Cast, days: int) -> Customer:
    who = factories.customer(collector=cast.collector)
    factories.invoice(who, "500.00", due_on=DAY - timedelta(days=60))
    Activity.objects.create(
        customer=who, kind="call", outcome="reached", by=cast.collector, happened_on=DAY - timedelta(days=days),
        at=timezone.now() - timedelta(days=days),
    )  # fmt: skip
    return who


def test_accounts_silent_for_long_enough_stand_on_the_managers_list(cast: Cast) -> None:
    in_force(15)
    silent, fresh = silent_for(cast, 15), silent_for(cast, 14)
    rescore_all(on=DAY)
    assert escalate_by_rule(on=DAY) == 1
    raised = Escalation.objects.get()
    assert (raised.customer, raised.raised_by, raised.reason) == (silent, None, "No reaction for 15 days.")
    assert WorklistItem.objects.get(pk=silent.pk).escalated
    assert not WorklistItem.objects.get(pk=fresh.pk).escalated


def test_the_managers_are_told_once_with_the_number(cast: Cast) -> None:
    in_force(5)
    silent_for(cast, 15)
    silent_for(cast, 15)
    rescore_all(on=DAY)
    escalate_by_rule(on=DAY)
    told = Notification.objects.get()
    assert (told.user, told.text) == (cast.lead, "2 accounts had no reaction for too long.")


def test_running_again_raises_nothing_and_an_answer_gives_as_many_days_of_rest(cast: Cast) -> None:
    in_force(5)
    silent_for(cast, 15)
    rescore_all(on=DAY)
    assert [escalate_by_rule(on=DAY), escalate_by_rule(on=DAY)] == [1, 0]
    Escalation.objects.update(answered_on=DAY, answer="Wait.")
    for days, count in ((1, 0), (4, 0), (5, 1)):
        rescore_all(on=DAY + timedelta(days=days))
        assert escalate_by_rule(on=DAY + timedelta(days=days)) == count


def test_without_a_strategy_that_says_so_nothing_happens(cast: Cast) -> None:
    in_force(None)
    silent_for(cast, 300)
    rescore_all(on=DAY)
    assert escalate_by_rule(on=DAY) == 0
