"""Money for an invoice that was written off, and what exchange rates leave open."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from collections_app.accounts.roles import Role
from collections_app.lib.errors import BadInput, Conflict
from invoices.models import Adjustment, CurrencyRules, Invoice, Payment
from invoices.queries.open_amounts import open_amount_now, open_invoices
from invoices.services.allocate import unallocated
from invoices.services.approve import approve
from invoices.services.post_adjustment import post_adjustment
from invoices.services.recover_write_off import recover_write_off
from invoices.services.request_approval import request_approval
from invoices.services.write_off_exchange_difference import write_off_exchange_difference
from tests import factories
from tests.factories import DAY
from tests.tables import table

pytestmark = pytest.mark.django_db

STEPS = table("algorithms/allocation.md", "day", "done", "open", "written off", "paid")


def written_off(invoice: Invoice, amount: str) -> Adjustment:
    """Approved by a second person, for there are no rules for the currency."""
    request = request_approval(
        kind="write_off", entity=invoice.entity, customer=invoice.customer, currency=invoice.currency,
        shares=[(invoice, Decimal(amount))], effective_on=DAY, reason="Insolvent",
        actor=factories.user(Role.ACCOUNTANT),
    )  # fmt: skip
    return approve(approval=request, actor=factories.user(Role.MANAGER))


def standing(invoice: Invoice, kind: str, as_of: Any) -> Decimal:
    rows = invoice.allocations.filter(effective_on__lte=as_of, **{f"{kind}__isnull": False})
    return sum((row.amount for row in rows), Decimal(0))


def test_the_worked_recovery_comes_out_and_stays_as_it_was() -> None:
    assert len(STEPS) == 4
    days = [DAY + timedelta(days=int(day)) for day, *_ in STEPS]
    invoice = factories.invoice(factories.customer(), "1000.00", issued_on=DAY, due_on=DAY)
    first = written_off(invoice, "1000.00")
    paid = factories.payment(invoice.customer, "300.00", received_on=days[2])
    rest = recover_write_off(write_off=first, payment=paid, actor=None, by="test")
    assert rest is not None
    last = factories.payment(invoice.customer, "800.00", received_on=days[3])
    assert recover_write_off(write_off=rest, payment=last, actor=None, by="test") is None
    assert unallocated(last) == Decimal("100.00")
    for day, (_, _, still_open, off, money) in zip(days[1:], STEPS[1:], strict=True):
        found: Any = open_invoices(customer_id=invoice.customer_id, as_of=day).first()
        assert (found.open_amount if found else 0) == Decimal(still_open), day
        assert standing(invoice, "adjustment", day) == Decimal(off)
        assert standing(invoice, "payment", day) == Decimal(money)


def test_recovering_twice_or_recovering_a_discount_is_refused() -> None:
    invoice = factories.invoice(factories.customer(), "100.00")
    first = written_off(invoice, "100.00")
    paid = factories.payment(invoice.customer, "30.00")
    recover_write_off(write_off=first, payment=paid, actor=None, by="test")
    with pytest.raises(Conflict, match="already undone"):
        recover_write_off(write_off=first, payment=paid, actor=None, by="test")
    other = factories.invoice(invoice.customer, "1.00")
    small = post_adjustment(
        kind="small_difference", entity=other.entity, customer=other.customer, currency="EUR",
        shares=[(other, Decimal("1.00"))], effective_on=DAY, reason="Cents", by="test",
    )  # fmt: skip
    with pytest.raises(BadInput, match="Only a write-off or settlement"):
        recover_write_off(write_off=small, payment=paid, actor=None, by="test")


def exchanged(invoice: Invoice, amount: str) -> Payment:
    return factories.payment(invoice.customer, amount, shares=[(invoice, None)], method=Payment.Method.EXCHANGE)


def test_d22_the_rest_after_an_exchange_is_written_off_within_reason() -> None:
    CurrencyRules.objects.create(currency="EUR", approval_over=Decimal(100))
    invoice = factories.invoice(factories.customer(), "100.00")
    exchanged(invoice, "96.00")
    person = factories.user(Role.ACCOUNTANT)
    made = write_off_exchange_difference(invoice=invoice, effective_on=DAY, actor=person)
    assert isinstance(made, Adjustment)
    assert (made.kind, made.amount) == ("exchange_difference", Decimal("4.00"))
    assert open_amount_now([invoice.pk])[invoice.pk] == 0


def test_d22_a_rest_that_rates_do_not_explain_is_refused() -> None:
    invoice = factories.invoice(factories.customer(), "100.00")
    exchanged(invoice, "90.00")
    person = factories.user(Role.ACCOUNTANT)
    with pytest.raises(BadInput, match="no difference of rates"):
        write_off_exchange_difference(invoice=invoice, effective_on=DAY, actor=person)
    plain = factories.invoice(invoice.customer, "1.00")
    with pytest.raises(BadInput, match="no difference of rates"):
        write_off_exchange_difference(invoice=plain, effective_on=DAY, actor=person)
