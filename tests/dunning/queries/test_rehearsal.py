"""A rehearsal over the books: what the runs would have done, without writing anything."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer, LegalEntity
from dunning.models import Notice, Policy, Rehearsal, Run
from dunning.queries.rehearsal import customers_to_rehearse, next_to_rehearse, replay
from dunning.rules.rehearsal_report import report
from dunning.services.ask_rehearsal import ask_rehearsal
from dunning.services.run_rehearsals import run_rehearsals
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import NOON, deliver, pin, run_on

BEGIN = date(2026, 1, 5)  # a Monday
END = date(2026, 3, 2)


def rehearsed(policy: Policy, *, first: date = BEGIN, last: date = END, **options: Any) -> dict[str, Any]:
    ids = next_to_rehearse(policy, first=first, last=last, after=0)
    tally = replay(policy, ids, first=first, last=last, within=options.pop("within", 3), **options)
    return report(tally, first=first, last=last)


def steps_of(told: dict[str, Any]) -> dict[str, int]:
    return {row["step"]: row["number"] for row in told["letters"]}


@pytest.fixture
def two(policy: Policy) -> tuple[Customer, Customer]:
    """One who never pays, and one who paid two days after the first reminder."""
    silent, slow = factories.customer(), factories.customer()
    factories.invoice(silent, "100.00", due_on=date(2026, 1, 9))
    late = factories.invoice(slow, "250.00", due_on=date(2026, 1, 9))
    factories.payment(slow, "250.00", received_on=date(2026, 1, 14), shares=[(late, None)])
    return silent, slow


def test_f36_the_rehearsal_sends_what_the_runs_really_sent(policy: Policy) -> None:
    silent, slow = factories.customer(), factories.customer(country="GB", holiday_region="GB")
    for who, amount in ((silent, "100.00"), (slow, "250.00")):
        factories.invoice(who, amount, due_on=date(2026, 1, 9))
        factories.invoice(who, amount, due_on=date(2026, 2, 2))
    day = BEGIN
    while day <= END:
        run_on(policy, day)
        deliver()
        day += timedelta(days=1)
    sent = list(
        Notice.objects.filter(state="accepted")
        .order_by("as_of", "customer")
        .values_list("as_of", "customer__number", "step_name", "amount")
    )
    told = rehearsed(policy)
    rehearsal = sorted(
        (date.fromisoformat(day["on"]), sample["customer"], day["step"], Decimal(day["amount"]))
        for sample in told["samples"]
        for day in sample["days"]
        if day["code"] == "propose"
    )
    assert rehearsal == sorted(sent)
    assert told["number"] == len(sent) > 8


def test_f36_a_letter_before_money_is_counted_as_crossed(policy: Policy, two: tuple[Customer, Customer]) -> None:
    told = rehearsed(policy)
    assert (told["customers"], told["reached"]) == (2, 2)
    first = next(row for row in told["letters"] if row["step"] == "First reminder")
    assert (first["number"], first["crossed"]) == (2, 1)
    assert told["addressed"] == {"EUR": "350.00"}
    assert rehearsed(policy, within=1)["crossed"] == 0


def test_f36_nothing_is_written_and_nothing_is_left_behind(policy: Policy, two: tuple[Customer, Customer]) -> None:
    before = (Notice.objects.count(), Run.objects.count())
    rehearsed(policy)
    rehearsed(policy, as_known=True)
    assert (Notice.objects.count(), Run.objects.count()) == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_views WHERE viewname LIKE 'invoices_%'")
        assert cursor.fetchone() == (0,)


def test_as_known_sees_only_what_had_been_recorded_by_the_evening(
    policy: Policy, two: tuple[Customer, Customer]
) -> None:
    assert rehearsed(policy, as_known=True)["number"] == 0  # all of it was recorded today
    today = timezone.now().date()
    who = factories.customer()
    factories.invoice(who, "80.00", due_on=today - timedelta(days=5))
    told = rehearsed(policy, first=today - timedelta(days=10), last=today + timedelta(days=5), as_known=True)
    days = [date.fromisoformat(day["on"]) for row in told["samples"] for day in row["days"] if "step" in day]
    assert days
    assert min(days) >= today


def test_a_policy_that_is_off_can_be_rehearsed_over_those_it_would_fit(policy: Policy) -> None:
    one, other = factories.customer(strategy="gentle"), factories.customer()
    for who in (one, other):
        factories.invoice(who, "100.00", due_on=BEGIN)
    Policy.objects.filter(pk=policy.pk).update(is_active=False, strategy="gentle")
    policy.refresh_from_db()
    assert next_to_rehearse(policy, first=BEGIN, last=END, after=0) == [one.pk]
    assert customers_to_rehearse(policy, first=BEGIN, last=END) == 1


def test_the_number_of_statements_does_not_grow_with_the_customers(policy: Policy) -> None:
    def statements(last: date) -> int:
        with CaptureQueriesContext(connection) as captured:
            rehearsed(policy, first=BEGIN, last=last)
        return len(captured)

    for _ in range(3):
        factories.invoice(factories.customer(), "100.00", due_on=date(2026, 1, 9))
    statements(BEGIN)
    few = statements(BEGIN + timedelta(days=9))
    for _ in range(9):
        factories.invoice(factories.customer(), "100.00", due_on=date(2026, 1, 9))
    assert statements(BEGIN + timedelta(days=9)) == few


def test_the_page_s_rehearsal_goes_on_in_chunks_and_says_the_same_as_the_command(
    policy: Policy, two: tuple[Customer, Customer], cast: Cast
) -> None:
    pin(END)
    other = Policy.objects.create(code="other", name="Other", entity=policy.entity, strategy="x", min_amount=200)
    for step in policy.steps.all():
        step.pk, step.policy = None, other
        step.save()
    asked = ask_rehearsal(policy=policy, against=other, first=BEGIN, last=END, today=END, actor=cast.lead)
    assert asked.customers == 2
    assert run_rehearsals(now=NOON, seconds=60) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.customers_done) == ("done", 2)
    mine, others = asked.result["policies"]
    assert mine["number"] > others["number"]
    out = StringIO()
    call_command(
        "rehearse", policy.code, "--from", BEGIN.isoformat(), "--to", END.isoformat(), "--against", "other",
        "--format", "json", stdout=out,
    )  # fmt: skip
    assert json.loads(out.getvalue())["policies"] == asked.result["policies"]
    assert run_rehearsals(now=NOON, seconds=60) == 0


def test_a_worker_that_has_no_time_left_leaves_what_it_counted(
    policy: Policy, two: tuple[Customer, Customer], cast: Cast
) -> None:
    pin(END)
    asked = ask_rehearsal(policy=policy, first=BEGIN, last=END, today=END, actor=cast.lead)
    assert run_rehearsals(now=NOON, seconds=0.000001) in (0, 1)
    for _ in range(5):
        run_rehearsals(now=NOON, seconds=0.05)
    asked.refresh_from_db()
    assert asked.state == Rehearsal.State.DONE
    assert steps_of(asked.result["policies"][0])["First reminder"] == 2


def test_impossible_days_and_unknown_policies_are_refused_with_a_sentence(policy: Policy) -> None:
    pin(END)
    for code, first, last in (
        ("none", BEGIN, END), (policy.code, END, BEGIN), (policy.code, BEGIN, END + timedelta(days=1)),
        (policy.code, BEGIN - timedelta(days=500), END),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=r"\.$"):
            call_command("rehearse", code, "--from", first.isoformat(), "--to", last.isoformat(), stdout=StringIO())


def test_books_without_a_policy_are_rehearsed_with_the_standard_ladder(entity: LegalEntity) -> None:
    pin(END)
    factories.invoice(factories.customer(), "100.00", due_on=date(2026, 1, 9))
    out = StringIO()
    call_command(
        "rehearse", "any", "--from", BEGIN.isoformat(), "--to", END.isoformat(), "--format", "json", stdout=out
    )
    (told,) = json.loads(out.getvalue())["policies"]
    assert (told["policy"]["code"], told["reached"]) == ("standard", 1)
    assert not Policy.objects.exists()
