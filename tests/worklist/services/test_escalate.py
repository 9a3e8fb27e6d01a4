"""Escalations: raised once, told to the managers, answered once, and taken back only while nobody answered."""

from datetime import timedelta

import pytest

from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity, Escalation, Notification, WorklistItem
from worklist.services.answer_escalation import answer_escalation
from worklist.services.escalate import escalate
from worklist.services.rescore import rescore_all
from worklist.services.withdraw_escalation import withdraw_escalation

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(cast: Cast) -> Customer:
    made = factories.customer(collector=cast.collector)
    factories.invoice(made, "500.00", due_on=DAY - timedelta(days=40))
    rescore_all(on=DAY)
    return made


def raised(cast: Cast, who: Customer, **more: object) -> Escalation:
    fields: dict[str, object] = {"customer": who, "reason": "Threatens to sue.", "to": None, "on": DAY}
    return escalate(**{**fields, "actor": cast.collector, **more})  # type: ignore[arg-type]


def test_every_manager_of_the_team_is_told_once_and_nobody_else(cast: Cast, who: Customer) -> None:
    escalation = raised(cast, who)
    told = Notification.objects.get()
    assert (told.user, told.customer, told.source) == (cast.lead, who, f"escalation:{escalation.pk}")
    assert told.text == f"{who.name}: Threatens to sue."
    assert WorklistItem.objects.get(pk=who.pk).escalated
    assert Activity.objects.get().text == "To the managers: Threatens to sue."


def test_where_nobody_leads_the_team_the_administrators_are_asked(cast: Cast, who: Customer) -> None:
    cast.lead.teams.clear()
    raised(cast, who)
    assert Notification.objects.get().user == cast.admin


def test_d53_a_manager_of_another_team_cannot_be_asked(cast: Cast, who: Customer) -> None:
    with pytest.raises(BadInput, match="does not lead the team"):
        raised(cast, who, to=cast.stranger)


def test_a_reason_is_asked_for(cast: Cast, who: Customer) -> None:
    with pytest.raises(BadInput, match="Say what"):
        raised(cast, who, reason="  ")


def test_one_escalation_is_open_at_a_time(cast: Cast, who: Customer) -> None:
    raised(cast, who)
    with pytest.raises(Conflict, match="already"):
        raised(cast, who)


def test_scoring_again_keeps_the_mark_of_an_open_escalation(cast: Cast, who: Customer) -> None:
    raised(cast, who)
    rescore_all(on=DAY)
    assert WorklistItem.objects.get(pk=who.pk).escalated


def test_the_answer_reaches_who_asked_and_the_collector_and_the_account_is_free_again(
    cast: Cast, who: Customer
) -> None:
    ben = factories.user(username="ben")
    escalation = raised(cast, who, actor=ben)
    answer_escalation(escalation=escalation, answer="Offer 3 rates.", on=DAY, actor=cast.lead)
    told = Notification.objects.filter(kind=Notification.Kind.ANSWER)
    assert {row.user for row in told} == {ben, cast.collector}
    assert {row.text for row in told} == {f"{who.name}: Offer 3 rates."}
    assert not WorklistItem.objects.get(pk=who.pk).escalated
    assert Activity.objects.latest("pk").text == "Answered: Offer 3 rates."
    assert raised(cast, who).pk != escalation.pk


def test_an_account_that_waited_for_the_answer_is_on_todays_list_again(cast: Cast, who: Customer) -> None:
    escalation = raised(cast, who)
    WorklistItem.objects.filter(pk=who.pk).update(done_on=DAY, done_by=cast.collector)
    answer_escalation(escalation=escalation, answer="Yes.", on=DAY, actor=cast.lead)
    assert WorklistItem.objects.get(pk=who.pk).done_on is None


def test_only_the_first_answer_counts_and_none_is_empty(cast: Cast, who: Customer) -> None:
    escalation = raised(cast, who)
    with pytest.raises(BadInput, match="Write what was decided"):
        answer_escalation(escalation=escalation, answer=" ", on=DAY, actor=cast.lead)
    answer_escalation(escalation=escalation, answer="Yes.", on=DAY, actor=cast.lead)
    with pytest.raises(Conflict, match="Somebody answered"):
        answer_escalation(escalation=escalation, answer="No.", on=DAY, actor=cast.admin)
    escalation.refresh_from_db()
    assert escalation.answer == "Yes."


def test_taken_back_it_leaves_the_timeline_and_what_was_not_read(cast: Cast, who: Customer) -> None:
    withdraw_escalation(escalation_id=raised(cast, who).pk, actor=cast.collector)
    assert not Escalation.objects.exists()
    assert not Notification.objects.exists()
    assert not Activity.objects.filter(undone_at=None).exists()
    assert not WorklistItem.objects.get(pk=who.pk).escalated


def test_d89_what_was_answered_is_not_taken_back(cast: Cast, who: Customer) -> None:
    escalation = raised(cast, who)
    answer_escalation(escalation=escalation, answer="Yes.", on=DAY, actor=cast.lead)
    with pytest.raises(Conflict, match="answered"):
        withdraw_escalation(escalation_id=escalation.pk, actor=cast.collector)
