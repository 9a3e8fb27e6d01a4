"""What was settled by rule with a payment opens again with it, and is settled again when the money comes back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from invoices.models import Adjustment, CurrencyRules, Invoice, Refund
from invoices.queries.verify_ledger import violations
from invoices.services.allocate import unallocated
from invoices.services.charge_back import charge_back
from invoices.services.post_adjustment import post_adjustment
from invoices.services.return_payment import return_payment
from invoices.services.undo_refund import undo_refund
from tests import factories
from tests.factories import DAY
from tests.invoices.services.test_take_back import LATER, left_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tolerances() -> None:
    CurrencyRules.objects.update_or_create(
        currency="EUR",
        defaults={"under_tolerance": Decimal("0.50"), "over_tolerance": Decimal("0.50"), "approval_over": Decimal(100)},
    )


def test_d16_a_small_difference_opens_again_with_a_returned_payment() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00", number="R1")
    payment = factories.payment(who, "99.70", shares=[(invoice, Decimal("99.70"))])
    assert left_of(who, DAY) == {}
    gone = return_payment(payment=payment, returned_on=LATER, by="test")
    assert left_of(who) == {"R1": Decimal("100.00")}
    assert left_of(who, LATER - timedelta(days=1)) == {}
    undo_refund(refund=gone, on=LATER, reason="covered after all", by="test")
    assert left_of(who) == {}
    assert Adjustment.objects.count() == 2
    assert violations() == []


def test_d16_a_surplus_that_was_kept_goes_back_with_the_whole_payment() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00", number="R1")
    payment = factories.payment(who, "100.30", shares=[(invoice, Decimal("100.00"))])
    assert unallocated(payment) == 0
    charge_back(payment=payment, charged_back_on=LATER, by="test")
    assert left_of(who) == {"R1": Decimal("100.00")}
    assert Refund.objects.get(kind="chargeback").amount == Decimal("100.30")
    assert violations() == []


def test_an_early_payment_discount_is_lost_with_the_payment_that_earned_it() -> None:
    who = factories.customer()
    invoice = Invoice.objects.create(
        entity=who.entity, customer=who, number="R1", status="issued", issued_on=DAY, due_on=LATER, currency="EUR",
        total=Decimal(100), discount_percent=Decimal(2), discount_until=DAY,
    )  # fmt: skip
    payment = factories.payment(who, "98.00", shares=[(invoice, Decimal("98.00"))])
    assert left_of(who, DAY) == {}
    return_payment(payment=payment, returned_on=LATER, by="test")
    assert left_of(who) == {"R1": Decimal("100.00")}


def test_a_write_off_of_the_rest_stays() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00", number="R1")
    payment = factories.payment(who, "60.00", shares=[(invoice, Decimal("60.00"))])
    post_adjustment(
        kind=Adjustment.Kind.WRITE_OFF, entity=who.entity, customer=who, currency="EUR",
        shares=[(invoice, Decimal("40.00"))], effective_on=DAY, reason="no hope", by="test",
    )  # fmt: skip
    return_payment(payment=payment, returned_on=LATER, by="test")
    assert left_of(who) == {"R1": Decimal("60.00")}
