"""Promises: what may be promised, what a new one does to an older one, and how they are judged (P1 to P6)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer
from invoices.models import CurrencyRules, Invoice, Promise, PromiseItem
from invoices.rules.promises import PAYER_HORIZON_DAYS
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.judge_promises import judge_promises
from invoices.services.make_promise import make_promise
from invoices.services.reverse_allocation import reverse_allocation
from invoices.services.withdraw_promise import withdraw_promise
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 3, 4)


def promised(
    who: Customer, *invoices: Invoice, on: date = WEDNESDAY, amount: Decimal | None = None, **more: Any
) -> Promise:
    given = {
        "customer": who,
        "items": [(row, amount) for row in invoices],
        "promised_on": on,
        "made_on": DAY,
        "by": "test",
    }
    return make_promise(**{**given, **more})


def outcome(promise: Promise) -> tuple[str, Decimal | None]:
    promise.refresh_from_db()
    return promise.state, promise.kept_amount


def test_p01_a_new_promise_closes_the_old_one_and_raises_the_level() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    first = promised(who, invoice)
    second = promised(who, invoice, on=WEDNESDAY + timedelta(days=7))
    assert outcome(first) == ("replaced", None)
    assert (second.state, second.level, second.amount) == ("open", 2, Decimal("100.00"))
    assert list(PromiseItem.objects.filter(live=True).values_list("promise_id", flat=True)) == [second.pk]


def test_p01_the_level_stays_when_part_of_the_old_promise_arrived() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    promised(who, invoice)
    factories.payment(who, "40.00", received_on=WEDNESDAY, shares="oldest")
    assert promised(who, invoice, on=WEDNESDAY + timedelta(days=7), made_on=WEDNESDAY).level == 1


def test_p01_a_promise_after_a_broken_one_has_the_next_level() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    promised(who, invoice)
    later = WEDNESDAY + timedelta(days=1)
    judge_promises(on=later)
    assert promised(who, invoice, made_on=later, on=later).level == 2


def test_p01_a_promise_covers_one_currency_and_one_customer() -> None:
    who, other = factories.customer(), factories.customer()
    euros, dollars = factories.invoice(who, "1.00"), factories.invoice(who, "1.00", currency="USD")
    with pytest.raises(BadInput, match="one currency"):
        promised(who, euros, dollars)
    with pytest.raises(BadInput, match="another customer"):
        promised(who, factories.invoice(other, "1.00"))


@pytest.mark.parametrize("amount", ["0", "-1", "100.01"])
def test_p01_an_amount_is_above_zero_and_no_more_than_is_open(amount: str) -> None:
    who = factories.customer()
    with pytest.raises(BadInput) as refusal:
        promised(who, factories.invoice(who, "100.00"), amount=Decimal(amount))
    assert "amount" in refusal.value.fields


def test_p01_a_paid_invoice_cannot_be_promised() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    factories.payment(who, "100.00", shares="oldest")
    with pytest.raises(Conflict, match="Nothing is open"):
        promised(who, invoice)


@pytest.mark.parametrize(
    ("paid", "state"), [("100.00", "kept"), ("99.99", "partly_kept"), ("0.01", "partly_kept"), (None, "broken")]
)
def test_p02_the_verdict_follows_from_what_arrived_in_time(paid: str | None, state: str) -> None:
    who = factories.customer()
    promise = promised(who, factories.invoice(who, "250.00"), amount=Decimal("100.00"))
    if paid:
        factories.payment(who, paid, received_on=WEDNESDAY, shares="oldest")
    assert judge_promises(on=WEDNESDAY).total == 0
    assert outcome(promise) == ("open", None)
    judge_promises(on=WEDNESDAY + timedelta(days=1))
    assert outcome(promise) == (state, Decimal(paid or 0))


def test_p02_money_one_day_late_does_not_keep_a_promise() -> None:
    who = factories.customer()
    promise = promised(who, factories.invoice(who, "100.00"))
    late = WEDNESDAY + timedelta(days=1)
    factories.payment(who, "100.00", received_on=late, shares="oldest")
    judge_promises(on=late + timedelta(days=3))
    assert outcome(promise) == ("broken", Decimal(0))


def test_p02_what_was_paid_before_the_promise_does_not_count() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    factories.payment(who, "60.00", received_on=DAY, shares="oldest")
    promise = promised(who, invoice)
    judge_promises(on=WEDNESDAY + timedelta(days=1))
    assert (promise.amount, outcome(promise)[0]) == (Decimal("40.00"), "broken")


def test_p02_a_payment_on_its_way_when_the_promise_was_made_keeps_it() -> None:
    who = factories.customer()
    promise = promised(who, factories.invoice(who, "100.00"))
    factories.payment(who, "100.00", received_on=DAY - timedelta(days=1), shares="oldest")
    judge_promises(on=WEDNESDAY + timedelta(days=1))
    assert outcome(promise)[0] == "kept"


def test_p02_a_credit_that_clears_the_invoice_takes_the_promise_away() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    promise = promised(who, invoice)
    issue_credit_note(entity=who.entity, customer=who, number="K1", issued_on=WEDNESDAY, total=Decimal("100.00"),
                      currency="EUR", corrects=invoice, by="test")  # fmt: skip
    judge_promises(on=WEDNESDAY + timedelta(days=1))
    assert outcome(promise) == ("kept", Decimal(0))


def test_p02_the_day_ends_in_the_zone_of_the_customer() -> None:
    east, west = factories.customer(time_zone="Asia/Tokyo"), factories.customer()
    promises = [promised(who, factories.invoice(who, "100.00")) for who in (east, west)]
    judge_promises(on=WEDNESDAY + timedelta(days=1), time_zone="Asia/Tokyo")
    assert [outcome(row)[0] for row in promises] == ["broken", "open"]


def test_p03_a_reversed_payment_does_not_keep_the_promise() -> None:
    who = factories.customer()
    promise = promised(who, factories.invoice(who, "100.00"))
    payment = factories.payment(who, "100.00", received_on=WEDNESDAY, shares="oldest")
    reverse_allocation(
        allocation=payment.allocations.get(), effective_on=WEDNESDAY, reason="charge back", actor=None, by="test"
    )
    judge_promises(on=WEDNESDAY + timedelta(days=1))
    assert outcome(promise) == ("broken", Decimal(0))


def test_d51_a_promise_for_a_bank_holiday_is_broken_after_the_next_working_day() -> None:
    good_friday, tuesday = date(2026, 4, 3), date(2026, 4, 7)
    who = factories.customer()
    promise = promised(who, factories.invoice(who, "100.00"), on=good_friday)
    judge_promises(on=tuesday)
    assert outcome(promise)[0] == "open"
    judge_promises(on=tuesday + timedelta(days=1))
    assert outcome(promise)[0] == "broken"


def test_p05_a_payer_cannot_promise_beyond_the_horizon() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    last = DAY + timedelta(days=PAYER_HORIZON_DAYS)
    with pytest.raises(BadInput, match="Choose a day up to"):
        promised(who, invoice, via="payer", on=last + timedelta(days=1))
    assert promised(who, invoice, via="payer", on=last).via == "payer"


def test_a_promise_names_a_day_to_come() -> None:
    who = factories.customer()
    with pytest.raises(BadInput) as refusal:
        promised(who, factories.invoice(who, "100.00"), on=DAY - timedelta(days=1))
    assert "promised_on" in refusal.value.fields


def test_p06_a_withdrawn_promise_stays_as_history_and_frees_its_invoice() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    promise = promised(who, invoice)
    withdraw_promise(promise=promise, closed_on=DAY, by="test")
    assert outcome(promise)[0] == "withdrawn"
    with pytest.raises(Conflict, match="already withdrawn"):
        withdraw_promise(promise=promise, closed_on=DAY, by="test")
    assert promised(who, invoice).level == 2


def test_judging_by_set_takes_as_many_queries_for_ten_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for count in (1, 10):
        for _ in range(count):
            who = factories.customer()
            promised(who, factories.invoice(who, "100.00"))
        with django_assert_num_queries(9):
            judge_promises(on=WEDNESDAY + timedelta(days=1))


def test_d51_the_grace_of_the_currency_follows_the_last_day_in_time_and_is_fixed_with_the_promise() -> None:
    CurrencyRules.objects.create(currency="EUR", promise_grace_days=2)
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    good_friday = date(2026, 4, 3)
    promise = promised(who, invoice, on=good_friday)
    CurrencyRules.objects.update(promise_grace_days=0)
    thursday = date(2026, 4, 9)
    assert judge_promises(on=thursday).total == 0
    factories.payment(who, "100.00", received_on=thursday, shares=[(invoice, None)])
    assert judge_promises(on=thursday + timedelta(days=1)).kept == 1
    assert outcome(promise) == ("kept", Decimal("100.00"))
