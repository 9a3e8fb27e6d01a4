"""Money that was taken back and is put elsewhere: no past day may show it in two places (A2)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from collections_app.lib.errors import BadInput
from invoices.models import Invoice, Payment
from invoices.queries.open_amounts import with_open_amount, with_unapplied
from invoices.services.allocate import allocate
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.reverse_allocation import reverse_allocation
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db

BETWEEN, LATER = DAY + timedelta(days=10), DAY + timedelta(days=20)
NOTHING, ALL = Decimal(0), Decimal(100)


def open_on(invoice: Invoice, day: date) -> Decimal:
    found: Decimal = with_open_amount(Invoice.objects.filter(pk=invoice.pk), as_of=day).get().open_amount  # type: ignore[attr-defined]
    return found


def unapplied_on(payment: Payment, day: date) -> Decimal:
    found: Decimal = with_unapplied(Payment.objects.filter(pk=payment.pk), as_of=day).get().open_amount  # type: ignore[attr-defined]
    return found


def taken_back(invoice: Invoice) -> Payment:
    """A payment of the whole invoice on DAY that was taken back on LATER."""
    payment = factories.payment(invoice.customer, invoice.total, shares=[(invoice, None)])
    reverse_allocation(allocation=payment.allocations.get(), effective_on=LATER, reason="wrong invoice", actor=None)
    return payment


def test_a02_money_put_elsewhere_later_was_not_there_before() -> None:
    who = factories.customer()
    wrong, right = factories.invoice(who), factories.invoice(who)
    payment = taken_back(wrong)
    (made,) = allocate(source=payment, shares=[(right, None)], by="test")
    assert made.effective_on == LATER
    assert [open_on(wrong, BETWEEN), open_on(right, BETWEEN), unapplied_on(payment, BETWEEN)] == [NOTHING, ALL, NOTHING]
    assert [open_on(wrong, LATER), open_on(right, LATER), unapplied_on(payment, LATER)] == [ALL, NOTHING, NOTHING]


def test_a02_an_invoice_is_not_paid_twice_on_a_day_gone_by() -> None:
    who = factories.customer()
    invoice = factories.invoice(who)
    taken_back(invoice)
    second = factories.payment(who, "100.00", received_on=DAY + timedelta(days=1), shares="oldest")
    assert second.allocations.get().effective_on == LATER
    assert [open_on(invoice, BETWEEN), unapplied_on(second, BETWEEN)] == [NOTHING, ALL]


def test_a02_a_credit_note_of_an_earlier_day_counts_from_the_day_the_invoice_was_open_again() -> None:
    who = factories.customer()
    invoice = factories.invoice(who)
    taken_back(invoice)
    note = issue_credit_note(
        entity=who.entity, customer=who, number="K1", issued_on=DAY, total=Decimal(100), currency="EUR",
        corrects=invoice, by="test",
    )  # fmt: skip
    assert note.allocations.get().effective_on == LATER


@pytest.mark.parametrize("day", [DAY - timedelta(days=1), BETWEEN])
def test_a02_a_day_before_the_money_was_free_cannot_be_stated(day: date) -> None:
    who = factories.customer()
    invoice = factories.invoice(who)
    payment = taken_back(invoice)
    with pytest.raises(BadInput, match="before 22 Mar 2026") as refused:
        allocate(source=payment, shares=[(invoice, None)], effective_on=day, by="test")
    assert refused.value.code == "effective_too_early"
