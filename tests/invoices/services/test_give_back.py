"""Refunds of unapplied cash and open credit: never more than there is, never twice, never on a day it lay elsewhere."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput, Conflict
from invoices.models import Allocation, CreditNote, Payment, Refund
from invoices.queries.verify_ledger import violations
from invoices.services.allocate import allocate, unallocated
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.refund_credit import refund_credit
from invoices.services.refund_payment import refund_payment
from invoices.services.reverse_allocation import reverse_allocation
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def credit(total: str = "70.00") -> CreditNote:
    who = factories.customer()
    return issue_credit_note(
        entity=who.entity, customer=who, number="K1", issued_on=DAY, total=Decimal(total), currency="EUR", by="test"
    )


def refund(payment: Payment, amount: str, **fields: object) -> Refund:
    return refund_payment(**{"payment": payment, "amount": Decimal(amount), "paid_on": DAY, "by": "test", **fields})  # type: ignore[arg-type]


def test_unapplied_cash_is_paid_back() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "80.00")
    payment = factories.payment(who, "100.00", shares=[(invoice, None)])
    made = refund(payment, "15.00", reference="B-7", reason="paid twice")
    assert (made.kind, made.amount, made.paid_on, made.reference) == ("refund", Decimal("15.00"), DAY, "B-7")
    assert unallocated(payment) == Decimal("5.00")
    assert AuditEntry.objects.get(action="refund.made").payload["reason"] == "paid twice"
    assert violations() == []


def test_open_credit_is_paid_back() -> None:
    note = credit()
    refund_credit(credit_note=note, amount=Decimal("70.00"), paid_on=DAY, by="test")
    assert unallocated(note) == 0
    with pytest.raises(Conflict):
        refund_credit(credit_note=note, amount=Decimal("0.01"), paid_on=DAY, by="test")


def test_what_invoices_took_cannot_be_paid_back_by_itself() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "80.00")
    payment = factories.payment(who, "100.00", shares=[(invoice, None)])
    with pytest.raises(Conflict, match=r"Only EUR.20\.00 of this are unapplied"):
        refund(payment, "20.01")
    assert not Refund.objects.exists()


@pytest.mark.parametrize("amount", ["0", "-1.00"])
def test_an_amount_must_be_above_zero(amount: str) -> None:
    payment = factories.payment(factories.customer(), "100.00")
    with pytest.raises(BadInput, match="above zero"):
        refund(payment, amount)


def test_a02_money_cannot_go_out_on_a_day_on_which_it_lay_elsewhere() -> None:
    who = factories.customer()
    payment = factories.payment(who, "100.00", shares=[(factories.invoice(who, "100.00"), None)])
    later = DAY + timedelta(days=9)
    reverse_allocation(allocation=payment.allocations.get(), effective_on=later, reason="slip", actor=None, by="test")
    with pytest.raises(BadInput, match="before 11 Mar 2026") as refused:
        refund(payment, "100.00", paid_on=later - timedelta(days=1))
    assert refused.value.code == "refund_too_early"
    assert refund(payment, "100.00", paid_on=later).paid_on == later


def test_money_cannot_go_out_before_it_came() -> None:
    payment = factories.payment(factories.customer(), "100.00")
    with pytest.raises(BadInput):
        refund(payment, "1.00", paid_on=DAY - timedelta(days=1))


def test_what_an_invoice_of_a_later_day_will_take_cannot_go_out_now() -> None:
    who = factories.customer()
    payment = factories.payment(who, "100.00")
    later = DAY + timedelta(days=9)
    allocate(source=payment, shares=[(factories.invoice(who, "60.00", issued_on=later, due_on=later), None)], by="test")
    with pytest.raises(Conflict):
        refund(payment, "41.00")
    assert refund(payment, "40.00").amount == 40


def test_w04_the_same_provider_refund_twice_is_one_row() -> None:
    payment = factories.payment(factories.customer(), "100.00")
    first, again = (refund(payment, "30.00", provider="test", provider_refund_id="tr_1") for _ in range(2))
    assert first.pk == again.pk
    assert unallocated(payment) == Decimal("70.00")


def test_w04_a_provider_refund_that_comes_again_with_another_amount_is_told_and_not_swallowed() -> None:
    payment = factories.payment(factories.customer(), "100.00")
    refund(payment, "30.00", provider="test", provider_refund_id="tr_1")
    with pytest.raises(Conflict, match=r"Refund tr_1 is recorded already, with EUR.30\.00 on 2 Mar 2026") as refused:
        refund(payment, "20.00", provider="test", provider_refund_id="tr_1")
    assert refused.value.code == "refund_differs"
    other = factories.payment(factories.customer(), "100.00")
    with pytest.raises(Conflict):
        refund(other, "30.00", provider="test", provider_refund_id="tr_1")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE invoices_refund SET amount = 1",
        "DELETE FROM invoices_refund",
        "TRUNCATE invoices_refund CASCADE",
        """INSERT INTO invoices_refund (entity_id, customer_id, currency, amount, paid_on)
           SELECT entity_id, customer_id, currency, 0, paid_on FROM invoices_refund""",
        """INSERT INTO invoices_refund
           (entity_id, customer_id, currency, amount, paid_on, provider, provider_refund_id)
           SELECT entity_id, customer_id, currency, 9, paid_on, 'test', 'tr_1' FROM invoices_refund""",
        """INSERT INTO invoices_allocation (customer_id, payment_id, refund_id, currency, amount, effective_on)
           SELECT customer_id, payment_id, refund_id, currency, 1, effective_on FROM invoices_allocation""",
    ],
)
def test_d18_the_database_keeps_its_laws_against_raw_sql(change: str) -> None:
    payment = factories.payment(factories.customer(), "100.00")
    refund(payment, "30.00", provider="test", provider_refund_id="tr_1")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Refund.objects.get().amount == 30


@pytest.mark.django_db(transaction=True)
def test_d02_twenty_connections_that_refund_one_payment_never_pay_out_more_than_it() -> None:
    payment = factories.payment(factories.customer(), "100.00")
    barrier = Barrier(20)

    def grab(number: int) -> str:
        barrier.wait(timeout=30)
        try:
            refund(payment, "30.00", reference=str(number))
        except Conflict:
            return "refused"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(grab, range(20)))
    assert results.count("won") == 3
    assert unallocated(payment) == Decimal("10.00")
    assert Refund.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_d02_twenty_raw_connections_never_pay_out_more_than_the_payment() -> None:
    payment = factories.payment(factories.customer(), "100.00")
    barrier = Barrier(20)

    def grab(_: int) -> str:
        barrier.wait(timeout=30)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "WITH made AS (INSERT INTO invoices_refund (entity_id, customer_id, currency, amount, paid_on) "
                    "VALUES (%s, %s, 'EUR', 30, %s) RETURNING id) INSERT INTO invoices_allocation "
                    "(customer_id, payment_id, refund_id, currency, amount, effective_on) "
                    "SELECT %s, %s, id, 'EUR', 30, %s FROM made",
                    [payment.entity_id, payment.customer_id, DAY, payment.customer_id, payment.pk, DAY],
                )
        except DatabaseError:
            return "refused"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(grab, range(20)))
    assert results.count("won") == 3
    assert Allocation.objects.filter(payment=payment).count() == 3
