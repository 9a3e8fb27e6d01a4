"""Scoring by set: what is written, what is kept, and that one customer costs as many statements as many."""

import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from customers.models import Customer, Hold, Segment, SegmentMember
from invoices.models import Invoice
from invoices.services.judge_promises import judge_promises
from invoices.services.make_promise import make_promise
from invoices.services.open_dispute import open_dispute
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Absence, Activity, Escalation, Strategy, StrategyVersion, WorklistItem
from worklist.queries.ranking import ranking
from worklist.services.rescore import rescore, rescore_all

pytestmark = pytest.mark.django_db


def item(who: Customer) -> WorklistItem:
    return WorklistItem.objects.get(customer=who)


def late(amount: str = "1000.00", days: int = 40, **more: Any) -> tuple[Customer, Invoice]:
    who = factories.customer(**more)
    return who, factories.invoice(who, amount, due_on=DAY - timedelta(days=days))


def test_an_item_shows_money_days_reason_and_next_step() -> None:
    who, _ = late("1000.00", 40)
    factories.invoice(who, "500.00", due_on=DAY + timedelta(days=5))
    rescore([who.pk], on=DAY)
    row = item(who)
    assert (row.overdue, row.open_total) == (Decimal(1000), Decimal(1500))
    assert (row.oldest_days, row.overdue_documents) == (40, 1)
    assert (row.why, row.next_step, row.for_today) == ("€1k is 40 d late", "call", True)
    assert sum(Decimal(part["amount"]) for part in row.parts) == row.score > 0


def test_payment_takes_the_customer_off_the_list() -> None:
    who, _ = late()
    rescore([who.pk], on=DAY)
    factories.payment(who, "1000.00", shares="oldest")
    rescore([who.pk], on=DAY)
    assert (item(who).score, item(who).open_total) == (Decimal(0), Decimal(0))


def test_disputed_and_promised_money_is_shown_and_not_chased() -> None:
    who, invoice = late("1000.00")
    other = factories.invoice(who, "600.00", due_on=DAY - timedelta(days=40))
    open_dispute(invoice=invoice, amount=Decimal("400.00"), reason="price", opened_on=DAY, by="test")
    make_promise(customer=who, items=[(other, None)], promised_on=DAY + timedelta(days=3), made_on=DAY, by="test")
    rescore([who.pk], on=DAY)
    assert (item(who).disputed, item(who).promised) == (Decimal(400), Decimal(600))
    assert [badge[1] for badge in item(who).badges] == ["Promise", "Dispute"]


def test_p04_p06_a_broken_promise_leads_the_list_until_a_newer_one_answers_it() -> None:
    first, _ = late("3000.00")
    second, invoice = late("1000.00")
    make_promise(customer=second, items=[(invoice, None)], promised_on=DAY, made_on=DAY, by="test")
    tomorrow = DAY + timedelta(days=1)
    judge_promises(on=tomorrow)
    rescore_all(on=tomorrow)
    assert item(second).score > item(first).score
    assert item(second).why.startswith("promise broken 2 Mar")
    make_promise(customer=second, items=[(invoice, None)], promised_on=tomorrow, made_on=tomorrow, by="test")
    rescore_all(on=tomorrow)
    assert item(second).score < item(first).score


def test_a_hold_leaves_the_customer_with_zero_and_the_reason() -> None:
    who, _ = late()
    Hold.objects.create(customer=who, reason="legal", starts_on=DAY, ends_on=DAY + timedelta(days=9))
    rescore([who.pk], on=DAY)
    assert (item(who).score, item(who).next_step, item(who).parts[-1]["name"]) == (Decimal(0), "held", "hold")


def test_a_follow_up_counts_from_its_day_and_a_later_call_answers_it(cast: Cast) -> None:
    who, _ = late()
    Activity.objects.create(customer=who, kind="call", outcome="no_answer", by=cast.collector, happened_on=DAY,
                            follow_up_on=DAY + timedelta(days=2))  # fmt: skip
    day = DAY + timedelta(days=2)
    rescore([who.pk], on=day)
    assert "follow_up" in [part["name"] for part in item(who).parts]
    Activity.objects.create(customer=who, kind="call", outcome="no_answer", by=cast.collector, happened_on=day)
    rescore([who.pk], on=day)
    assert "follow_up" not in [part["name"] for part in item(who).parts]


def test_snoozes_and_work_done_survive_scoring() -> None:
    who, _ = late()
    rescore([who.pk], on=DAY)
    WorklistItem.objects.update(snoozed_until=DAY + timedelta(days=3), snooze_reason="On holiday", done_on=DAY)
    rescore([who.pk], on=DAY)
    assert (item(who).snoozed_until, item(who).snooze_reason, item(who).done_on) == (
        DAY + timedelta(days=3), "On holiday", DAY,
    )  # fmt: skip


def test_dollars_are_converted_at_a_named_rate() -> None:
    who = factories.customer()
    factories.invoice(who, "1000.00", due_on=date(2024, 2, 1), currency="USD")
    rescore([who.pk], on=date(2024, 3, 1))
    assert item(who).currency == "EUR"
    assert Decimal(850) < item(who).overdue < Decimal(1000)
    assert "ECB" in item(who).parts[0]["why"]


def test_scoring_ten_customers_takes_as_many_statements_as_scoring_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [late()[0] for _ in range(10)]
    rescore([people[0].pk], on=DAY)
    for chosen in (people[:1], people):
        with django_assert_num_queries(10):
            rescore([who.pk for who in chosen], on=DAY)


def test_scoring_thirty_customers_takes_as_many_statements_as_scoring_all(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [late()[0] for _ in range(30)]
    rescore([people[0].pk], on=DAY)
    for chosen in (people[:25], people):
        with django_assert_num_queries(19):
            rescore([who.pk for who in chosen], on=DAY)


def test_the_nightly_run_alone_finds_what_events_would_have_found() -> None:
    who, _ = late()
    rescore([who.pk], on=DAY)
    by_event = WorklistItem.objects.values("score", "parts", "why").get()
    WorklistItem.objects.all().delete()
    rescore_all(on=DAY)
    assert WorklistItem.objects.values("score", "parts", "why").get() == by_event


def test_the_ranking_of_a_past_day_ignores_what_happened_later(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:

    who, _ = late()
    factories.payment(who, "1000.00", received_on=DAY + timedelta(days=1), shares="oldest")
    assert [row.number for row in ranking(user=cast.collector, on=DAY, limit=9)] == [who.number]
    assert ranking(user=cast.collector, on=DAY + timedelta(days=1), limit=9) == []
    assert ranking(user=cast.stranger, on=DAY, limit=9) == []
    call_command("worklist", "--user", "collector", "--as-of", str(DAY), "--format", "json")
    (found,) = json.loads(capsys.readouterr().out)["items"]
    assert set(found) == {"customer", "score", "parts", "why"}
    assert sum(Decimal(part["amount"]) for part in found["parts"]) == Decimal(found["score"])


def test_p02_what_has_arrived_of_a_promise_is_not_promised_any_more() -> None:
    who, invoice = late("1000.00")
    later = DAY + timedelta(days=3)
    make_promise(customer=who, items=[(invoice, Decimal("500.00"))], promised_on=later, made_on=DAY, by="test")
    factories.payment(who, "400.00", shares="oldest")
    rescore([who.pk], on=DAY)
    assert (item(who).open_total, item(who).promised) == (Decimal(600), Decimal(100))


def test_d36_a_customer_whose_mail_bounced_is_work_for_somebody_today() -> None:
    who, _ = late()
    who.contacts.update(health="bounced")
    rescore([who.pk], on=DAY)
    row = item(who)
    assert (row.next_step, row.for_today) == ("find_contact", True)
    assert "no mail reaches them" in row.why
    who.contacts.create(name="Pia", email="pia@customer.example")
    rescore([who.pk], on=DAY)
    assert item(who).next_step == "call"


def strategy(rule: dict[str, Any], *, rank: int = 100, **fields: Any) -> StrategyVersion:
    made = Strategy.objects.create(name=f"S{rank}", rank=rank, **fields)
    return StrategyVersion.objects.create(strategy=made, number=1, rule=rule, state="active")


def test_scoring_again_writes_nothing_but_the_time_at_which_it_was_looked() -> None:
    first, second = late()[0], late("500.00")[0]
    rescore_all(on=DAY)
    before = rows()
    changed = written()
    factories.invoice(second, "70.00", due_on=DAY - timedelta(days=3))
    rescore_all(on=DAY)
    after = rows()
    assert written() - changed == Counter({"updated": 2})  # the row that changed, and the stamp of the other
    assert {key for key in after[first.pk] if after[first.pk][key] != before[first.pk][key]} == {"scored_at"}
    assert after[second.pk]["score"] > before[second.pk]["score"]


def test_equal_scores_stay_in_the_order_of_customers_however_often_they_are_scored(cast: Cast) -> None:
    people = [late(number=number)[0] for number in ("T3", "T1", "T2")]
    for _ in range(2):
        rescore_all(on=DAY)
        assert len(set(WorklistItem.objects.values_list("rank", flat=True))) == 1
        assert [row.number for row in ranking(user=cast.collector, on=DAY, limit=9)] == ["T1", "T2", "T3"]
        assert list(WorklistItem.objects.order_by("-pinned", "-rank", "customer").values_list("pk", flat=True)) == [
            who.pk for who in people
        ]


def test_the_active_strategy_with_the_lowest_rank_that_fits_entity_and_segment_counts() -> None:
    inside, outside, elsewhere = late()[0], late()[0], late(of=factories.entity("DE02"))[0]
    segment = Segment.objects.create(code="big", name="Big")
    SegmentMember.objects.create(segment=segment, customer=inside, since=DAY)
    SegmentMember.objects.create(segment=segment, customer=outside, since=DAY - timedelta(days=9), until=DAY)
    strategy({"minutes": {"call": 40}}, rank=1, is_active=False)
    for_segment = strategy({"minutes": {"call": 20}}, rank=2, segment=segment)
    for_entity = strategy({"minutes": {"call": 30}, "class_b": "900"}, rank=3, entity=inside.entity)
    rescore_all(on=DAY)
    assert (item(inside).strategy_version, item(inside).minutes) == (for_segment, 20)
    assert (item(outside).strategy_version, item(outside).minutes, item(outside).size_class) == (for_entity, 30, "B")
    assert (item(elsewhere).strategy_version, item(elsewhere).minutes, item(elsewhere).size_class) == (None, 8, "C")


def test_a_pin_ends_with_its_last_day_and_nothing_else_takes_it_away(cast: Cast) -> None:
    who, _ = late()
    rescore([who.pk], on=DAY)
    WorklistItem.objects.update(pinned=True, pinned_until=DAY, pin_reason="Board asks", pinned_by=cast.lead)
    rescore([who.pk], on=DAY)
    assert (item(who).pinned, item(who).pin_reason) == (True, "Board asks")
    rescore([who.pk], on=DAY + timedelta(days=1))
    row = item(who)
    assert (row.pinned, row.pinned_until, row.pin_reason, row.pinned_by) == (False, None, "", None)
    WorklistItem.objects.update(pinned=True)
    rescore([who.pk], on=DAY + timedelta(days=90))
    assert item(who).pinned


def test_whoever_stands_in_has_the_accounts_of_a_collector_who_is_away(cast: Cast) -> None:
    who, _ = late()
    Customer.objects.update(collector=cast.collector)
    Absence.objects.create(user=cast.collector, substitute=cast.lead, starts_on=DAY, ends_on=DAY)
    rescore([who.pk], on=DAY)
    assert (item(who).collector, item(who).analyst) == (cast.collector, cast.lead)
    rescore([who.pk], on=DAY + timedelta(days=1))
    assert item(who).analyst == cast.collector


def test_an_open_escalation_marks_the_account_until_it_is_answered() -> None:
    who, _ = late()
    raised = Escalation.objects.create(customer=who, reason="Threatens to leave", raised_on=DAY)
    rescore([who.pk], on=DAY)
    assert item(who).escalated
    Escalation.objects.filter(pk=raised.pk).update(answered_on=DAY)
    rescore([who.pk], on=DAY)
    assert not item(who).escalated


def rows() -> dict[int, dict[str, Any]]:
    """Every column of every row of the list, by customer."""
    return {item.pk: dict(vars(item), _state=None) for item in WorklistItem.objects.all()}


def written() -> Counter[str]:
    """How many rows of the list this transaction has inserted and updated so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n_tup_ins, n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'worklist_worklistitem'"
        )
        inserted, updated = cursor.fetchone()
    return Counter({"inserted": inserted, "updated": updated})
