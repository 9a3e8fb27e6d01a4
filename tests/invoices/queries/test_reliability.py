"""Reliability by set: what judged promises say per customer, merged accounts and other currencies included (K7)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from customers.models import Customer
from invoices.models import ExchangeRate
from invoices.queries.reliability import reliability_of
from invoices.services.judge_promises import judge_promises
from invoices.services.make_promise import make_promise
from invoices.services.withdraw_promise import withdraw_promise
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db

ON = DAY + timedelta(days=30)


def promise(who: Customer, amount: str, *, pays: str = "0", withdrawn: bool = False, currency: str = "EUR") -> None:
    invoice = factories.invoice(who, amount, currency=currency)
    due = DAY + timedelta(days=2)
    made = make_promise(customer=who, items=[(invoice, None)], promised_on=due, made_on=DAY, by="test")
    if Decimal(pays):
        factories.payment(who, pays, currency=currency, received_on=due, shares=[(invoice, None)])
    if withdrawn:
        withdraw_promise(promise=made, closed_on=DAY)


def test_k07_kept_partly_kept_and_broken_count_and_withdrawn_does_not() -> None:
    who = factories.customer()
    promise(who, "100.00", pays="100.00")
    promise(who, "100.00", pays="25.00")
    promise(who, "100.00")
    promise(who, "900.00", withdrawn=True)
    judge_promises(on=DAY + timedelta(days=3))
    found = reliability_of([who.pk], on=ON)[who.pk]
    assert (found.kept, found.partly_kept, found.broken) == (1, 1, 1)
    assert (found.by_number, found.by_amount) == (Decimal(1) / 3, Decimal(125) / 300)
    assert reliability_of([who.pk], on=DAY) == {}


def test_i12_amounts_in_another_currency_count_at_the_rate_of_the_day() -> None:
    ExchangeRate.objects.create(base="EUR", quote="USD", on=ON, rate=Decimal(2), source="test")
    who = factories.customer()
    promise(who, "100.00", pays="100.00")
    promise(who, "100.00", pays="100.00")
    promise(who, "200.00", currency="USD")
    judge_promises(on=DAY + timedelta(days=3))
    assert reliability_of(None, on=ON)[who.pk].by_amount == Decimal(200) / 300


def test_reliability_takes_one_statement_whatever_the_number_of_customers(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(4):
        promise(factories.customer(), "10.00")
    judge_promises(on=DAY + timedelta(days=3))
    with django_assert_num_queries(1):
        assert len(reliability_of(None, on=ON)) == 4
