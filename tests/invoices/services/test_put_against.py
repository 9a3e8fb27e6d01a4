"""Money put against invoices by hand, after it was recorded: the same follows by rule as when it is recorded."""

from datetime import timedelta
from decimal import Decimal

import pytest

from invoices.models import Adjustment, CurrencyRules
from invoices.queries.open_amounts import open_amount_now
from invoices.services.put_against import put_against
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def test_d16_a_small_difference_is_settled_on_the_day_of_the_allocation() -> None:
    CurrencyRules.objects.create(currency="EUR", under_tolerance=Decimal("0.05"))
    invoice = factories.invoice(factories.customer())
    paid = factories.payment(invoice.customer, "99.99")
    later = DAY + timedelta(days=5)
    (row,) = put_against(source=paid, shares=[(invoice, None)], effective_on=later, by="test")
    assert row.effective_on == later
    assert open_amount_now([invoice.pk])[invoice.pk] == 0
    made = Adjustment.objects.get()
    assert (made.kind, made.effective_on) == ("small_difference", later)


def test_a_discount_earned_in_time_is_given_although_the_money_was_allocated_late() -> None:
    until = DAY + timedelta(days=10)
    invoice = factories.invoice(
        factories.customer(), issued_on=DAY, due_on=DAY + timedelta(days=30), discount=(Decimal(2), until)
    )
    paid = factories.payment(invoice.customer, "98.00", received_on=until)
    put_against(source=paid, shares=[(invoice, None)], effective_on=until + timedelta(days=7), by="test")
    assert open_amount_now([invoice.pk])[invoice.pk] == 0
    assert Adjustment.objects.get().kind == "early_payment_discount"
