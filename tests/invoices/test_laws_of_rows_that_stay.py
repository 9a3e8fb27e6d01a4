"""Raw SQL against rows that stay: lines of the bank, totals that instalments add up to, accounts after a merge."""

from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from customers.models import Customer
from customers.services.merge_customers import merge_customers
from invoices.models import Instalment, Invoice
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def refused(sql: str, *values: int | None) -> str:
    """What the database says to a statement that it must not run."""
    with pytest.raises(Error) as told, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(told.value)


@pytest.mark.parametrize("table", ["invoices_bankposting", "invoices_bankline"])
def test_bank_rows_refuse_truncate(table: str) -> None:
    assert "Cannot truncate" in refused(f"TRUNCATE {table} CASCADE")


def test_the_total_of_a_draft_stays_what_its_instalments_add_up_to() -> None:
    who = factories.customer()
    draft = Invoice.objects.create(
        entity=who.entity, customer=who, number="D-1", issued_on=DAY, due_on=DAY, currency="EUR", total=Decimal(10)
    )
    Instalment.objects.create(invoice=draft, position=1, due_on=DAY, amount=Decimal(10))
    assert "do not add up" in refused(
        "UPDATE invoices_invoice SET total = 20, status = 'issued' WHERE id = %s", draft.pk
    )
    Invoice.objects.filter(pk=draft.pk).update(status=Invoice.Status.ISSUED)


def test_a_customer_joins_and_leaves_an_account_by_a_merge_alone() -> None:
    one, other = factories.customer(), factories.customer()
    move = "UPDATE customers_customer SET merged_into_id = %s WHERE id = %s"
    assert "no merge puts it" in refused(move, other.pk, one.pk)
    stale = Customer.objects.get(pk=one.pk)
    merge_customers(absorbed=one, survivor=other, merged_on=DAY, on=DAY, reason="one firm", actor=None)
    assert "no merge puts it" in refused(move, None, one.pk)
    with pytest.raises(Error), transaction.atomic():
        stale.save()
    assert Customer.objects.get(pk=one.pk).merged_into_id == other.pk
