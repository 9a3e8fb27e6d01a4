"""The laws of adjustments, exchanges and refunds, broken by raw SQL as the program's role: each attempt must fail."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from collections_app.accounts.roles import Role
from invoices.models import Adjustment, Exchange, ExchangeRate, Invoice, Payment, Refund
from invoices.services.approve import approve
from invoices.services.request_approval import request_approval
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def written_off(total: str = "100.00") -> Adjustment:
    invoice = factories.invoice(factories.customer(), total)
    request = request_approval(
        kind="write_off", entity=invoice.entity, customer=invoice.customer, currency="EUR",
        shares=[(invoice, Decimal("40.00"))], effective_on=DAY, reason="Insolvent",
        actor=factories.user(Role.ACCOUNTANT),
    )  # fmt: skip
    return approve(approval=request, actor=factories.user(Role.MANAGER))


def exchanged() -> Exchange:
    who = factories.customer()
    refund = Refund.objects.create(
        entity=who.entity, customer=who, kind="exchange", currency="EUR", amount=Decimal(90), paid_on=DAY
    )
    paid = Payment.objects.create(
        entity=who.entity, customer=who, currency="USD", amount=Decimal(100), received_on=DAY, method="exchange"
    )
    return Exchange.objects.create(refund=refund, payment=paid, rate=Decimal("1.1111"), rate_on=DAY, rate_source="ECB")


def refused(sql: str, values: list[Any]) -> str:
    """What the database says to the statement."""
    with pytest.raises(DatabaseError) as said:
        tried(sql, values)
    return str(said.value)


@transaction.atomic
def tried(sql: str, values: list[Any]) -> None:
    """The statement, and then the laws that wait for the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize(
    "table", ["invoices_adjustment", "invoices_refund", "invoices_exchange", "invoices_exchangerate"]
)
def test_d18_posted_rows_refuse_update_delete_and_truncate(table: str, verb: str) -> None:
    written_off()
    exchanged()
    ExchangeRate.objects.create(base="EUR", quote="USD", on=DAY, rate=Decimal("1.1"), source="ECB")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert "Cannot" in refused(verb.format(table), [])


@pytest.mark.parametrize(
    ("law", "changes"),
    [
        ("adjustment_amount_positive", {"amount": Decimal(0)}),
        ("adjustment_amount_positive", {"amount": Decimal(-1)}),
        ("adjustment_has_a_reason", {"reason": ""}),
        ("adjustment_currency_code", {"currency": "eur"}),
    ],
)
def test_d18_an_adjustment_that_cannot_be_is_refused(law: str, changes: dict[str, Any]) -> None:
    who = factories.customer()
    row = {"entity_id": who.entity_id, "customer_id": who.pk, "kind": "write_off", "currency": "EUR",
           "amount": Decimal(1), "effective_on": DAY, "reason": "Old", **changes}  # fmt: skip
    marks = ", ".join(["%s"] * len(row))
    assert law in refused(f"INSERT INTO invoices_adjustment ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def allocated(adjustment: Adjustment, invoice: Invoice, **changes: Any) -> str:
    row = {"customer_id": adjustment.customer_id, "adjustment_id": adjustment.pk, "invoice_id": invoice.pk,
           "currency": "EUR", "amount": Decimal(1), "effective_on": DAY, **changes}  # fmt: skip
    marks = ", ".join(["%s"] * len(row))
    return refused(f"INSERT INTO invoices_allocation ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def test_d18_no_more_than_the_adjustment_is_allocated() -> None:
    made = written_off()
    assert "would exceed the adjustment" in allocated(made, factories.invoice(made.customer))


def test_d18_an_adjustment_stays_with_its_customer_currency_and_entity() -> None:
    made = written_off()
    foreign = factories.invoice(factories.customer())
    assert "customer and currency must be the same" in allocated(made, foreign)
    dollars = factories.invoice(made.customer, currency="USD")
    assert "customer and currency must be the same" in allocated(made, dollars, currency="USD")
    elsewhere = factories.invoice(made.customer, entity=factories.entity("NL01"))
    assert "legal entity must be the same" in allocated(made, elsewhere)


def test_d18_an_allocation_has_one_source() -> None:
    made = written_off()
    paid = factories.payment(made.customer, "10.00")
    invoice = factories.invoice(made.customer)
    assert "allocation_one_source" in allocated(made, invoice, payment_id=paid.pk)
    assert "allocation_one_source" in allocated(made, invoice, adjustment_id=None)


@pytest.mark.parametrize("amount", ["39.99", "40.01"])
def test_d18_what_is_posted_is_what_was_approved(amount: str) -> None:
    invoice = factories.invoice(factories.customer())
    request = request_approval(
        kind="write_off", entity=invoice.entity, customer=invoice.customer, currency="EUR",
        shares=[(invoice, Decimal("40.00"))], effective_on=DAY, reason="Insolvent",
        actor=factories.user(Role.ACCOUNTANT),
    )  # fmt: skip
    sql = (
        "INSERT INTO invoices_adjustment (entity_id, customer_id, kind, currency, amount, effective_on, reason,"
        " approval_id) VALUES (%s, %s, 'write_off', 'EUR', %s, %s, 'x', %s)"
    )
    values = [invoice.entity_id, invoice.customer_id, Decimal("40.00"), DAY, request.pk]
    assert "is not for this posting" in refused(sql, values), "nobody approved it yet"
    request.state, request.decided_by = "posted", factories.user(Role.MANAGER)
    request.decided_at = timezone.now()
    request.save()
    assert "is not for this posting" in refused(sql, [*values[:2], Decimal(amount), *values[3:]])


def test_d18_one_approval_posts_once() -> None:
    made = written_off()
    who = made.customer
    said = refused(
        "INSERT INTO invoices_adjustment (entity_id, customer_id, kind, currency, amount, effective_on, reason,"
        " approval_id) VALUES (%s, %s, 'write_off', 'EUR', 40, %s, 'Again', %s)",
        [who.entity_id, who.pk, DAY, made.approval_id],
    )
    assert "approval_id" in said
