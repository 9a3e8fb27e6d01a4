"""P7: what plans freeze and which instalments are missing, by set, and that SQL and the rule say the same."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from customers.models import Customer
from invoices.models import Invoice, PaymentPlan, PlanInstalment, PlanItem
from invoices.queries.plans import FROZEN, MISSING, plan_facts
from invoices.rules.plans import instalments
from invoices.services.issue_credit_note import issue_credit_note
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def plan(who: Customer, *invoices: Invoice, parts: tuple[tuple[int, str], ...], **fields: Any) -> PaymentPlan:
    """A plan agreed on DAY over the whole invoices; `parts` are days after DAY and amounts."""
    given: dict[str, Any] = {"currency": who.currency, "agreed_on": DAY, "state": "active", **fields}
    made = PaymentPlan.objects.create(customer=who, **given)
    live = made.state == "active"
    PlanItem.objects.bulk_create(PlanItem(plan=made, invoice=row, amount=row.total, live=live) for row in invoices)
    PlanInstalment.objects.bulk_create(
        PlanInstalment(plan=made, due_on=DAY + timedelta(days=days), amount=Decimal(amount)) for days, amount in parts
    )
    return made


def rows(sql: str, *who: Customer, on: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": [one.pk for one in who], "as_of": on})
        return list(cursor.fetchall())


def missing(*who: Customer, on: date) -> list[tuple[date, Decimal]]:
    return [(row[4], row[6]) for row in rows(MISSING, *who, on=on)]


def test_p07_a_plan_freezes_what_is_still_to_come_of_its_invoices() -> None:
    who = factories.customer()
    first, second = factories.invoice(who, "100.00"), factories.invoice(who, "50.00")
    made = plan(who, first, second, parts=((7, "75"), (37, "75")))
    factories.payment(who, "30.00", received_on=DAY + timedelta(days=2), shares=[(first, None)])
    found = {row[0]: row[1:3] for row in rows(FROZEN, who, on=DAY + timedelta(days=3))}
    assert found == {first.pk: (made.pk, Decimal("70.00")), second.pk: (made.pk, Decimal("50.00"))}


def test_p07_a_proposed_an_ended_and_a_later_plan_freeze_nothing() -> None:
    who = factories.customer()
    a, b, c = (factories.invoice(who, "10.00") for _ in range(3))
    plan(who, a, parts=(), state="proposed", agreed_on=None)
    plan(who, b, parts=(), state="cancelled", ended_on=DAY + timedelta(days=5))
    plan(who, c, parts=(), agreed_on=DAY + timedelta(days=9))
    assert rows(FROZEN, who, on=DAY + timedelta(days=5)) == []
    assert [row[0] for row in rows(FROZEN, who, on=DAY + timedelta(days=4))] == [b.pk]


def test_p07_what_did_not_arrive_of_due_instalments_is_missing_earliest_first() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "90.00")
    plan(who, invoice, parts=((7, "30"), (14, "30"), (21, "30")))
    factories.payment(who, "40.00", received_on=DAY + timedelta(days=8), shares=[(invoice, None)])
    assert missing(who, on=DAY + timedelta(days=7)) == [(DAY + timedelta(days=7), Decimal(30))]
    assert missing(who, on=DAY + timedelta(days=14)) == [(DAY + timedelta(days=14), Decimal(20))]
    assert missing(who, on=DAY + timedelta(days=30)) == [
        (DAY + timedelta(days=14), Decimal(20)),
        (DAY + timedelta(days=21), Decimal(30)),
    ]


def test_p07_a_credit_shortens_the_plan_from_its_end() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "90.00")
    plan(who, invoice, parts=((7, "30"), (14, "30"), (21, "30")))
    issue_credit_note(
        entity=who.entity, customer=who, number="G1", issued_on=DAY + timedelta(days=3), total=Decimal("40.00"),
        currency="EUR", corrects=invoice, by="test",
    )  # fmt: skip
    assert [amount for _, amount in missing(who, on=DAY + timedelta(days=30))] == [Decimal(30), Decimal(20)]


def test_p07_the_rule_and_the_statement_say_the_same_on_every_day() -> None:
    who = factories.customer()
    first, second = factories.invoice(who, "100.00"), factories.invoice(who, "50.00")
    made = plan(who, first, second, parts=((4, "50"), (14, "60"), (24, "40")))
    factories.payment(who, "20.00", received_on=DAY + timedelta(days=1), shares=[(first, None)])
    factories.payment(who, "95.00", received_on=DAY + timedelta(days=16), shares="oldest")
    plans = list(PaymentPlan.objects.select_related("customer__entity").filter(pk=made.pk))
    for after in range(30):
        on = DAY + timedelta(days=after)
        facts = plan_facts(plans, as_of=on)[0]
        due = [row for row in instalments(facts, on) if row.part.due_on <= on and row.missing]
        assert [(row.part.due_on, row.missing) for row in due] == missing(who, on=on)


def test_plan_facts_take_four_statements_whatever_their_number(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(3):
        who = factories.customer()
        plan(who, factories.invoice(who, "90.00"), parts=((7, "90"),))
    plans = list(PaymentPlan.objects.select_related("customer__entity"))
    with django_assert_num_queries(4):
        assert len(plan_facts(plans, as_of=DAY)) == 3
