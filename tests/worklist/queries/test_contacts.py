"""Contacts made by hand count for dunning."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dunning.queries.contacts import last_manual_contacts
from dunning.queries.why import why
from dunning.services.install_policy import install_standard_policy
from tests import factories
from tests.factories import DAY
from worklist.models import Activity

pytestmark = pytest.mark.django_db


def test_r05_a_call_that_reached_somebody_keeps_the_next_reminder_waiting() -> None:
    who = factories.customer()
    install_standard_policy(who.entity, active=True, mode="automatic")
    factories.invoice(who, "500.00", due_on=DAY - timedelta(days=5))
    assert [line["code"] for line in why(who, DAY)] == ["propose"]
    Activity.objects.create(customer=who, kind="call", outcome="reached", happened_on=DAY - timedelta(days=1))
    assert [line["code"] for line in why(who, DAY)] == ["too_soon"]


def test_r05_calls_that_reached_nobody_or_were_undone_or_come_later_do_not_count() -> None:
    who = factories.customer()
    Activity.objects.create(customer=who, kind="call", outcome="no_answer", happened_on=DAY)
    Activity.objects.create(customer=who, kind="note", happened_on=DAY, text="nothing said to anybody")
    Activity.objects.create(customer=who, kind="call", outcome="reached", happened_on=DAY, undone_at=timezone.now())
    Activity.objects.create(customer=who, kind="call", outcome="reached", happened_on=DAY + timedelta(days=1))
    assert last_manual_contacts([who.pk], DAY) == {}
    Activity.objects.create(customer=who, kind="mail", happened_on=DAY - timedelta(days=2))
    assert last_manual_contacts([who.pk], DAY)[who.pk].on == DAY - timedelta(days=2)
