"""Issuing documents: instalments, early-payment terms, corrections, and the laws behind them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from collections_app.lib.errors import BadInput, Conflict
from customers.models import PaymentTerms
from invoices.models import CreditNote, Instalment, Invoice
from invoices.queries.open_amounts import open_amount_now
from invoices.services.allocate import unallocated
from invoices.services.correct_invoice import correct_invoice
from invoices.services.issue_credit_note import issue_credit_note
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db

LATER = DAY + timedelta(days=30)
PARTS = [(DAY, Decimal("40.00")), (LATER, Decimal("60.00"))]


def in_parts(total: str = "100.00", parts: list[tuple[date, Decimal]] | None = None, **more: Any) -> Invoice:
    return factories.invoice(
        factories.customer(),
        total,
        **{"due_on": None, "issued_on": DAY - timedelta(days=10), "instalments": parts or PARTS, **more},
    )


def test_a06_instalments_come_with_their_invoice_and_the_last_one_is_its_due_date() -> None:
    invoice = in_parts()
    assert invoice.due_on == LATER
    assert not invoice.due_on_assumed
    assert list(invoice.instalments.values_list("position", "due_on", "amount")) == [(1, *PARTS[0]), (2, *PARTS[1])]


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([(DAY, Decimal("40.00")), (LATER, Decimal("59.99"))], r"add up to EUR.99\.99, the total is EUR.100\.00"),
        ([(LATER, Decimal("40.00")), (DAY, Decimal("60.00"))], "each later than the one before"),
        ([(DAY, Decimal("40.00")), (DAY, Decimal("60.00"))], "each later than the one before"),
        ([(DAY, Decimal("0.00")), (LATER, Decimal("100.00"))], "above zero"),
        ([(DAY, Decimal("-5.00")), (LATER, Decimal("105.00"))], "above zero"),
        ([(DAY, Decimal("40.001")), (LATER, Decimal("59.999"))], "more decimals"),
        ([(DAY - timedelta(days=11), Decimal("40.00")), (LATER, Decimal("60.00"))], "before the invoice date"),
    ],
)
def test_instalments_that_cannot_be_are_refused_with_a_sentence(
    parts: list[tuple[date, Decimal]], sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        in_parts(parts=parts)
    assert not Invoice.objects.exists()


def test_a_due_date_other_than_the_last_instalments_is_refused() -> None:
    with pytest.raises(BadInput, match="that of the last one"):
        in_parts(due_on=DAY)


def test_d18_instalments_that_do_not_add_up_are_refused_at_commit() -> None:
    who = factories.customer()

    def commit_a_part() -> None:
        invoice = Invoice.objects.create(
            entity=who.entity, customer=who, number="X", status="issued", issued_on=DAY, due_on=LATER,
            currency="EUR", total=Decimal(100),
        )  # fmt: skip
        Instalment.objects.create(invoice=invoice, position=1, due_on=DAY, amount=Decimal(99))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="instalments add up to"), transaction.atomic():
        commit_a_part()


@pytest.mark.django_db(transaction=True)
def test_d18_an_instalment_cannot_be_added_later() -> None:
    plain, split = factories.invoice(factories.customer()), in_parts()
    for invoice in (plain, split):
        with pytest.raises(IntegrityError, match="together with their invoice"), transaction.atomic():
            Instalment.objects.create(invoice=invoice, position=9, due_on=DAY, amount=Decimal(1))


@pytest.mark.parametrize("verb", ["UPDATE {} SET amount = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_d18_instalments_never_change(verb: str) -> None:
    in_parts()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=r"Cannot (update|delete|truncate)"), transaction.atomic():
            cursor.execute(verb.format("invoices_instalment"))


def terms(**fields: Any) -> PaymentTerms:
    return PaymentTerms.objects.create(**{"code": "2/10", "name": "2/10 net 30", "kind": "net", "days": 30, **fields})


def test_early_payment_terms_are_copied_from_the_customer_when_the_invoice_is_issued() -> None:
    agreed = terms(discount_percent=Decimal(2), discount_days=10)
    unstated: Any = None
    invoice = factories.invoice(factories.customer(terms=agreed), due_on=unstated, issued_on=DAY)
    assert (invoice.due_on, invoice.discount_percent) == (DAY + timedelta(days=30), Decimal(2))
    assert invoice.discount_until == DAY + timedelta(days=10)
    PaymentTerms.objects.filter(pk=agreed.pk).update(discount_percent=Decimal(5))
    invoice.refresh_from_db()
    assert invoice.discount_percent == Decimal(2)


@pytest.mark.parametrize("kind", ["debit_note", "down_payment"])
def test_a_stated_discount_goes_before_the_terms(kind: str) -> None:
    agreed = terms(discount_percent=Decimal(2), discount_days=10)
    until = DAY + timedelta(days=5)
    invoice = factories.invoice(
        factories.customer(terms=agreed), due_on=LATER, issued_on=DAY, kind=kind, discount=(Decimal("3.5"), until)
    )
    assert (invoice.discount_percent, invoice.discount_until) == (Decimal("3.5"), until)
    plain = factories.invoice(invoice.customer, due_on=LATER, issued_on=DAY, kind=kind, discount=(Decimal(0), None))
    assert (plain.discount_percent, plain.discount_until) == (Decimal(0), None)


def test_terms_whose_discount_ends_after_the_due_date_give_none() -> None:
    agreed = terms(discount_percent=Decimal(2), discount_days=10)
    invoice = factories.invoice(factories.customer(terms=agreed), due_on=DAY + timedelta(days=5), issued_on=DAY)
    assert invoice.discount_until is None


@pytest.mark.parametrize(
    ("percent", "until"),
    [("0", DAY), ("100", DAY), ("-1", DAY), ("2", None), ("NaN", DAY), ("2", LATER), ("0.00001", DAY),
     ("2", DAY - timedelta(days=11))],
)  # fmt: skip
def test_a_discount_that_cannot_be_is_refused(percent: str, until: date | None) -> None:
    with pytest.raises(BadInput, match="discount"):
        factories.invoice(
            factories.customer(), issued_on=DAY - timedelta(days=10), due_on=DAY + timedelta(days=3),
            discount=(Decimal(percent), until),
        )  # fmt: skip


@pytest.mark.parametrize("tax", ["-0.01", "100.01"])
def test_a_tax_that_the_total_cannot_hold_is_refused(tax: str) -> None:
    with pytest.raises(BadInput, match="between 0 and the total"):
        factories.invoice(factories.customer(), "100.00", tax_total=Decimal(tax))


def corrected(invoice: Invoice, total: str | None = None, number: str = "K1") -> CreditNote:
    amount = None if total is None else Decimal(total)
    return correct_invoice(invoice=invoice, number=number, issued_on=DAY, total=amount, by="test")


def test_an_issued_invoice_is_corrected_by_a_counter_document_with_its_tax() -> None:
    invoice = factories.invoice(factories.customer(), "119.00", tax_total=Decimal("19.00"))
    note = corrected(invoice)
    assert (note.total, note.tax_total, note.corrects_id) == (Decimal(119), Decimal(19), invoice.pk)
    assert open_amount_now([invoice.pk])[invoice.pk] == 0


def test_corrections_in_parts_share_the_tax_and_end_when_nothing_is_left() -> None:
    invoice = factories.invoice(factories.customer(), "100.00", tax_total=Decimal("15.97"))
    first, second = corrected(invoice, "33.33"), corrected(invoice, number="K2")
    assert (first.tax_total, second.total, second.tax_total) == (
        Decimal("5.32"),
        Decimal("66.67"),
        Decimal("10.65"),
    )
    with pytest.raises(Conflict, match="corrected in full"):
        corrected(invoice, number="K3")


def test_d21_correcting_a_paid_invoice_leaves_open_credit() -> None:
    invoice = factories.invoice(factories.customer(), "100.00")
    factories.payment(invoice.customer, "70.00", shares=[(invoice, None)])
    note = corrected(invoice)
    assert open_amount_now([invoice.pk])[invoice.pk] == 0
    assert unallocated(note) == Decimal("70.00")


def test_a_correction_dated_before_its_invoice_is_refused() -> None:
    invoice = factories.invoice(factories.customer(), issued_on=DAY + timedelta(days=1), due_on=LATER)
    with pytest.raises(BadInput, match="not dated before"):
        corrected(invoice)


def test_a_credit_notes_tax_lies_within_its_total() -> None:
    who = factories.customer()
    with pytest.raises(BadInput, match="between 0 and the total"):
        issue_credit_note(
            entity=who.entity, customer=who, number="K1", issued_on=DAY, total=Decimal(10), currency="EUR",
            tax_total=Decimal(11), by="test",
        )  # fmt: skip
