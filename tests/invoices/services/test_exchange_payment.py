"""D22: money in another currency pays an invoice only at a stated rate of a stated day, and both amounts are kept."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer
from invoices.models import Adjustment, CurrencyRules, Exchange, Invoice, Payment
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.verify_ledger import violations
from invoices.services.allocate import allocate, unallocated
from invoices.services.exchange_payment import exchange_payment
from invoices.services.return_payment import return_payment
from invoices.services.undo_exchange import undo_exchange
from invoices.services.undo_refund import undo_refund
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db

RATE = {"currency": "USD", "rate": Decimal("1.0850"), "rate_on": DAY, "rate_source": "ECB"}


def debtor(total: str = "1085.00") -> tuple[Customer, Invoice]:
    who = factories.customer()
    return who, factories.invoice(who, total, currency="USD")


def exchanged(payment: Payment, **fields: Any) -> Exchange:
    return exchange_payment(payment=payment, **{**RATE, "by": "test", **fields})


def left(invoice: Invoice) -> Decimal:
    return open_amount_now([invoice.pk])[invoice.pk]


def test_d22_a_usd_invoice_refuses_euros() -> None:
    who, invoice = debtor()
    with pytest.raises(BadInput, match="State a rate and its date first"):
        allocate(source=factories.payment(who, "1000.00"), shares=[(invoice, None)], by="test")


@pytest.mark.parametrize("missing", [{"rate": None}, {"rate_on": None}])
def test_d22_without_a_rate_and_its_day_nothing_is_exchanged(missing: dict[str, None]) -> None:
    who, _ = debtor()
    with pytest.raises(BadInput, match="never converted silently") as refused:
        exchanged(factories.payment(who, "1000.00"), **missing)
    assert refused.value.code == "rate_missing"
    assert Payment.objects.count() == 1


def test_d22_both_amounts_the_rate_its_day_and_its_source_are_kept() -> None:
    who, invoice = debtor()
    payment = factories.payment(who, "1000.00", reference="RF18")
    made = exchanged(payment, shares=[(invoice, None)])
    assert (payment.amount, payment.currency, unallocated(payment)) == (Decimal(1000), "EUR", Decimal(0))
    assert (made.payment.amount, made.payment.currency, made.payment.method) == (Decimal(1085), "USD", "exchange")
    assert (made.refund.amount, made.refund.currency, made.refund.kind) == (Decimal(1000), "EUR", "exchange")
    assert (made.rate, made.rate_on, made.rate_source) == (Decimal("1.0850"), DAY, "ECB")
    assert (made.payment.received_on, made.refund.paid_on, made.payment.reference) == (DAY, DAY, "RF18")
    assert left(invoice) == 0
    assert violations() == []


def test_the_converted_amount_is_rounded_once() -> None:
    who, _ = debtor()
    made = exchanged(factories.payment(who, "33.33"), rate=Decimal("1.0849999999"))
    assert made.payment.amount == Decimal("36.16")
    yen = exchanged(factories.payment(who, "33.33"), currency="JPY", rate=Decimal("161.237"))
    assert yen.payment.amount == Decimal("5374")


@pytest.mark.parametrize("rate", ["0", "-1.08", "NaN", "Infinity", "1E+11", "1.08500000001"])
def test_what_is_no_rate_is_refused(rate: str) -> None:
    who, _ = debtor()
    with pytest.raises(BadInput) as refused:
        exchanged(factories.payment(who, "100.00"), rate=Decimal(rate))
    assert refused.value.code == "bad_rate"


@pytest.mark.parametrize("currency", ["EUR", "XX", "", "usd"])
def test_it_must_be_another_currency(currency: str) -> None:
    who, _ = debtor()
    with pytest.raises(BadInput):
        exchanged(factories.payment(who, "100.00"), currency=currency)


def test_only_what_is_unapplied_can_be_exchanged() -> None:
    who, _ = debtor()
    payment = factories.payment(who, "100.00", shares=[(factories.invoice(who, "70.00"), None)])
    with pytest.raises(Conflict):
        exchanged(payment, amount=Decimal("30.01"))
    assert exchanged(payment).refund.amount == Decimal("30.00")
    with pytest.raises(Conflict, match="Nothing of this payment is unapplied"):
        exchanged(payment)


def test_a_refused_invoice_leaves_nothing_behind() -> None:
    who, _ = debtor()
    with pytest.raises(BadInput):
        exchanged(factories.payment(who, "100.00"), shares=[(factories.invoice(who, "70.00"), None)])
    assert not Exchange.objects.exists()
    assert Payment.objects.count() == 1


def test_d22_the_rest_is_written_off_as_an_exchange_difference_on_demand(cast: Any) -> None:
    CurrencyRules.objects.create(currency="USD", approval_over=Decimal(100))
    who, invoice = debtor("1086.20")
    exchanged(factories.payment(who, "1000.00"), shares=[(invoice, None)], write_off_rest_by=cast.accountant)
    difference = Adjustment.objects.get()
    assert (difference.kind, difference.amount, difference.currency) == ("exchange_difference", Decimal("1.20"), "USD")
    assert left(invoice) == 0


def test_d22_a_rest_that_rates_do_not_explain_is_refused_and_nothing_is_exchanged(cast: Any) -> None:
    who, invoice = debtor("1500.00")
    with pytest.raises(BadInput, match="no difference of rates"):
        exchanged(factories.payment(who, "1000.00"), shares=[(invoice, None)], write_off_rest_by=cast.accountant)
    assert not Exchange.objects.exists()


def test_an_exchange_is_undone_as_a_whole() -> None:
    who, invoice = debtor()
    payment = factories.payment(who, "1000.00")
    made = exchanged(payment, shares=[(invoice, None)])
    later = DAY + timedelta(days=3)
    with pytest.raises(BadInput, match="Undo the exchange instead"):
        undo_refund(refund=made.refund, on=later, reason="slip", by="test")
    undo_exchange(exchange=made, on=later, reason="wrong rate", by="test")
    assert (left(invoice), unallocated(payment), unallocated(made.payment)) == (
        Decimal(1085),
        Decimal(1000),
        Decimal(0),
    )
    assert violations() == []
    with pytest.raises(Conflict):
        undo_exchange(exchange=made, on=later, reason="again", by="test")


def test_money_that_was_exchanged_cannot_be_returned_before_the_exchange_is_undone() -> None:
    who, invoice = debtor()
    payment = factories.payment(who, "1000.00")
    exchanged(payment, shares=[(invoice, None)])
    with pytest.raises(Conflict, match="still here"):
        return_payment(payment=payment, returned_on=date(2026, 4, 1), by="test")


@pytest.mark.parametrize("change", ["UPDATE invoices_exchange SET rate = 2", "DELETE FROM invoices_exchange"])
def test_d18_an_exchange_cannot_be_changed_by_raw_sql(change: str) -> None:
    who, _ = debtor()
    exchanged(factories.payment(who, "1000.00"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Exchange.objects.get().rate == Decimal("1.0850")
