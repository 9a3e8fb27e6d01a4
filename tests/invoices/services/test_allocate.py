"""Allocating money: the service's answers and the database's laws behind them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer
from invoices.models import Allocation, Invoice
from invoices.queries.open_amounts import open_invoices
from invoices.services.allocate import allocate, unallocated
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.reverse_allocation import reverse_allocation
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def left_of(who: Customer, as_of: date = DAY) -> dict[int, Decimal]:
    return {row.pk: row.open_amount for row in open_invoices(customer_id=who.pk, as_of=as_of)}  # type: ignore[attr-defined]


def open_total(who: Customer, as_of: date = DAY) -> Decimal:
    return sum(left_of(who, as_of).values(), Decimal(0))


def test_d15_a_hundred_over_three_invoices_and_back_is_exact() -> None:
    who = factories.customer()
    invoices = [factories.invoice(who, total) for total in ("33.33", "33.33", "33.34")]
    payment = factories.payment(who, "100.00", shares=[(invoice, None) for invoice in invoices])
    assert open_total(who) == 0
    for row in list(payment.allocations.all()):
        reverse_allocation(allocation=row, effective_on=DAY, reason="wrong customer", actor=None, by="test")
    assert open_total(who) == Decimal("100.00")
    assert payment.allocations.count() == 6
    assert unallocated(payment) == Decimal("100.00")


def test_d16_an_overpayment_stays_as_unapplied_cash() -> None:
    who = factories.customer()
    factories.invoice(who, "80.00")
    payment = factories.payment(who, "100.00", shares="oldest")
    assert open_total(who) == 0
    assert unallocated(payment) == Decimal("20.00")


def test_d21_a_credit_note_larger_than_its_invoice_leaves_open_credit() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "50.00")
    note = issue_credit_note(
        entity=who.entity, customer=who, number="K1", issued_on=DAY, total=Decimal("70.00"), currency="EUR",
        corrects=invoice, by="test",
    )  # fmt: skip
    assert open_total(who) == 0
    assert unallocated(note) == Decimal("20.00")


def test_a02_reversing_later_leaves_the_past_as_it_was() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "50.00")
    payment = factories.payment(who, "50.00", shares=[(invoice, None)])
    reverse_allocation(
        allocation=payment.allocations.get(),
        effective_on=DAY + timedelta(days=9),
        reason="bounced",
        actor=None,
        by="test",
    )
    assert open_total(who, DAY + timedelta(days=8)) == 0
    assert open_total(who, DAY + timedelta(days=9)) == Decimal("50.00")


def test_a06_oldest_due_is_paid_first() -> None:
    who = factories.customer()
    young = factories.invoice(who, "60.00", due_on=DAY)
    old = factories.invoice(who, "60.00", due_on=DAY - timedelta(days=5))
    factories.payment(who, "70.00", shares="oldest")
    left = left_of(who)
    assert left == {young.pk: Decimal("50.00")}
    assert old.pk not in left


def test_too_much_is_a_conflict_with_fresh_figures() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "50.00")
    payment = factories.payment(who, "40.00")
    with pytest.raises(Conflict, match=r"EUR.50\.00 of invoice .* EUR.40\.00"):
        allocate(source=payment, shares=[(invoice, Decimal("45.00"))], by="test")


def test_d22_another_currency_is_refused_without_a_rate() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "50.00", currency="USD")
    payment = factories.payment(who, "50.00")
    with pytest.raises(BadInput, match="rate and its date"):
        allocate(source=payment, shares=[(invoice, None)], by="test")


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("allocation_within_payment", {"amount": "100.01"}),
        ("allocation_within_invoice", {"amount": "80.01"}),
        ("allocation_same_customer_and_currency", {"currency": "USD"}),
        ("allocation_same_customer_and_currency", {"customer": "other"}),
        ("allocation_sign", {"amount": "-1.00"}),
    ],
)
def test_the_database_refuses_raw_sql_that_breaks_a_law(law: str, change: dict[str, str]) -> None:
    who, other = factories.customer(), factories.customer()
    invoice = factories.invoice(who, "100.00" if change.get("amount") == "100.01" else "80.00")
    factories.invoice(who, "1.00")
    payment = factories.payment(who, "100.00")
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO invoices_allocation (customer_id, payment_id, invoice_id, currency, amount, effective_on) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [
                other.pk if change.get("customer") else who.pk,
                payment.pk,
                invoice.pk,
                change.get("currency", "EUR"),
                Decimal(change.get("amount", "10.00")),
                DAY,
            ],
        )
    assert isinstance(refused.value.__cause__, psycopg2.Error)
    assert refused.value.__cause__.diag.constraint_name == law


@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id WHERE id = {}", "DELETE FROM {} WHERE id = {}"])
@pytest.mark.parametrize("table", ["invoices_payment", "invoices_allocation", "invoices_invoice", "audit_auditentry"])
def test_d18_posted_rows_refuse_update_and_delete(table: str, verb: str) -> None:
    who = factories.customer()
    factories.invoice(who, "50.00")
    factories.payment(who, "50.00", shares="oldest")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {table}")
        pk = cursor.fetchone()[0]
        with pytest.raises(DatabaseError, match=r"Cannot (update|delete) rows"), transaction.atomic():
            cursor.execute(verb.format(table, pk))


@pytest.mark.django_db(transaction=True)
def test_d02_twenty_connections_race_for_one_payment() -> None:
    who = factories.customer()
    invoices = [factories.invoice(who, "30.00") for _ in range(20)]
    payment = factories.payment(who, "100.00")
    barrier = Barrier(20)

    def grab(invoice: Invoice) -> str:
        try:
            barrier.wait(timeout=20)
            allocate(source=payment, shares=[(invoice, Decimal("30.00"))], by="test")
        except Conflict:
            return "conflict"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(grab, invoices))
    assert results.count("won") == 3
    assert unallocated(payment) == Decimal("10.00")


@pytest.mark.django_db(transaction=True)
def test_d02_twenty_raw_connections_never_exceed_the_payment() -> None:
    who = factories.customer()
    invoices = [factories.invoice(who, "30.00") for _ in range(20)]
    payment = factories.payment(who, "100.00")
    barrier = Barrier(20)

    def grab(invoice: Invoice) -> str:
        barrier.wait(timeout=20)
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO invoices_allocation "
                    "(customer_id, payment_id, invoice_id, currency, amount, effective_on) "
                    "VALUES (%s, %s, %s, 'EUR', 30, %s)",
                    [who.pk, payment.pk, invoice.pk, DAY],
                )
        except DatabaseError:
            return "refused"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(grab, invoices))
    assert results.count("won") == 3
    assert Allocation.objects.filter(payment=payment).count() == 3
