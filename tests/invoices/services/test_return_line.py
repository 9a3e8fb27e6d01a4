"""A bank line takes a payment back: its invoice is open again, once, and only for money that went out."""

from datetime import timedelta

import pytest

from collections_app.lib.errors import BadInput, Conflict
from invoices.models import BankLine, BankPosting
from invoices.queries.open_amounts import open_amount_now
from invoices.services.return_line import return_line
from tests.factories import DAY, customer, invoice, payment
from tests.invoices.bank_lines import bank_line

pytestmark = pytest.mark.django_db


def test_the_invoice_is_open_again_from_the_value_date_on() -> None:
    owed = invoice(customer(), "70.00")
    money = payment(owed.customer, "70.00", received_on=DAY - timedelta(days=3), shares=[(owed, None)])
    line = bank_line("-70.00", "Rückgabe")
    posting = return_line(line=line, payment=money)
    line.refresh_from_db()
    assert line.state == BankLine.State.POSTED
    assert posting.refund is not None
    assert (posting.refund.kind, posting.refund.paid_on) == ("returned", DAY)
    assert open_amount_now([owed.pk])[owed.pk] == 70


def test_money_that_came_in_takes_nothing_back() -> None:
    money = payment(customer(), "70.00", received_on=DAY)
    with pytest.raises(BadInput):
        return_line(line=bank_line("70.00"), payment=money)


def test_a_line_takes_back_once_and_a_payment_goes_back_once() -> None:
    money = payment(customer(), "70.00", received_on=DAY)
    line = bank_line("-70.00")
    return_line(line=line, payment=money)
    for again in (line, bank_line("-70.00")):
        with pytest.raises(Conflict):
            return_line(line=again, payment=money)
    assert BankPosting.objects.count() == 1
