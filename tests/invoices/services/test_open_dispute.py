"""Disputes: opened once per invoice, closed once, settled by themselves when nothing is open."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from collections_app.lib.errors import BadInput, Conflict
from invoices.models import Dispute, Invoice
from invoices.services.close_dispute import close_dispute
from invoices.services.open_dispute import open_dispute
from invoices.services.settle_disputes import settle_disputes
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def disputed(invoice: Invoice, **more: Any) -> Dispute:
    return open_dispute(
        **{"invoice": invoice, "amount": None, "reason": "price", "opened_on": DAY, "by": "test", **more}
    )


def test_a_dispute_has_a_reference_an_owner_and_a_day_for_the_answer(cast: Cast) -> None:
    who = factories.customer(collector=cast.collector)
    dispute = disputed(factories.invoice(who, "80.00"), amount=Decimal("30.00"), text="Half was broken")
    assert dispute.reference == f"D-2026-{dispute.pk:06d}"
    assert (dispute.owner, dispute.amount, dispute.currency) == (cast.collector, Decimal("30.00"), "EUR")
    assert dispute.answer_by > DAY + timedelta(days=12)


def test_without_an_amount_all_that_is_open_is_in_dispute() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "80.00")
    factories.payment(who, "30.00", shares="oldest")
    assert disputed(invoice).amount == Decimal("50.00")


@pytest.mark.parametrize("amount", ["0", "-5", "80.01"])
def test_the_disputed_amount_is_above_zero_and_no_more_than_is_open(amount: str) -> None:
    with pytest.raises(BadInput) as refusal:
        disputed(factories.invoice(factories.customer(), "80.00"), amount=Decimal(amount))
    assert "amount" in refusal.value.fields


def test_an_invoice_has_one_open_dispute() -> None:
    invoice = factories.invoice(factories.customer(), "80.00")
    first = disputed(invoice)
    with pytest.raises(Conflict, match=first.reference):
        disputed(invoice)
    close_dispute(dispute=first, state="rejected", resolution="", closed_on=DAY, actor=None, by="test")
    assert disputed(invoice).pk != first.pk


def test_an_unknown_reason_and_a_paid_invoice_are_refused() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "80.00")
    with pytest.raises(BadInput, match="reasons"):
        disputed(invoice, reason="mood")
    factories.payment(who, "80.00", shares="oldest")
    with pytest.raises(Conflict, match="Nothing is open"):
        disputed(invoice)


def test_d87_the_second_to_close_a_dispute_learns_who_was_first_and_how(cast: Cast) -> None:
    dispute = disputed(factories.invoice(factories.customer(), "80.00"))
    close_dispute(dispute=dispute, state="accepted", resolution="Credit follows", closed_on=DAY, actor=cast.lead)
    with pytest.raises(Conflict) as refusal:
        close_dispute(dispute=dispute, state="rejected", resolution="No", closed_on=DAY, actor=cast.collector)
    for said in (str(cast.lead), "2 Mar 2026", "accepted", "Credit follows"):
        assert said in refusal.value.sentence


def test_a_dispute_cannot_be_closed_as_open() -> None:
    dispute = disputed(factories.invoice(factories.customer(), "80.00"))
    with pytest.raises(BadInput):
        close_dispute(dispute=dispute, state="open", resolution="", closed_on=DAY, actor=None)


def test_a_dispute_settles_itself_when_its_invoice_is_paid_in_full() -> None:
    who = factories.customer()
    paid, unpaid = disputed(factories.invoice(who, "80.00")), disputed(factories.invoice(who, "50.00"))
    factories.payment(who, "80.00", shares=[(paid.invoice, None)])
    assert settle_disputes(on=DAY) == 1
    paid.refresh_from_db()
    unpaid.refresh_from_db()
    assert (paid.state, paid.closed_on, unpaid.state) == ("settled", DAY, "open")
