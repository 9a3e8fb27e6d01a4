"""What the bank pages show of whom: one's own accounts of a file, and the payments of a whole account."""

from datetime import timedelta

import pytest

from customers.services.merge_customers import merge_customers
from invoices.models import BankAccount, BankFile, BankStatement
from invoices.queries.bank_files import statement_rows
from invoices.queries.bank_suggestions import payments_to_return
from tests import factories
from tests.factories import DAY
from tests.invoices.bank_files import account_of, bank_line

pytestmark = pytest.mark.django_db


def test_a_bounced_payment_of_a_merged_customer_can_be_taken_back() -> None:
    gone, stays = factories.customer(), factories.customer()
    paid = factories.payment(gone, "50.00")
    merge_customers(absorbed=gone, survivor=stays, merged_on=DAY, on=DAY, reason="one firm", actor=None)
    line = bank_line("-50.00")
    assert payments_to_return(stays, line, until=DAY + timedelta(days=1)) == [paid]


def test_of_a_file_with_several_entities_one_sees_the_statements_of_ones_own() -> None:
    mine, theirs = account_of(factories.entity()), account_of(factories.entity("GB01", iban="GB29NWBK60161331926819"))
    file = BankFile.objects.create(name="all.xml", digest="0" * 64, size=1, state=BankFile.State.READ)
    for account in (mine, theirs):
        BankStatement.objects.create(file=file, account=account, closing=100)
    shown = statement_rows(file, BankAccount.objects.filter(pk=mine.pk))
    assert [row.statement.account for row in shown] == [mine]
