"""What follows by rule after a payment: discounts earned in time, and differences too small to ask for."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from collections_app.lib.errors import BadInput
from invoices.models import Adjustment, CurrencyRules, Invoice, Refund
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.discounts import DiscountFacts, allowed_discount
from invoices.services.allocate import unallocated
from invoices.services.correct_invoice import correct_invoice
from invoices.services.take_early_payment_discount import take_early_payment_discount
from tests import factories
from tests.factories import DAY
from tests.tables import table

pytestmark = pytest.mark.django_db

DISCOUNTS = table("algorithms/rounding.md", "total", "per cent", "paid in time", "currency", "discount", "still open")
SMALL = table("algorithms/allocation.md", "invoice", "paid", "short up to", "over up to", "posted", "open", "unapplied")
UNTIL = DAY + timedelta(days=10)


def rules(**tolerances: str) -> None:
    CurrencyRules.objects.create(currency="EUR", **{name: Decimal(value) for name, value in tolerances.items()})


def discounted(total: str = "100.00", percent: str = "2", **more: Any) -> Invoice:
    return factories.invoice(
        factories.customer(), total, issued_on=DAY, due_on=DAY + timedelta(days=30), discount=(Decimal(percent), UNTIL),
        **more,
    )  # fmt: skip


def left(invoice: Invoice) -> Decimal:
    return open_amount_now([invoice.pk])[invoice.pk]


@pytest.mark.parametrize(("total", "percent", "paid", "currency", "discount", "still_open"), DISCOUNTS)
def test_the_discount_is_the_percentage_of_what_was_settled_in_time(
    total: str, percent: str, paid: str, currency: str, discount: str, still_open: str
) -> None:
    facts = DiscountFacts(
        currency=currency, total=Decimal(total), percent=Decimal(percent), until=UNTIL, paid_in_time=Decimal(paid),
        open_amount=Decimal(total) - Decimal(paid),
    )  # fmt: skip
    found = allowed_discount(facts)
    assert (found, facts.open_amount - found) == (Decimal(discount), Decimal(still_open))


def test_the_documents_hold_their_tables() -> None:
    assert (len(DISCOUNTS), len(SMALL)) == (7, 6)


def test_two_ten_net_thirty_is_taken_by_itself_when_the_rest_came_in_time() -> None:
    invoice = discounted()
    factories.payment(invoice.customer, "98.00", received_on=UNTIL, shares=[(invoice, None)])
    made = Adjustment.objects.get()
    assert (made.kind, made.amount, made.effective_on) == ("early_payment_discount", Decimal("2.00"), UNTIL)
    assert left(invoice) == 0


def test_a_day_too_late_the_discount_is_gone() -> None:
    invoice = discounted()
    late = UNTIL + timedelta(days=1)
    paid = factories.payment(invoice.customer, "98.00", received_on=late, shares=[(invoice, None)])
    assert left(invoice) == Decimal("2.00")
    with pytest.raises(BadInput, match="ended on 12 Mar 2026"):
        take_early_payment_discount(invoice=invoice, payment=paid, actor=None, by="test")


def test_a_part_paid_in_time_earns_its_part_only_when_a_person_says_so() -> None:
    invoice = discounted()
    paid = factories.payment(invoice.customer, "49.00", shares=[(invoice, None)])
    assert left(invoice) == Decimal("51.00")
    made = take_early_payment_discount(invoice=invoice, payment=paid, actor=None, by="test")
    assert (made.amount, left(invoice)) == (Decimal("1.00"), Decimal("50.00"))
    with pytest.raises(BadInput, match="No discount is left"):
        take_early_payment_discount(invoice=invoice, payment=paid, actor=None, by="test")


def test_who_pays_everything_in_time_kept_nothing_back() -> None:
    invoice = discounted()
    factories.payment(invoice.customer, "100.00", shares=[(invoice, None)])
    assert not Adjustment.objects.exists()


def test_nobody_gets_a_discount_on_what_was_credited() -> None:
    invoice = discounted()
    correct_invoice(invoice=invoice, number="K1", issued_on=DAY, total=Decimal("50.00"), by="test")
    factories.payment(invoice.customer, "49.00", shares=[(invoice, None)])
    assert Adjustment.objects.get().amount == Decimal("1.00")


def test_an_invoice_without_such_terms_gives_none() -> None:
    invoice = factories.invoice(factories.customer(), due_on=DAY + timedelta(days=30))
    paid = factories.payment(invoice.customer, "98.00", shares=[(invoice, None)])
    assert left(invoice) == Decimal("2.00")
    with pytest.raises(BadInput, match="no early-payment discount"):
        take_early_payment_discount(invoice=invoice, payment=paid, actor=None, by="test")


@pytest.mark.parametrize(("total", "amount", "under", "over", "posted", "still_open", "unapplied"), SMALL)
def test_d16_a_small_difference_is_an_entry_of_its_own_with_a_reason(
    total: str, amount: str, under: str, over: str, posted: str, still_open: str, unapplied: str
) -> None:
    rules(under_tolerance=under, over_tolerance=over)
    invoice = factories.invoice(factories.customer(), total)
    paid = factories.payment(invoice.customer, amount, shares=[(invoice, None)])
    rows: list[Adjustment | Refund] = [*Adjustment.objects.all(), *Refund.objects.all()]
    found = [str(row.amount) for row in rows]
    assert found == ([f"{Decimal(posted):.4f}"] if posted else [])
    assert (left(invoice), unallocated(paid)) == (Decimal(still_open), Decimal(unapplied))
    assert all(row.reason for row in Adjustment.objects.all())


def test_a10_without_rules_for_the_currency_nothing_is_small() -> None:
    invoice = factories.invoice(factories.customer())
    factories.payment(invoice.customer, "99.99", shares=[(invoice, None)])
    assert left(invoice) == Decimal("0.01")


def test_a_surplus_is_kept_only_when_everything_it_paid_is_settled() -> None:
    rules(over_tolerance="0.05")
    invoice = factories.invoice(factories.customer())
    paid = factories.payment(invoice.customer, "50.05", shares=[(invoice, Decimal("50.00"))])
    assert unallocated(paid) == Decimal("0.05")
    assert not Refund.objects.exists()
