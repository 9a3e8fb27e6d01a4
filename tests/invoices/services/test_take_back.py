"""Returned payments and chargebacks: invoices reopen as they were, past days keep their truth."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer
from customers.services.merge_customers import merge_customers
from invoices.models import Allocation, Displacement, Invoice, Payment, Refund
from invoices.queries.open_amounts import open_invoices
from invoices.queries.verify_ledger import violations
from invoices.services.allocate import allocate, unallocated
from invoices.services.charge_back import charge_back
from invoices.services.refund_payment import refund_payment
from invoices.services.return_payment import return_payment
from invoices.services.reverse_allocation import reverse_allocation
from invoices.services.undo_refund import undo_refund
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db

LATER = DAY + timedelta(days=9)


def left_of(who: Customer, as_of: date = LATER) -> dict[str, Decimal]:
    return {row.number: row.open_amount for row in open_invoices(customer_id=who.pk, as_of=as_of)}  # type: ignore[attr-defined]


def paid(*totals: str, amount: str = "") -> tuple[Customer, list[Invoice], Payment]:
    who = factories.customer()
    invoices = [factories.invoice(who, total, number=f"R{n}") for n, total in enumerate(totals, 1)]
    whole = amount or str(sum(map(Decimal, totals), Decimal(0)))
    return who, invoices, factories.payment(who, whole, shares=[(invoice, None) for invoice in invoices])


def test_d17_a_chargeback_after_closing_reopens_the_invoice_with_its_original_due_date() -> None:
    who, (invoice,), payment = paid("100.00")
    assert left_of(who, DAY) == {}
    made = charge_back(payment=payment, charged_back_on=LATER, reason="not authorised", by="test")
    assert (made.kind, made.amount, made.paid_on) == ("chargeback", Decimal("100.00"), LATER)
    reopened = open_invoices(customer_id=who.pk, as_of=LATER).get()
    assert (reopened.pk, reopened.due_on) == (invoice.pk, DAY)
    assert unallocated(payment) == 0
    assert violations() == []


def test_a02_a_returned_debit_leaves_every_earlier_day_as_it_was() -> None:
    who, _, payment = paid("100.00")
    return_payment(payment=payment, returned_on=LATER, by="test")
    assert left_of(who, LATER - timedelta(days=1)) == {}
    assert left_of(who, LATER) == {"R1": Decimal("100.00")}


def test_d50_what_was_known_on_a_day_before_the_return_was_recorded_stays() -> None:
    who, _, payment = paid("100.00")
    known = set(Allocation.objects.values_list("pk", flat=True))
    return_payment(payment=payment, returned_on=DAY, by="test")  # the bank dates it back to the day it came
    assert left_of(who, DAY) == {"R1": Decimal("100.00")}
    assert known <= set(Allocation.objects.values_list("pk", flat=True))
    assert sum(row.amount for row in Allocation.objects.filter(pk__in=known)) == Decimal("100.00")


def test_a_part_goes_off_the_newest_allocation_and_the_rest_of_it_stays() -> None:
    who, _, payment = paid("60.00", "40.00")
    return_payment(payment=payment, amount=Decimal("30.00"), returned_on=LATER, by="test")
    assert left_of(who) == {"R2": Decimal("30.00")}
    return_payment(payment=payment, amount=Decimal("30.00"), returned_on=LATER, by="test")
    assert left_of(who) == {"R1": Decimal("20.00"), "R2": Decimal("40.00")}
    assert violations() == []


def test_what_is_unapplied_goes_first() -> None:
    who, _, payment = paid("60.00", amount="100.00")
    charge_back(payment=payment, amount=Decimal("40.00"), charged_back_on=LATER, by="test")
    assert left_of(who) == {}
    charge_back(payment=payment, amount=Decimal("10.00"), charged_back_on=LATER, by="test")
    assert left_of(who) == {"R1": Decimal("10.00")}


def test_only_what_is_left_of_the_payment_can_be_taken_back() -> None:
    _, _, payment = paid("60.00", amount="100.00")
    refund_payment(payment=payment, amount=Decimal("30.00"), paid_on=LATER, by="test")
    with pytest.raises(Conflict, match=r"Only EUR.70\.00 of this payment are still here"):
        return_payment(payment=payment, returned_on=LATER, by="test")
    return_payment(payment=payment, amount=Decimal("70.00"), returned_on=LATER, by="test")
    with pytest.raises(Conflict):
        charge_back(payment=payment, amount=Decimal("0.01"), charged_back_on=LATER, by="test")


def test_it_cannot_happen_before_the_money_was_here() -> None:
    _, _, payment = paid("60.00")
    with pytest.raises(BadInput) as refused:
        return_payment(payment=payment, returned_on=DAY - timedelta(days=1), by="test")
    assert refused.value.code in {"refund_too_early", "reversal_too_early"}
    assert not Refund.objects.exists()
    assert payment.allocations.count() == 1


def test_it_cannot_happen_while_the_money_paid_an_invoice_that_gave_it_back_later() -> None:
    who, _, payment = paid("60.00")
    reverse_allocation(allocation=payment.allocations.get(), effective_on=LATER, reason="slip", actor=None, by="test")
    allocate(source=payment, shares=[(factories.invoice(who, "60.00"), None)], by="test")
    with pytest.raises(BadInput, match="before 11 Mar 2026"):
        return_payment(payment=payment, returned_on=DAY + timedelta(days=2), by="test")


def test_what_takes_effect_later_is_taken_back_on_its_own_day() -> None:
    who = factories.customer()
    payment = factories.payment(who, "50.00")
    coming = factories.invoice(who, "50.00", number="R9", issued_on=LATER, due_on=LATER)
    allocate(source=payment, shares=[(coming, None)], by="test")
    return_payment(payment=payment, returned_on=DAY + timedelta(days=1), by="test")
    assert left_of(who) == {"R9": Decimal("50.00")}
    assert payment.allocations.get(reverses__isnull=False).effective_on == LATER
    assert violations() == []


def test_w04_the_same_chargeback_twice_takes_the_money_once() -> None:
    who, _, payment = paid("60.00", "40.00")
    again = {"provider": "test", "provider_refund_id": "td_1", "amount": Decimal("50.00"), "charged_back_on": LATER}
    first, second = (charge_back(payment=payment, by="test", **again) for _ in range(2))  # type: ignore[arg-type]
    assert first.pk == second.pk
    assert left_of(who) == {"R1": Decimal("10.00"), "R2": Decimal("40.00")}


def test_it_is_noted_which_allocations_gave_way() -> None:
    _, _, payment = paid("60.00", "40.00")
    made = charge_back(payment=payment, amount=Decimal("50.00"), charged_back_on=LATER, reason="fraud", by="test")
    rows = [(row.original.invoice_id, row.allocation.amount) for row in made.displacements.order_by("pk")]
    first, second = payment.allocations.filter(displaced_by__isnull=True, invoice__isnull=False).order_by("pk")
    assert rows == [
        (second.invoice_id, Decimal("-40.00")),
        (first.invoice_id, Decimal("-60.00")),
        (first.invoice_id, Decimal("50.00")),
    ]
    assert {row.allocation.reason for row in made.displacements.all()} == {"Chargeback: fraud"}


@pytest.mark.parametrize(
    "change", ["UPDATE invoices_displacement SET refund_id = 0", "DELETE FROM invoices_displacement"]
)
def test_d18_the_note_cannot_be_changed_by_raw_sql(change: str) -> None:
    _, _, payment = paid("60.00")
    charge_back(payment=payment, charged_back_on=LATER, by="test")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Displacement.objects.count() == 1


def test_a06_a_named_instalment_reopens_as_that_instalment_and_is_paid_again() -> None:
    who = factories.customer()
    due = [(DAY, Decimal("40.00")), (LATER, Decimal("60.00"))]
    invoice = factories.invoice(who, "100.00", issued_on=DAY, due_on=LATER, number="R1", instalments=due)
    second = invoice.instalments.get(position=2)
    payment = factories.payment(who, "60.00")
    allocate(source=payment, shares=[(invoice, Decimal("60.00"))], parts=[second.pk], by="test")
    gone = charge_back(payment=payment, amount=Decimal("25.00"), charged_back_on=LATER, by="test")

    def named() -> Decimal:
        return sum((row.amount for row in second.allocations.all()), Decimal(0))

    assert (named(), left_of(who)) == (Decimal("35.00"), {"R1": Decimal("65.00")})
    undo_refund(refund=gone, on=LATER, reason="won", by="test")
    assert (named(), left_of(who)) == (Decimal("60.00"), {"R1": Decimal("40.00")})
    assert violations() == []


def test_money_of_a_merged_customer_goes_back_and_forth_on_the_survivors_invoice() -> None:
    gone, stays = factories.customer(), factories.customer()
    payment, invoice = factories.payment(gone, "60.00"), factories.invoice(stays, "60.00", number="R1")
    merge_customers(absorbed=gone, survivor=stays, merged_on=DAY, on=DAY, reason="One company", actor=None)
    allocate(source=payment, shares=[(invoice, None)], by="test")
    back = charge_back(payment=payment, charged_back_on=LATER, by="test")
    assert (back.customer_id, left_of(stays)) == (gone.pk, {"R1": Decimal("60.00")})
    undo_refund(refund=back, on=LATER, reason="won", by="test")
    assert left_of(stays) == {}
    assert violations() == []
