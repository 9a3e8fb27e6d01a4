"""Segments: whose facts fit, who came and left, and since when (F3)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput
from customers.models import Customer, Segment, SegmentMember
from customers.rules.segments import SegmentFacts, read_rule
from customers.services.merge_customers import merge_customers
from invoices.models import ExchangeRate
from invoices.queries.aging_matrix import GROUPINGS, aging_matrix
from invoices.queries.aging_sql import AgingScope
from invoices.queries.segment_facts import SegmentFactsReader
from invoices.queries.segment_members import preview
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.judge_promises import judge_promises
from invoices.services.judge_segments import JudgedSegments, judge_segments
from invoices.services.make_promise import make_promise
from invoices.services.save_segment import save_segment
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db

LATER = DAY + timedelta(days=10)


def segment(code: str, field: str, op: str, value: Any, **more: Any) -> Segment:
    rule = {"all": [{"field": field, "op": op, "value": value}]}
    made = Segment(code=code, name=code.capitalize(), **more)
    return save_segment(segment=made, rule=rule, actor=None, by="test")


def facts_of(who: Customer, on: date = LATER) -> SegmentFacts:
    return SegmentFactsReader(on).read([who.pk])[0]


def members(of: Segment) -> list[tuple[int, date, date | None]]:
    return list(of.members.order_by("pk").values_list("customer_id", "since", "until"))


def test_f03_the_facts_are_those_of_the_ledger_on_the_day() -> None:
    parent = factories.customer(number="P1")
    who = factories.customer(credit_limit=Decimal(1000), country="FR", tags=["key"], parent=parent, risk_class="high")
    paid_late = factories.invoice(who, "100.00", due_on=DAY)
    paid_in_time = factories.invoice(who, "100.00", due_on=DAY)
    factories.invoice(who, "200.00", due_on=DAY - timedelta(days=5), issued_on=date(2025, 1, 15))
    factories.invoice(who, "50.00", due_on=LATER + timedelta(days=5))
    factories.payment(who, "100.00", received_on=DAY + timedelta(days=6), shares=[(paid_late, None)])
    factories.payment(who, "100.00", received_on=DAY, shares=[(paid_in_time, None)])
    promise = make_promise(
        customer=who, items=[(who.invoices.get(total=50), None)], promised_on=DAY, made_on=DAY, by="test"
    )
    judge_promises(on=DAY + timedelta(days=1))
    promise.refresh_from_db()
    assert promise.state == "broken"
    found = facts_of(who)
    assert found == SegmentFacts(
        who.pk, "EUR", "FR", "business", frozenset({"key"}), "high", "EUR", "DE01", "", "P1", Decimal(1000),
        Decimal(25), "", None, None, Decimal(250), Decimal(200), 15, Decimal(3), Decimal(50), Decimal(250), 13, 1,
    )  # fmt: skip


def test_f03_credit_notes_lower_sales() -> None:
    who = factories.customer()
    factories.invoice(who, "100.00")
    issue_credit_note(
        entity=who.entity, customer=who, number="G1", issued_on=DAY, total=Decimal(30), currency="EUR", by="test"
    )
    assert facts_of(who).sales == Decimal(70)


def test_i12_money_in_other_currencies_counts_at_the_rate_of_the_day_or_is_unknown() -> None:
    ExchangeRate.objects.create(base="EUR", quote="USD", on=LATER, rate=Decimal(2), source="test")
    who = factories.customer(currency="USD", credit_limit=Decimal(100))
    factories.invoice(who, "100.00")
    found = facts_of(who)
    assert (found.open_balance, found.credit_limit, found.limit_used) == (Decimal(50), Decimal(50), Decimal(100))
    factories.invoice(who, "100.00", currency="XAF")
    assert (facts_of(who).open_balance, facts_of(who).limit_used) == (None, None)


def test_f03_credit_insurance_counts_in_the_currency_of_the_entity() -> None:
    ExchangeRate.objects.create(base="EUR", quote="USD", on=LATER, rate=Decimal(2), source="test")
    who = factories.customer(currency="USD", insurer="Guarantor", insured_amount=Decimal(400))
    factories.invoice(who, "100.00")
    found = facts_of(who)
    assert (found.insurer, found.insured_amount, found.insured_used) == ("Guarantor", Decimal(200), Decimal(25))
    covered = segment("covered", "insured_amount", "known", None)
    bare = segment("bare", "insured_used", "gt", "90")
    judge_segments(on=LATER)
    assert (covered.members.count(), bare.members.count()) == (1, 0)


def test_a_customer_without_documents_has_facts_too() -> None:
    found = facts_of(factories.customer())
    assert (found.open_balance, found.months_known, found.average_days_late) == (Decimal(0), None, None)


def test_f03_members_come_and_leave_with_a_day_each() -> None:
    rich, poor = factories.customer(), factories.customer()
    made = segment("overdue", "overdue_balance", "ge", "100")
    invoice = factories.invoice(rich, "100.00")
    factories.invoice(poor, "99.99")
    assert judge_segments(on=LATER) == JudgedSegments(entered=1)
    assert judge_segments(on=LATER) == JudgedSegments()
    factories.payment(rich, "50.00", received_on=LATER, shares=[(invoice, None)])
    assert judge_segments(on=LATER + timedelta(days=1)) == JudgedSegments(left=1)
    assert members(made) == [(rich.pk, LATER, LATER + timedelta(days=1))]
    made.refresh_from_db()
    assert made.judged_on == LATER + timedelta(days=1)


def test_a_membership_that_lasted_no_day_leaves_nothing_behind() -> None:
    who = factories.customer(country="DE")
    made = segment("german", "country", "in", ["de"])
    judge_segments(on=DAY)
    Customer.objects.filter(pk=who.pk).update(country="FR")
    assert judge_segments(on=DAY).left == 1
    assert members(made) == []


def test_a_segment_switched_off_loses_its_members() -> None:
    factories.customer(country="DE")
    made = segment("german", "country", "in", ["de"])
    judge_segments(on=DAY)
    made.is_active = False
    save_segment(segment=made, rule=made.rule, actor=None, by="test")
    assert judge_segments(on=LATER, segment_ids=[made.pk]).left == 1


def test_f03_a_preview_says_who_would_come_and_go_and_changes_nothing() -> None:
    german, french = factories.customer(country="DE"), factories.customer(country="FR")
    made = segment("german", "country", "in", ["de"])
    judge_segments(on=DAY)
    rule = read_rule({"all": [{"field": "country", "op": "in", "value": ["fr"]}]})
    found = preview(rule, segment_id=made.pk, on=DAY, visible=Customer.objects.all())
    assert (found.entering, found.leaving, found.staying) == (1, 1, 0)
    assert (list(found.some_entering), list(found.some_leaving)) == ([french], [german])
    assert SegmentMember.objects.filter(until=None).count() == 1


def test_f03_a_saved_rule_is_checked_and_logged() -> None:
    made = segment("german", "country", "in", ["de"])
    assert AuditEntry.objects.get(action="segment.saved").payload["words"] == "Country is one of DE"
    assert made.judged_on is None
    for bad in ("German", "-x", "", "a b", "x" * 41):
        with pytest.raises(BadInput):
            segment(bad, "country", "in", ["de"])
    with pytest.raises(BadInput) as refusal:
        segment("german", "country", "in", ["de"])
    assert refusal.value.code == "segment_code_taken"


def test_f03_an_aging_by_segment_puts_each_customer_into_its_first_one() -> None:
    german = factories.customer(country="DE")
    factories.invoice(german, "100.00")
    factories.invoice(factories.customer(country="FR"), "10.00")
    segment("second", "country", "in", ["de"], rank=20)
    first = segment("first", "country", "in", ["de"], rank=10)
    judge_segments(on=DAY)
    (matrix,) = aging_matrix(AgingScope(as_of=LATER), by=GROUPINGS["segment"])
    assert [(row.key, row.name, row.amounts.total) for row in matrix.rows] == [
        (str(first.pk), "First", Decimal(100)),
        ("", "", Decimal(10)),
    ]


def test_segments_are_judged_with_the_same_statements_whatever_the_number_of_customers(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    segment("german", "country", "in", ["de"])
    segment("late", "overdue_balance", "ge", "1")
    for _ in range(8):
        factories.invoice(factories.customer(country="DE"), "10.00")
    with django_assert_max_num_queries(15):
        assert judge_segments(on=LATER).entered == 16


def test_a_merged_customer_leaves_and_what_it_owes_counts_for_the_survivor() -> None:
    stays, gone = factories.customer(), factories.customer()
    made = segment("overdue", "overdue_balance", "ge", "100")
    factories.invoice(gone, "100.00")
    judge_segments(on=LATER)
    merge_customers(absorbed=gone, survivor=stays, merged_on=LATER, on=LATER, reason="One company", actor=None)
    after = LATER + timedelta(days=1)
    assert judge_segments(on=after) == JudgedSegments(entered=1, left=1)
    assert members(made) == [(gone.pk, LATER, after), (stays.pk, after, None)]
    assert facts_of(stays, after).open_balance == Decimal(100)


def test_a_stored_rule_that_is_none_stops_no_other_segment() -> None:
    factories.customer(country="DE")
    Segment.objects.create(code="broken", name="Broken", rule={"all": "nonsense"})
    segment("german", "country", "in", ["de"])
    assert judge_segments(on=DAY) == JudgedSegments(entered=1)
    assert dict(Segment.objects.values_list("code", "judged_on")) == {"broken": None, "german": DAY}
