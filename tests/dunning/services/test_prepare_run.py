"""Preparing runs: in chunks, once a day, taken up after a crash, caught up after an outage."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collections_app.lib.errors import Conflict
from customers.models import Customer
from dunning.models import Notice, Policy, Run
from dunning.queries.contacts import _providers, provide_manual_contacts
from dunning.queries.decisions import decide_all
from dunning.queries.why import why
from dunning.rules.facts import LastContact
from dunning.services.add_policy import add_policy
from dunning.services.install_policy import install_standard_policy
from dunning.services.prepare_due import prepare_due
from dunning.services.prepare_run import prepare_run
from dunning.services.preview import preview
from dunning.services.save_policy import switch_policy
from dunning.services.start_due import start_due
from invoices.models import Invoice
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import NOON, deliver, pin, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def make_late(number: int, days: int = 1) -> None:
    """So many customers with one late invoice each, written by set."""
    entity = factories.entity()
    made = Customer.objects.bulk_create(
        Customer(number=f"L{n:05}", name=f"Late {n}", entity=entity, currency="EUR") for n in range(number)
    )
    due = DAY - timedelta(days=days)
    Invoice.objects.bulk_create(
        Invoice(
            entity=entity,
            customer=who,
            number="1",
            status="issued",
            issued_on=due,
            due_on=due,
            currency="EUR",
            total=10,
        )
        for who in made
    )


def test_a_thousand_due_items_in_chunks_of_two_hundred_are_all_handled(policy: Policy) -> None:
    make_late(1000)
    run = run_on(policy, chunk=200)
    assert (run.state, run.proposed, run.skipped) == ("prepared", 1000, {})
    assert Notice.objects.values("customer").distinct().count() == 1000


def test_a_chunk_takes_the_same_number_of_statements_whatever_its_size(policy: Policy) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            list(decide_all(policy, DAY))
        return len(seen)

    make_late(3)
    few = statements()
    for number in range(40):
        factories.invoice(factories.customer(number=f"X{number}"), due_on=DAY)
    assert statements() == few


def test_r07_a_killed_run_is_taken_up_where_it_stopped_and_issues_nothing_before(policy: Policy) -> None:
    make_late(30)
    answers = iter([True, True, False])
    half = run_on(policy, chunk=10, go_on=lambda: next(answers))
    assert (half.state, half.proposed) == ("preparing", 20)
    assert deliver() == {}
    whole = run_on(policy, chunk=10)
    assert (whole.pk, whole.state, whole.proposed) == (half.pk, "prepared", 30)
    assert Notice.objects.filter(state="approved").count() == 30


def test_r07_a_run_is_never_dated_before_the_last_one(policy: Policy) -> None:
    run_on(policy, DAY)
    with pytest.raises(Conflict, match="cannot be dated before"):
        run_on(policy, DAY - timedelta(days=1))


def test_r07_a_run_that_was_never_finished_is_given_up_by_the_next_day(policy: Policy) -> None:
    make_late(5)
    run_on(policy, go_on=iter([True, False]).__next__, chunk=2)
    run_on(policy, DAY + timedelta(days=1))
    assert list(Run.objects.order_by("as_of").values_list("state", flat=True)) == ["failed", "prepared"]
    assert Notice.objects.filter(state="approved").count() == 5
    assert Notice.objects.filter(reason="superseded").count() == 2


def test_u71_a_policy_that_is_off_is_not_run(policy: Policy) -> None:
    policy.is_active = False
    policy.save()
    with pytest.raises(Conflict, match="Switch the policy on"):
        run_on(policy)
    assert prepare_due(now=NOON) == []


def test_d42_after_five_days_of_outage_one_step_goes_out_then_the_next_in_order(policy: Policy) -> None:
    who = factories.customer()
    factories.invoice(who, due_on=DAY - timedelta(days=1))
    run_on(policy)
    deliver()
    for days in range(8, 30):  # nothing ran for a week; the second reminder was due on day 7
        day = DAY + timedelta(days=days)
        pin(day)
        prepare_due(now=NOON)
        deliver()
    sent = list(Notice.objects.filter(state="accepted").order_by("as_of").values_list("step_position", "as_of"))
    assert [position for position, _ in sent] == [2, 3, 4]
    assert all((b - a).days >= 6 for (_, a), (_, b) in pairwise(sent))
    assert len(mail.outbox) == 3


def test_d42_three_days_without_beat_make_one_catch_up_and_name_the_day(policy: Policy) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=4))
    run_on(policy)
    notice = Notice.objects.get()
    assert notice.step_position == 2
    assert notice.decision["facts"]["since"] == (DAY - timedelta(days=3)).isoformat()


def test_d40_the_end_comes_once_and_no_notice_follows(policy: Policy) -> None:
    who = factories.customer(address="Hafen 1")
    factories.invoice(who, due_on=DAY - timedelta(days=1))
    day = DAY
    for _ in range(120):
        pin(day)
        prepare_due(now=NOON)
        deliver()
        day += timedelta(days=1)
    positions = list(Notice.objects.order_by("as_of").values_list("step_position", flat=True))
    assert positions == [2, 3, 4, 5, 6]
    assert why(who, day)[-1]["code"] == "finished"


def test_r05_a_call_by_hand_counts_as_a_contact(policy: Policy) -> None:
    who = factories.customer()
    factories.invoice(who, due_on=DAY - timedelta(days=1))
    called = LastContact(DAY - timedelta(days=2), "Call")

    def by_hand(ids: object, as_of: object) -> dict[int, LastContact]:
        return {who.pk: called}

    provide_manual_contacts(by_hand)
    try:
        assert run_on(policy).skipped == {"too_soon": 1}
    finally:
        _providers.remove(by_hand)


def test_a_proposal_nobody_approved_is_replaced_by_a_new_look(policy: Policy) -> None:
    Policy.objects.update(mode="review")
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    run_on(policy)
    run_on(policy, DAY + timedelta(days=1))
    states = Notice.objects.order_by("as_of").values_list("state", "reason")
    assert list(states) == [("cancelled", "superseded"), ("proposed", "")]


def test_d43_a_notice_waits_for_the_customers_own_morning(policy: Policy) -> None:
    far = factories.customer(time_zone="America/Los_Angeles", country="US")
    factories.invoice(far, due_on=DAY - timedelta(days=1))
    prepare_run(policy=policy, as_of=DAY, now=datetime(2026, 3, 2, 8, tzinfo=UTC))
    assert Notice.objects.get().due_at == datetime(2026, 3, 2, 16, tzinfo=UTC)


def test_r14_no_run_is_made_on_a_day_nobody_works_at_the_entity(policy: Policy) -> None:
    pin(DAY - timedelta(days=1))
    assert prepare_due(now=NOON) == []
    pin(DAY)
    assert [run.as_of for run in prepare_due(now=NOON)] == [DAY]
    assert prepare_due(now=NOON) == []


def test_d44_the_preview_is_what_goes_out_but_for_the_link(policy: Policy) -> None:
    who = factories.customer(name="Meyer & Söhne <GmbH>")
    factories.invoice(who, "10.00", due_on=DAY - timedelta(days=1))
    run_on(policy)
    before = preview(Notice.objects.get())
    deliver()
    sent = mail.outbox[0]
    token = sent.body.partition("/pay/")[2].split("/")[0]
    assert before.subject == sent.subject
    assert before.text.replace("made-when-it-is-sent", token) == sent.body
    assert isinstance(sent, mail.EmailMultiAlternatives)
    assert before.html.replace("made-when-it-is-sent", token) == sent.alternatives[0][0]


def test_with_the_mail_server_down_the_notice_stays_queued_and_leaves_later_once(
    policy: Policy, settings: LazySettings
) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    run_on(policy)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert deliver() == {"retried": 1}
    notice = Notice.objects.get()
    assert (notice.state, notice.reason) == ("approved", "mail_server_away")
    assert notice.due_at > NOON
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert deliver() == {}
    assert deliver(NOON + timedelta(hours=1)) == {"accepted": 1}
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_d31_two_runs_started_at_once_are_one() -> None:
    pin(DAY)
    policy = install_standard_policy(factories.entity())
    make_late(60)
    together = Barrier(2)

    def start(_: int) -> int:
        try:
            together.wait()
            return prepare_run(policy=policy, as_of=DAY, now=NOON, any_hour=True, chunk=10).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(start, range(2)))) == 1
    assert Run.objects.get().proposed == 60
    assert Notice.objects.count() == 60


def test_d29_two_beats_through_a_whole_day_make_one_run_and_one_mail(policy: Policy) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    for hour in range(24):
        for _ in range(2):
            prepare_due(now=midnight + timedelta(hours=hour))
            deliver(midnight + timedelta(hours=hour))
    assert (Run.objects.count(), Notice.objects.count(), len(mail.outbox)) == (1, 1, 1)


def test_r07_no_run_is_ahead_of_the_business_day_because_none_could_follow_before_it(policy: Policy) -> None:
    make_late(1)
    pin(DAY)
    with pytest.raises(Conflict, match="It is 2026-03-02"):
        prepare_run(policy=policy, as_of=DAY + timedelta(days=1), now=NOON, any_hour=True)
    assert [run.as_of for run in start_due(now=NOON)] == [DAY]
    ahead = prepare_run(policy=policy, as_of=DAY + timedelta(days=1), now=NOON, any_hour=True, is_dry=True)
    assert ahead.is_dry


def test_what_waits_for_a_policy_that_is_off_keeps_no_other_policy_from_reminding(policy: Policy, cast: Cast) -> None:
    make_late(1)
    run_on(policy)
    switch_policy(policy=policy, on=False, actor=cast.lead)
    other = add_policy(
        name="Other", entity=policy.entity, strategy="firm", segment=None, rank=1, based_on=policy, actor=cast.lead
    )
    Policy.objects.filter(pk=other.pk).update(mode=Policy.Mode.AUTOMATIC, rehearsed_at=NOON)
    Customer.objects.update(strategy="firm")
    switch_policy(policy=other, on=True, actor=cast.lead)
    run_on(other, DAY + timedelta(days=1))
    switch_policy(policy=policy, on=True, actor=cast.lead)
    assert deliver() == {"accepted": 1}
    states = Notice.objects.order_by("pk").values_list("policy", "state", "reason")
    assert list(states) == [(policy.pk, "cancelled", "superseded"), (other.pk, "accepted", "")]
