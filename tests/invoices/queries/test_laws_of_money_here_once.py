"""Money that is here twice breaks no sum of its own; these laws tell it, and a merge that was tampered with."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers.models import Customer
from customers.services.merge_customers import merge_customers
from invoices.queries.verify_ledger import violations
from invoices.services.exchange_payment import exchange_payment
from invoices.services.post_line import post_line
from invoices.services.reverse_allocation import reverse_allocation
from invoices.services.undo_exchange import undo_exchange
from invoices.services.undo_posting import undo_posting
from tests import factories
from tests.factories import DAY
from tests.invoices.bank_files import bank_line
from tests.invoices.queries.test_verify_ledger import as_superuser

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=60)


def told() -> list[tuple[object, object]]:
    return [(found["law"], found["row"]) for found in violations()]


def test_the_money_of_an_undone_bank_posting_is_told_when_it_lives_on() -> None:
    acme = factories.customer()
    posting = post_line(line=bank_line("50.00"), customer=acme)
    undo_posting(posting=posting, on=LATER)
    assert told() == []
    assert posting.payment is not None
    clearing = posting.payment.allocations.get(refund__kind="clearing")
    reverse_allocation(allocation=clearing, effective_on=LATER, reason="tampered", actor=None)
    assert told() == [("undone_posting_cleared", f"invoices.bankposting {posting.pk}")]


def test_money_in_both_currencies_of_an_exchange_is_told() -> None:
    payment = factories.payment(factories.customer(), "100.00")
    made = exchange_payment(payment=payment, currency="USD", rate=Decimal("1.1"), rate_on=DAY)
    assert told() == []
    given = payment.allocations.get(refund=made.refund)
    reverse_allocation(allocation=given, effective_on=LATER, reason="tampered", actor=None)
    assert told() == [("exchanged_money_once", f"invoices.exchange {made.pk}")]


def test_an_exchange_that_was_undone_breaks_no_law() -> None:
    payment = factories.payment(factories.customer(), "100.00")
    made = exchange_payment(payment=payment, currency="USD", rate=Decimal("1.1"), rate_on=DAY)
    undo_exchange(exchange=made, on=LATER, reason="wrong rate")
    assert told() == []


def test_a_customer_moved_past_its_merges_is_told() -> None:
    gone, stays = factories.customer(), factories.customer()
    merge_customers(absorbed=gone, survivor=stays, merged_on=DAY, on=LATER, reason="one firm", actor=None)
    assert told() == []
    as_superuser("UPDATE customers_customer SET merged_into_id = NULL WHERE id = %s", gone.pk)
    assert ("merges_agree", f"customers.customer {gone.pk}") in told()
    assert Customer.objects.filter(merged_into__isnull=False).count() == 0
