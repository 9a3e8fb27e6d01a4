"""A customer may owe several of our legal entities; money one of them got pays none of the others' invoices (I3)."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from collections_app.lib.errors import BadInput
from customers.models import Customer, LegalEntity
from invoices.models import Allocation, Invoice, Payment
from invoices.services.allocate import allocate
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Customer:
    return factories.customer()


@pytest.fixture
def other() -> LegalEntity:
    return factories.entity("FR01", name="Vent du Nord SARL")


@pytest.fixture
def invoice(who: Customer, other: LegalEntity) -> Invoice:
    return factories.invoice(who, entity=other)


def test_i03_an_invoice_of_another_entity_is_refused(who: Customer, invoice: Invoice) -> None:
    payment = factories.payment(who, "100.00")
    with pytest.raises(BadInput, match="another legal entity") as refused:
        allocate(source=payment, shares=[(invoice, None)], by="test")
    assert refused.value.code == "other_entity"


def test_i03_the_oldest_invoices_are_those_of_the_entity_that_got_the_money(who: Customer, invoice: Invoice) -> None:
    own = factories.invoice(who, due_on=DAY.replace(month=12))
    payment = factories.payment(who, "150.00", shares="oldest")
    assert {row.invoice_id: row.amount for row in payment.allocations.all()} == {own.pk: Decimal(100)}


def test_i03_the_database_refuses_it_too(who: Customer, invoice: Invoice) -> None:
    payment = factories.payment(who, "100.00")
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        Allocation.objects.create(
            customer=who, payment=payment, invoice=invoice, currency="EUR", amount=Decimal(1), effective_on=DAY
        )
    assert "allocation_same_entity" in str(refused.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]


def form(client: Client, who: Customer, **fields: Any) -> Any:
    address = f"/cash/new/?customer={who.number}"
    shown = client.get(address).context["form"]
    data = {**shown.initial, "amount": "100.00", "method": "transfer", **fields}
    return client.post(address, {name: str(value) for name, value in data.items()})


def test_the_page_asks_which_entity_got_the_money(
    client: Client, cast: Cast, who: Customer, other: LegalEntity, invoice: Invoice
) -> None:
    client.force_login(cast.accountant)
    assert form(client, who, entity=other.code).status_code == 302
    payment = Payment.objects.get()
    assert payment.entity == other
    assert payment.allocations.get().invoice == invoice


def test_the_page_refuses_an_entity_that_the_customer_owes_nothing(
    client: Client, cast: Cast, who: Customer, invoice: Invoice
) -> None:
    client.force_login(cast.accountant)
    factories.entity("XX01")
    assert form(client, who, entity="XX01").status_code == 422
    assert not Payment.objects.exists()


def test_the_page_asks_nothing_when_there_is_one_entity_only(client: Client, cast: Cast, who: Customer) -> None:
    client.force_login(cast.accountant)
    factories.invoice(who)
    assert "entity" not in client.get(f"/cash/new/?customer={who.number}").context["form"].fields
    assert form(client, who).status_code == 302
    assert Payment.objects.get().entity == who.entity
