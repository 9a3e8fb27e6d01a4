"""The balance of an account whose invoice falls due in instalments."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers.services.merge_customers import merge_customers
from invoices.queries.balance import balances
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def test_a06_only_the_late_instalments_are_overdue() -> None:
    who = factories.customer()
    due = [(DAY - timedelta(days=10), Decimal(40)), (DAY + timedelta(days=20), Decimal(60))]
    factories.invoice(who, "100", due_on=due[-1][0], issued_on=DAY - timedelta(days=40), instalments=due)
    factories.payment(who, "15", shares="oldest")
    (balance,) = balances(customer_id=who.pk, as_of=DAY)
    assert (balance.open, balance.overdue) == (Decimal(85), Decimal(25))


def test_the_balance_of_a_merged_account_is_of_both() -> None:
    gone, stays = factories.customer(), factories.customer()
    factories.invoice(gone, "40", due_on=DAY - timedelta(days=1))
    factories.invoice(stays, "60", due_on=DAY + timedelta(days=1), issued_on=DAY - timedelta(days=5))
    factories.payment(gone, "5", received_on=DAY)
    merge_customers(absorbed=gone, survivor=stays, merged_on=DAY, on=DAY, reason="One company", actor=None)
    (balance,) = balances(customer_id=stays.pk, as_of=DAY)
    assert (balance.open, balance.overdue, balance.unapplied) == (Decimal(100), Decimal(40), Decimal(5))
