"""Playbooks in the database: which one counts, ticks by hand and by action, saving, starters, and the measuring."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput
from customers.models import Contact, Customer, Segment, SegmentMember
from dunning.rules.starters import STARTERS as POLICY_STARTERS
from dunning.services.install_starter import install_starter
from invoices.models import Promise
from invoices.services.make_promise import make_promise
from invoices.services.open_dispute import open_dispute
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity, Playbook, PlaybookCheck
from worklist.queries.playbook_rounds import Rounds
from worklist.queries.playbooks import chosen_playbook, customer_playbook
from worklist.services.install_playbooks import install_playbooks
from worklist.services.rescore import rescore
from worklist.services.save_playbook import WrittenStep, save_playbook
from worklist.services.tick_action import tick_action
from worklist.services.tick_step import tick_step

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def starters() -> None:
    install_playbooks(actor=None, by="test")


def late(days: int = 20, **more: Any) -> Customer:
    who = factories.customer(**more)
    factories.invoice(who, "1000.00", due_on=DAY - timedelta(days=days))
    rescore([who.pk], on=DAY)
    return who


def code_of(who: Customer) -> str:
    found = customer_playbook(who.pk, on=DAY)
    return found.playbook.code if found else ""


def call(who: Customer, outcome: str = "reached", days_ago: int = 1) -> None:
    Activity.objects.create(customer=who, kind="call", outcome=outcome, happened_on=DAY - timedelta(days=days_ago))


def test_the_first_contact_comes_before_the_stage_and_the_stage_after_it() -> None:
    who = late(20)
    assert code_of(who) == "first-contact"
    call(who)
    assert code_of(who) == "early-reminder"


@pytest.mark.parametrize(("days", "code"), [(40, "late-firm"), (100, "final-notice")])
def test_the_age_tells_the_stage_where_no_policy_does(days: int, code: str) -> None:
    who = late(days)
    call(who)
    assert code_of(who) == code


def test_a_promise_a_dispute_and_a_broken_promise_change_the_playbook() -> None:
    who = late(20)
    call(who)
    invoice = who.invoices.get()
    made = make_promise(
        customer=who, items=[(invoice, Decimal("400.00"))], promised_on=DAY + timedelta(days=3), made_on=DAY, by="test"
    )
    assert code_of(who) == "open-promise"
    open_dispute(invoice=invoice, amount=Decimal("100.00"), reason="price", opened_on=DAY, by="test")
    assert code_of(who) == "open-dispute"
    Promise.objects.filter(pk=made.pk).update(state="broken", closed_on=DAY, kept_amount=0)
    assert code_of(who) == "broken-promise"


def test_three_calls_nobody_answered_or_no_contact_at_all_mean_unreachable() -> None:
    who = late(20)
    for day in (3, 2):
        call(who, "no_answer", day)
    assert code_of(who) == "early-reminder"
    call(who, "wrong_number", 1)
    assert code_of(who) == "unreachable"
    alone = late(20)
    Contact.objects.filter(customer=alone).update(health="left", email="")
    assert code_of(alone) == "unreachable"


def test_a_segment_counts_while_the_customer_is_in_it() -> None:
    who = late(40)
    call(who)
    segment = Segment.objects.create(code="public", name="Public bodies")
    save_playbook(
        playbook=Playbook(code="public", title="Public bodies", segment=segment, rank=1, goal="Patience"),
        steps=[WrittenStep("Ask for the file number")], actor=None, by="test",
    )  # fmt: skip
    assert code_of(who) == "late-firm"
    member = SegmentMember.objects.create(segment=segment, customer=who, since=DAY)
    assert code_of(who) == "public"
    assert chosen_playbook(who.pk, on=DAY - timedelta(days=1))[0] != Playbook.objects.get(code="public").pk
    member.delete()
    Playbook.objects.update(is_active=False)
    assert customer_playbook(who.pk, on=DAY) is None


def test_an_action_ticks_its_step_once_and_the_next_one_the_next_time(cast: Cast) -> None:
    who = late(40)
    playbook = save_playbook(
        playbook=Playbook(code="twice", title="Twice", rank=1, goal="Both"),
        steps=[WrittenStep("Call", "call"), WrittenStep("Note", "note"), WrittenStep("Call again", "call")],
        actor=None, by="test",
    )  # fmt: skip

    def tick(action: str) -> list[int]:
        return tick_action(playbook_id=playbook.pk, customer_id=who.pk, action=action, on=DAY, actor=cast.collector)

    assert [len(tick(action)) for action in ("call", "call", "call", "mail")] == [1, 1, 0, 0]
    shown = customer_playbook(who.pk, on=DAY)
    assert shown is not None
    assert [step.done for step in shown.steps] == [True, False, True]
    assert tick_action(playbook_id=None, customer_id=who.pk, action="call", on=DAY, actor=cast.collector) == []
    PlaybookCheck.objects.filter(step__position=1).update(undone_at=timezone.now())
    assert len(tick("call")) == 1
    assert PlaybookCheck.objects.filter(undone_at=None).count() == 2


def test_a_tick_by_hand_is_made_once_and_taken_away_and_yesterday_is_remembered(cast: Cast) -> None:
    who = late(40)
    found = customer_playbook(who.pk, on=DAY)
    assert found is not None
    step = found.steps[0].step
    tick_step(step=step, customer=who, done=True, on=DAY - timedelta(days=1), actor=cast.collector)
    for _ in range(2):
        tick_step(step=step, customer=who, done=True, on=DAY, actor=cast.collector)
    again = customer_playbook(who.pk, on=DAY)
    assert again is not None
    assert (again.done, again.steps[0].before) == (1, DAY - timedelta(days=1))
    tick_step(step=step, customer=who, done=False, on=DAY, actor=cast.collector)
    assert tick_step(step=step, customer=who, done=False, on=DAY, actor=cast.collector) is None
    assert PlaybookCheck.objects.filter(undone_at=None).count() == 1


def test_saving_keeps_the_rows_of_the_steps_that_stay_and_writes_the_audit(cast: Cast) -> None:
    playbook = Playbook.objects.get(code="late-firm")
    first, second, *_ = playbook.steps.all()
    before = AuditEntry.objects.count()
    save_playbook(
        playbook=playbook,
        steps=[WrittenStep("New at the top"), WrittenStep(second.text, "call", 3, second.pk), WrittenStep("  ")],
        actor=cast.lead,
    )  # fmt: skip
    assert [(step.pk == second.pk, step.position) for step in playbook.steps.all()] == [(False, 1), (True, 2)]
    assert not playbook.steps.filter(pk=first.pk).exists()
    assert AuditEntry.objects.count() == before + 1


def test_a_step_of_another_playbook_is_not_taken_over() -> None:
    mine, theirs = Playbook.objects.get(code="late-firm"), Playbook.objects.get(code="early-reminder")
    foreign = theirs.steps.first()
    assert foreign is not None
    save_playbook(playbook=mine, steps=[WrittenStep("Mine", id=foreign.pk)], actor=None, by="test")
    foreign.refresh_from_db()
    assert foreign.playbook_id == theirs.pk
    assert mine.steps.get().text == "Mine"


@pytest.mark.parametrize(
    ("script", "steps", "code"),
    [("", [], "no_steps"), ("", ["  "], "no_steps"), ("", ["x"] * 13, "too_many_steps"),
     ("Hello {{friend}}", ["x"], "unknown_placeholder")],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused_with_a_sentence(script: str, steps: list[str], code: str) -> None:
    playbook = Playbook(code="new", title="New", goal="x", script=script)
    with pytest.raises(BadInput) as refused:
        save_playbook(playbook=playbook, steps=[WrittenStep(text) for text in steps], actor=None, by="test")
    assert refused.value.code == code


def test_a_code_is_taken_once_and_the_starters_come_once() -> None:
    with pytest.raises(BadInput) as refused:
        save_playbook(playbook=Playbook(code="late-firm", title="x", goal="x"), steps=[WrittenStep("x")], actor=None)
    assert "code" in refused.value.fields
    Playbook.objects.filter(code="late-firm").update(title="Ours")
    assert install_playbooks(actor=None, by="test") == []
    assert Playbook.objects.get(code="late-firm").title == "Ours"


def test_completion_is_measured_per_playbook_step_and_analyst(cast: Cast) -> None:
    playbook = Playbook.objects.get(code="early-reminder")
    statement, talk, promise = playbook.steps.all()
    one, two = late(), late()

    def ticked(step: Any, who: Customer, by: Any, days_ago: int = 0) -> None:
        tick_step(step=step, customer=who, done=True, on=DAY - timedelta(days=days_ago), actor=by)

    for step in (statement, talk, promise):
        ticked(step, one, cast.collector)
    ticked(talk, two, cast.lead)
    ticked(talk, two, cast.lead, days_ago=40)
    rounds = Rounds(DAY, 30, None)
    assert [(row.name, row.done, row.of, row.percent) for row in rounds.by_playbook().values()] == [("2", 4, 6, 66)]
    assert [(row.done, row.of) for row in rounds.by_step(playbook)] == [(1, 2), (2, 2), (1, 2)]
    assert [(row.name, row.done, row.of) for row in rounds.by_analyst(playbook)] == [
        (str(cast.collector), 3, 3), (str(cast.lead), 1, 3)
    ]  # fmt: skip
    assert Rounds(DAY, 30, []).by_playbook() == {}
    assert [(row.done, row.of) for row in Rounds(DAY, 30, []).by_step(playbook)] == [(0, 0)] * 3


def test_a_starter_pack_brings_the_playbooks_too(cast: Cast) -> None:
    Playbook.objects.all().delete()
    install_starter(entity=factories.entity(), kind=next(iter(POLICY_STARTERS)), actor=cast.lead)
    assert Playbook.objects.count() == 9
    assert set(Playbook.objects.values_list("changed_by", flat=True)) == {cast.lead.pk}
