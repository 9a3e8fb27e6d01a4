"""The laws of exchanges and of what gives way to refunds: kept by the database, and proved when it was away."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from invoices.models import Allocation, Displacement, Exchange, Payment, Refund
from invoices.queries.verify_ledger import violations
from invoices.services.charge_back import charge_back
from invoices.services.exchange_payment import exchange_payment
from tests import factories
from tests.factories import DAY
from tests.invoices.queries.test_verify_ledger import as_superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund() -> Refund:
    """Money for an exchange that is not tied to its other end yet, and a payment that was charged back in part."""
    who = factories.customer()
    invoice = factories.invoice(who, "60.00")
    paid = factories.payment(who, "60.00", shares=[(invoice, None)])
    charge_back(payment=paid, amount=Decimal(20), charged_back_on=DAY, by="test")
    euros = factories.payment(who, "100.00")
    exchange_payment(payment=euros, currency="USD", rate=Decimal("1.10"), rate_on=DAY, by="test")
    loose = Refund.objects.create(
        entity=who.entity, customer=who, kind="exchange", currency="EUR", amount=Decimal(10), paid_on=DAY
    )
    Allocation.objects.create(
        customer=who, payment=factories.payment(who, "10.00"), refund=loose, currency="EUR", amount=Decimal(10),
        effective_on=DAY,
    )  # fmt: skip
    return loose


def tie(refund: Refund, **other_end: object) -> None:
    who = refund.customer
    fields = {"currency": "USD", "amount": Decimal(11), "method": "exchange", **other_end}
    received = Payment.objects.create(**{"entity": who.entity, "customer": who, "received_on": DAY, **fields})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO invoices_exchange (refund_id, payment_id, rate, rate_on, rate_source)"
            " VALUES (%s, %s, 1.1, %s, 'ECB')",
            [refund.pk, received.pk, DAY],
        )


def test_d22_raw_sql_can_tie_two_ends_that_fit(refund: Refund) -> None:
    tie(refund)
    assert Exchange.objects.count() == 2
    assert violations() == []


@pytest.mark.parametrize(
    "wrong", [{"amount": Decimal(12)}, {"currency": "EUR", "amount": Decimal(11)}, {"method": "transfer"}]
)
def test_d22_raw_sql_cannot_tie_ends_that_do_not_fit(refund: Refund, wrong: dict[str, object]) -> None:
    with pytest.raises(DatabaseError, match="come to each other at the rate"), transaction.atomic():
        tie(refund, **wrong)
    assert Exchange.objects.count() == 1


def test_d22_raw_sql_cannot_tie_two_customers(refund: Refund) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        tie(refund, customer=factories.customer())


def test_raw_sql_cannot_note_a_displacement_of_something_else(refund: Refund) -> None:
    note = Displacement.objects.earliest("pk")
    other = Allocation.objects.get(refund=refund)
    for original, allocation in ((note.original_id, other.pk), (other.pk, other.pk)):
        with pytest.raises(DatabaseError, match="same payment and target"), transaction.atomic():
            Displacement.objects.create(refund=refund, original_id=original, allocation_id=allocation)


@pytest.mark.parametrize(
    ("sql", "law", "row"),
    [
        ("UPDATE invoices_exchange SET rate = 2", "exchange_adds_up", "invoices.exchange"),
        ("UPDATE invoices_payment SET method = 'card'", "exchange_adds_up", "invoices.exchange"),
        (
            "UPDATE invoices_displacement SET original_id = (SELECT max(id) FROM invoices_allocation)",
            "displacement_same_target",
            "invoices.displacement",
        ),
    ],
)
def test_what_an_owner_of_the_database_did_is_told_with_its_row(refund: Refund, sql: str, law: str, row: str) -> None:
    as_superuser(sql)
    told = [found for found in violations() if found["law"] == law]
    assert told
    assert all(str(found["row"]).startswith(f"{row} ") and found["detail"] for found in told)
