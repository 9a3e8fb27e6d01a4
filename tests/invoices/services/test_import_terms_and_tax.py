"""What a file may say beside amount and days: tax, purchase order, kind, and the discount for paying early."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from customers.models import ImportBatch, LegalEntity
from invoices.models import CreditNote, Invoice
from tests import factories
from tests.invoices.services.test_import_open_items import codes, run

pytestmark = pytest.mark.django_db

START = "Customer number,Invoice number,Invoice date,Amount,Currency"


@pytest.fixture
def selling() -> LegalEntity:
    return factories.entity()


def one_row(tmp_path: Path, selling: LegalEntity, columns: str, cells: str, amount: str = "119.00") -> ImportBatch:
    return run(tmp_path, f"{START},{columns}\nC1,R1,2026-01-05,{amount},EUR,{cells}\n", selling)


def test_tax_order_and_kind_are_stored(tmp_path: Path, selling: LegalEntity) -> None:
    batch = one_row(tmp_path, selling, "Tax amount,PO number,Type", "19.00,4500012345,Debit note")
    assert batch.report["written"], batch.report
    invoice = Invoice.objects.get()
    assert (invoice.tax_total, invoice.po_number, invoice.kind) == (Decimal(19), "4500012345", "debit_note")
    assert (invoice.discount_percent, invoice.discount_until) == (Decimal(0), None)


@pytest.mark.parametrize("tax", ["-19.00", "19.00"])
def test_a_credits_tax_may_be_written_with_or_without_its_sign(tmp_path: Path, selling: LegalEntity, tax: str) -> None:
    assert one_row(tmp_path, selling, "Tax amount", tax, amount="-119.00").report["written"]
    credit = CreditNote.objects.get()
    assert (credit.total, credit.tax_total) == (Decimal(119), Decimal(19))


@pytest.mark.parametrize("tax", ["120.00", "-19.00"])
def test_a_tax_that_is_no_part_of_the_amount_is_a_row_error(tmp_path: Path, selling: LegalEntity, tax: str) -> None:
    batch = one_row(tmp_path, selling, "Tax amount", tax)
    assert codes(batch) == {"tax_over_amount": 1}
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("Payment terms", "2/10 net 45"),
        ("Terms,Due date", '"2% 10 days, net 45",2026-02-19'),
        ("Cash discount,Cash discount date,Due date", "2%,2026-01-15,2026-02-19"),
        ("Skonto,Skonto bis,Due date", '"2,0",2026-01-15,2026-02-19'),
        ("Terms,Cash discount,Cash discount date", '"3% 7 days, 2% 10 days, net 45",2,2026-01-15'),
    ],
)
def test_an_early_payment_discount_is_read_from_words_or_columns(
    tmp_path: Path, selling: LegalEntity, columns: str, cells: str
) -> None:
    batch = one_row(tmp_path, selling, columns, cells)
    assert batch.report["written"], batch.report
    invoice = Invoice.objects.get()
    assert (invoice.discount_percent, invoice.discount_until) == (Decimal(2), date(2026, 1, 15))
    if "Cash" not in columns or "Due" in columns:
        assert (invoice.due_on, invoice.due_on_assumed) == (date(2026, 2, 19), False)


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("Terms", '"3% 7 days, 2% 14 days, net 30"'),
        ("Cash discount", "2"),
        ("Cash discount,Cash discount date", "2,2026-01-04"),
        ("Cash discount,Cash discount date", ",2026-01-15"),
        ("Cash discount,Cash discount date", "two,2026-01-15"),
        ("Cash discount,Cash discount date", "100,2026-01-15"),
    ],
)
def test_a_discount_that_is_not_clear_is_a_row_error(
    tmp_path: Path, selling: LegalEntity, columns: str, cells: str
) -> None:
    batch = one_row(tmp_path, selling, columns, cells)
    assert codes(batch) == {"unread_discount": 1}
    assert not Invoice.objects.exists()


def test_terms_of_a_credit_note_grant_nothing(tmp_path: Path, selling: LegalEntity) -> None:
    assert one_row(tmp_path, selling, "Terms", "2/10 net 30", amount="-5.00").report["written"]
    assert CreditNote.objects.get().due_on == date(2026, 1, 5)


def test_an_issued_document_keeps_its_terms_whatever_a_later_file_says(tmp_path: Path, selling: LegalEntity) -> None:
    one_row(tmp_path, selling, "Due date,Terms", "2026-02-04,2/10 net 30")
    again = one_row(tmp_path, selling, "Due date,Terms", "2026-02-04,net 30")
    assert (again.report["unchanged"], again.report["new"]) == (1, 0)
    assert Invoice.objects.get().discount_percent == 2
