"""Payment plans: who may agree to what, how they are judged from payments, and what they freeze (F39, P7)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput, Conflict, NotAllowed
from customers.models import Customer
from invoices.models import CurrencyRules, Invoice, PaymentPlan, PlanItem, Promise
from invoices.queries.aging import aging_totals
from invoices.queries.aging_sql import AgingScope
from invoices.queries.promised import arrived_so_far
from invoices.rules.plans import Part, even_parts
from invoices.services.approve_plan import approve_plan
from invoices.services.end_plan import end_plan
from invoices.services.judge_plans import judge_plans
from invoices.services.judge_promises import judge_promises
from invoices.services.make_promise import make_promise
from invoices.services.post_adjustment import post_adjustment
from invoices.services.propose_plan import propose_plan
from invoices.services.return_payment import return_payment
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 9)  # a Monday
SECOND = date(2026, 4, 9)
LAST = date(2026, 5, 11)  # a Monday
THIRDS = (Part(FIRST, Decimal(100)), Part(SECOND, Decimal(100)), Part(LAST, Decimal(100)))


def proposed(who: Customer, *invoices: Invoice, parts: Any = THIRDS, **more: Any) -> PaymentPlan:
    given = {"customer": who, "items": [(row, None) for row in invoices], "parts": parts, "on": DAY, "by": "test"}
    return propose_plan(**{**given, **more})


def agreed(cast: Cast, **more: Any) -> tuple[PaymentPlan, Invoice, Customer]:
    who = factories.customer()
    invoice = factories.invoice(who, "300.00")
    plan = proposed(who, invoice, actor=cast.collector, **more)
    return approve_plan(plan=plan, on=DAY, actor=cast.collector), invoice, who


def state(plan: PaymentPlan) -> tuple[str, date | None]:
    plan.refresh_from_db()
    return plan.state, plan.ended_on


def paid(who: Customer, invoice: Invoice, amount: str, on: date) -> None:
    factories.payment(who, amount, received_on=on, shares=[(invoice, None)])


def on_plan(who: Customer, on: date) -> Decimal:
    scope = AgingScope(as_of=on, customers=Customer.objects.filter(pk=who.pk))
    return aging_totals(scope).currencies["EUR"].on_plan


def test_p07_a_proposal_freezes_nothing_and_an_agreed_plan_all_of_its_items(cast: Cast) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "300.00")
    plan = proposed(who, invoice, actor=cast.collector)
    assert (state(plan), on_plan(who, DAY)) == (("proposed", None), Decimal(0))
    approve_plan(plan=plan, on=DAY, actor=cast.collector)
    assert (state(plan), plan.agreed_on, plan.agreed_by) == (("active", None), DAY, cast.collector)
    assert on_plan(who, DAY) == Decimal(300)


def test_f39_a_plan_names_open_invoices_of_one_customer_in_one_currency(cast: Cast) -> None:
    who, other = factories.customer(), factories.customer()
    mine, strange = factories.invoice(who, "300.00"), factories.invoice(other, "300.00")
    dollars = factories.invoice(who, "300.00", currency="USD")
    for items, code in (
        ([], "no_invoice"),
        ([(mine, None), (mine, None)], "invoice_twice"),
        ([(strange, None)], "other_customer"),
        ([(mine, None), (dollars, None)], "other_currency"),
        ([(mine, Decimal("300.01"))], "plan_amount"),
        ([(mine, Decimal(0))], "plan_amount"),
    ):
        with pytest.raises(BadInput) as refusal:
            proposed(who, items=items)
        assert refusal.value.code == code


def test_f39_the_parts_add_up_to_the_amounts(cast: Cast) -> None:
    who = factories.customer()
    with pytest.raises(BadInput) as refusal:
        proposed(who, factories.invoice(who, "301.00"))
    assert refusal.value.sentence == "The parts do not add up to EUR\xa0301.00. Change one of them."


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"plan_max_parts": 2}, "A plan has at most 2 parts. Choose fewer."),
        (
            {"plan_max_months": 2},
            "A plan ends at the latest on 2 May 2026. Choose fewer parts, or begin earlier.",
        ),
        ({"plan_min_part": Decimal("100.01")}, "A part is at least EUR\xa0100.01. Choose fewer parts."),
    ],
)
def test_f39_a_payer_keeps_to_the_limits_and_a_colleague_beyond_them_needs_a_second_person(
    rules: dict[str, Any], sentence: str, cast: Cast
) -> None:
    CurrencyRules.objects.create(currency="EUR", **rules)
    who = factories.customer()
    invoice = factories.invoice(who, "300.00")
    with pytest.raises(BadInput) as refusal:
        proposed(who, invoice, via="payer")
    assert (refusal.value.code, refusal.value.sentence) == ("plan_beyond_limits", sentence)
    plan = proposed(who, invoice, actor=cast.lead)
    for person, code in ((cast.collector, "plan_beyond_limits"), (cast.lead, "own_plan")):
        with pytest.raises(NotAllowed) as not_allowed:
            approve_plan(plan=plan, on=DAY, actor=person)
        assert not_allowed.value.code == code
    assert approve_plan(plan=plan, on=DAY, actor=cast.admin).state == "active"


def test_f39_one_proposal_waits_at_a_time_and_one_plan_holds_an_invoice(cast: Cast) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "300.00")
    plan = proposed(who, invoice, via="payer")
    with pytest.raises(Conflict) as refusal:
        proposed(who, invoice)
    assert refusal.value.code == "plan_proposed_already"
    approve_plan(plan=plan, on=DAY, actor=cast.collector)
    with pytest.raises(Conflict) as refusal:
        proposed(who, invoice)
    assert refusal.value.code == "invoice_on_plan"
    with pytest.raises(Conflict):
        approve_plan(plan=plan, on=DAY, actor=cast.collector)


def test_f39_a_plan_is_not_agreed_to_when_less_is_open_or_a_part_is_past(cast: Cast) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "300.00")
    plan = proposed(who, invoice)
    with pytest.raises(BadInput) as late:
        approve_plan(plan=plan, on=FIRST + timedelta(days=1), actor=cast.collector)
    assert late.value.code == "plan_in_past"
    paid(who, invoice, "50.00", DAY)
    with pytest.raises(Conflict) as refusal:
        approve_plan(plan=plan, on=DAY, actor=cast.collector)
    assert refusal.value.code == "plan_outdated"
    assert not PlanItem.objects.filter(live=True).exists()


def test_p07_an_agreement_replaces_open_promises_on_its_invoices(cast: Cast) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "300.00")
    promise = make_promise(customer=who, items=[(invoice, None)], promised_on=FIRST, made_on=DAY, by="test")
    approve_plan(plan=proposed(who, invoice), on=DAY, actor=cast.collector)
    promise.refresh_from_db()
    assert (promise.state, promise.closed_on) == (Promise.State.REPLACED, DAY)


def test_p07_a_plan_goes_on_while_its_instalments_arrive_in_time_and_is_kept_with_the_last(cast: Cast) -> None:
    plan, invoice, who = agreed(cast)
    for due in (FIRST, SECOND, LAST):
        paid(who, invoice, "100.00", due)
        judge_plans(on=due + timedelta(days=1))
    assert state(plan) == ("kept", LAST + timedelta(days=1))
    assert not PlanItem.objects.filter(live=True).exists()
    assert AuditEntry.objects.get(action="plan.judged").payload["verdict"] == "kept"


def test_p07_a_missed_instalment_is_waited_for_during_the_grace_and_defaults_after_it(cast: Cast) -> None:
    plan, invoice, who = agreed(cast)
    paid(who, invoice, "60.00", FIRST)
    grace_ends = FIRST + timedelta(days=3)
    assert judge_plans(on=grace_ends).going_on == 1
    assert on_plan(who, grace_ends) == Decimal(240)
    assert judge_plans(on=grace_ends + timedelta(days=1)).defaulted == 1
    assert state(plan) == ("defaulted", grace_ends + timedelta(days=1))
    assert plan.end_note == "EUR\xa040.00 of the instalment of 9 Mar 2026 did not arrive."
    assert on_plan(who, grace_ends + timedelta(days=1)) == 0
    assert on_plan(who, grace_ends) == Decimal(240)


def test_d51_an_instalment_on_a_bank_holiday_is_in_time_until_the_next_working_day(cast: Cast) -> None:
    good_friday = date(2026, 4, 3)
    agreed(cast, parts=(Part(good_friday, Decimal(300)),))
    tuesday_and_grace = date(2026, 4, 7) + timedelta(days=3)
    assert judge_plans(on=tuesday_and_grace).going_on == 1
    assert judge_plans(on=tuesday_and_grace + timedelta(days=1)).defaulted == 1


def test_p07_a_default_needs_more_missing_than_the_tolerance(cast: Cast) -> None:
    CurrencyRules.objects.create(currency="EUR", under_tolerance=Decimal("1.00"))
    _plan, invoice, who = agreed(cast)
    paid(who, invoice, "99.00", FIRST)
    assert judge_plans(on=FIRST + timedelta(days=10)).going_on == 1


def test_p07_nobody_defaults_while_their_money_lies_unapplied(cast: Cast) -> None:
    _, _, who = agreed(cast)
    factories.payment(who, "100.00", received_on=FIRST)
    assert judge_plans(on=FIRST + timedelta(days=10)).going_on == 1


def test_p07_a_returned_payment_is_missing_again(cast: Cast) -> None:
    _plan, invoice, who = agreed(cast)
    payment = factories.payment(who, "100.00", received_on=FIRST, shares=[(invoice, None)])
    after = FIRST + timedelta(days=10)
    assert judge_plans(on=after).going_on == 1
    return_payment(payment=payment, returned_on=after, by="test")
    assert judge_plans(on=after).defaulted == 1


def test_p07_a_plan_over_something_written_off_is_cancelled_not_kept(cast: Cast) -> None:
    CurrencyRules.objects.create(currency="EUR", approval_over=Decimal(1000))
    plan, invoice, who = agreed(cast)
    post_adjustment(
        kind="write_off", entity=who.entity, customer=who, currency="EUR", shares=[(invoice, Decimal(300))],
        effective_on=DAY, reason="Insolvent", actor=cast.admin,
    )  # fmt: skip
    assert judge_plans(on=DAY + timedelta(days=1)).cancelled == 1
    assert state(plan)[0] == "cancelled"


def test_a_plan_is_judged_once_a_day_and_again_when_money_came(cast: Cast) -> None:
    _plan, invoice, who = agreed(cast)
    assert judge_plans(on=FIRST).going_on == 1
    assert judge_plans(on=FIRST).going_on == 0
    paid(who, invoice, "300.00", FIRST)
    assert judge_plans(on=FIRST).kept == 1
    assert judge_plans(on=FIRST) == judge_plans(on=FIRST)


def test_a_person_ends_a_plan_with_a_reason(cast: Cast) -> None:
    plan, invoice, who = agreed(cast)
    with pytest.raises(BadInput):
        end_plan(plan=plan, on=FIRST, why=" ", actor=cast.collector)
    end_plan(plan=plan, on=FIRST, why="They pay at once", actor=cast.collector)
    assert (state(plan), plan.end_note) == (("cancelled", FIRST), "They pay at once")
    with pytest.raises(Conflict):
        end_plan(plan=plan, on=FIRST, why="Again", actor=cast.collector)
    other = proposed(who, invoice)
    assert end_plan(plan=other, on=DAY, why="Too slow", actor=cast.collector).state == "rejected"


def test_plans_are_judged_with_the_same_statements_whatever_their_number(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        agreed(cast)
    with django_assert_max_num_queries(13):
        assert judge_plans(on=FIRST + timedelta(days=10)).defaulted == 5


def test_f39_even_parts_add_up_and_the_last_takes_the_rest() -> None:
    found = even_parts(Decimal("100.00"), 3, date(2026, 1, 31), "EUR")
    assert found == [
        Part(date(2026, 1, 31), Decimal("33.33")),
        Part(date(2026, 2, 28), Decimal("33.33")),
        Part(date(2026, 3, 31), Decimal("33.34")),
    ]
    assert [part.amount for part in even_parts(Decimal(100), 3, DAY, "JPY")] == [33, 33, 34]
    with pytest.raises(BadInput):
        even_parts(Decimal("0.02"), 3, DAY, "EUR")


def test_p07_an_older_payment_that_bounces_is_owed_beside_the_plan_and_breaks_it_not(cast: Cast) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "500.00")
    old = factories.payment(who, "200.00", received_on=DAY - timedelta(days=5), shares=[(invoice, None)])
    plan = approve_plan(plan=proposed(who, invoice, actor=cast.collector), on=DAY, actor=cast.collector)
    back = DAY + timedelta(days=2)
    return_payment(payment=old, returned_on=back, amount=Decimal(150), by="test")
    assert on_plan(who, back) == Decimal(300)  # of 450 that are open
    paid(who, invoice, "100.00", FIRST)
    after = FIRST + timedelta(days=7)
    assert judge_plans(on=after).going_on == 1
    assert (state(plan), on_plan(who, after)) == (("active", None), Decimal(200))


def test_p02_an_older_payment_that_bounces_breaks_no_promise_for_the_rest(cast: Cast) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "500.00")
    old = factories.payment(who, "200.00", received_on=DAY - timedelta(days=5), shares=[(invoice, None)])
    promise = make_promise(customer=who, items=[(invoice, None)], promised_on=FIRST, made_on=DAY, actor=cast.collector)
    return_payment(payment=old, returned_on=DAY + timedelta(days=2), by="test")
    assert arrived_so_far([promise.pk]) == {promise.pk: Decimal(0)}
    paid(who, invoice, "300.00", FIRST)
    judge_promises(on=FIRST + timedelta(days=7))
    promise.refresh_from_db()
    assert promise.state == Promise.State.KEPT
