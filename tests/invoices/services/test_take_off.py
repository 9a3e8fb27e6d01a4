"""Taking money off an invoice by hand: what followed by rule ends with it, and money that went out stays out."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from collections_app.lib.errors import BadInput
from invoices.models import Allocation, Invoice, Payment
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.verify_ledger import violations
from invoices.services.allocate import unallocated
from invoices.services.exchange_payment import exchange_payment
from invoices.services.issue_invoice import issue_invoice
from invoices.services.post_line import post_line
from invoices.services.return_line import return_line
from invoices.services.take_off import take_off
from invoices.services.undo_posting import undo_posting
from invoices.services.undo_refund import undo_refund
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from tests.invoices.bank_files import bank_line

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=60)


def left(*invoices: Invoice) -> list[Decimal]:
    found = open_amount_now([invoice.pk for invoice in invoices])
    return [found[invoice.pk] for invoice in invoices]


def off(row: Allocation) -> Allocation:
    return take_off(allocation=row, effective_on=LATER, reason="not for this one", actor=None, by="test")


def test_a_discount_ends_with_the_money_that_earned_it_and_late_money_gets_none() -> None:
    acme = factories.customer()
    invoice = issue_invoice(
        entity=acme.entity, customer=acme, number="D-1", issued_on=DAY, due_on=DAY + timedelta(days=30),
        total=Decimal(100), currency="EUR", discount=(Decimal(2), DAY + timedelta(days=10)),
    )  # fmt: skip
    payment = factories.payment(acme, "98.00", shares=[(invoice, None)])
    assert left(invoice) == [0]
    off(payment.allocations.get(invoice=invoice))
    assert left(invoice) == [100]
    factories.payment(acme, "98.00", received_on=LATER, shares=[(invoice, None)])
    assert left(invoice) == [2]
    assert violations() == []


def test_what_an_exchange_used_up_is_not_taken_off_by_itself() -> None:
    payment = factories.payment(factories.customer(), "100.00")
    made = exchange_payment(payment=payment, currency="USD", rate=Decimal("1.1"), rate_on=DAY)
    with pytest.raises(BadInput) as refused:
        off(payment.allocations.get(refund=made.refund))
    assert refused.value.code == "went_out"
    assert unallocated(payment) == 0


def test_the_page_refuses_it_too(client: Client, cast: Cast) -> None:
    payment = factories.payment(factories.customer(), "100.00")
    made = exchange_payment(payment=payment, currency="USD", rate=Decimal("1.1"), rate_on=DAY)
    row = payment.allocations.get(refund=made.refund)
    client.force_login(cast.accountant)
    answer = client.post(f"/cash/{payment.pk}/allocations/{row.pk}/reverse/", {"reason": "again"})
    assert answer.status_code == 422
    assert "Undo the refund or exchange itself" in answer.content.decode()
    assert unallocated(payment) == 0


def test_the_clearing_of_an_undone_bank_posting_is_not_undone_so_one_line_never_pays_twice() -> None:
    acme, other = factories.customer(name="Acme Ltd"), factories.customer(name="Other Ltd")
    mine, theirs = factories.invoice(acme, "50.00"), factories.invoice(other, "50.00")
    line = bank_line("50.00")
    posting = post_line(line=line, customer=acme, shares=[(mine, None)])
    undo_posting(posting=posting, on=LATER)
    line.refresh_from_db()
    post_line(line=line, customer=other, shares=[(theirs, None)])
    assert isinstance(posting.payment, Payment)
    clearing = posting.payment.allocations.get(refund__kind="clearing").refund
    assert clearing is not None
    with pytest.raises(BadInput) as refused:
        undo_refund(refund=clearing, on=LATER, reason="mine")
    assert refused.value.code == "of_a_bank_line"
    assert left(mine, theirs) == [50, 0]


def test_a_return_of_a_bank_line_is_undone_with_its_line_alone() -> None:
    acme = factories.customer()
    invoice = factories.invoice(acme, "50.00")
    payment = factories.payment(acme, "50.00", shares=[(invoice, None)])
    posting = return_line(line=bank_line("-50.00"), payment=payment)
    assert posting.refund is not None
    with pytest.raises(BadInput) as refused:
        undo_refund(refund=posting.refund, on=LATER, reason="came back")
    assert refused.value.code == "of_a_bank_line"
    undo_posting(posting=posting, on=LATER)
    assert left(invoice) == [0]
