"""Importing a file of open items: what is written, what is refused, and that nothing is ever half-written."""

import gzip
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput, Conflict
from customers.import_sources.base import FileRefused, MoreNeeded, Options
from customers.models import Contact, Customer, ImportBatch, LegalEntity
from invoices.models import Allocation, CreditNote, Invoice, Payment, Refund
from invoices.services.import_open_items import import_open_items
from tests import factories

pytestmark = pytest.mark.django_db

HEADER = "Customer number,Customer name,Invoice number,Invoice date,Due date,Amount,Currency"
GOOD = f"""{HEADER}
C1,Alpha GmbH,R1,2026-01-05,2026-02-04,100.00,EUR
C1,Alpha GmbH,R2,2026-01-06,2026-02-05,50.50,EUR
C2,Beta AG,R1,2026-01-07,2026-02-06,7,EUR
C2,Beta AG,G1,2026-01-08,2026-01-08,-2.00,EUR
"""


@pytest.fixture
def selling() -> LegalEntity:
    return factories.entity()


def run(tmp_path: Path, text: str | bytes, selling: LegalEntity | None, **given: Any) -> ImportBatch:
    path = tmp_path / given.pop("name", "items.csv")
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    entities = list(LegalEntity.objects.all())
    given = {"write": True, "options": Options(**given.pop("reading", {})), "entities": entities, **given}
    return import_open_items(batch=ImportBatch(file_name=path.name), path=path, entity=selling, by="test", **given)


def codes(batch: ImportBatch) -> dict[str, int]:
    return {group["code"]: group["count"] for group in batch.report["error_groups"]}


def test_invoices_credits_and_customers_are_written_with_control_totals(tmp_path: Path, selling: LegalEntity) -> None:
    batch = run(tmp_path, GOOD, selling)
    assert batch.state == ImportBatch.State.IMPORTED
    report = batch.report
    assert (report["rows"], report["new"], report["errors"], report["customers_new"]) == (4, 4, 0, 2)
    assert report["totals"]["EUR"] == {
        "documents": 4, "invoices": "157.50", "credits": "2.00", "balance": "155.50", "open": "155.50",
    }  # fmt: skip
    assert Invoice.objects.aggregate(sum=Sum("total"))["sum"] == Decimal("157.50")
    assert CreditNote.objects.get().total == Decimal("2.00")
    assert Customer.objects.get(number="C1").name == "Alpha GmbH"
    assert set(Invoice.objects.values_list("status", flat=True)) == {"issued"}
    assert Invoice.objects.values("recorded_at").distinct().count() == 1
    entry = AuditEntry.objects.get(action="import.finished")
    assert entry.payload["totals"]["EUR"]["balance"] == "155.50"
    assert entry.payload["digest"] == batch.digest


def test_a_dry_run_writes_nothing_and_reports_the_same(tmp_path: Path, selling: LegalEntity) -> None:
    batch = run(tmp_path, GOOD, selling, write=False)
    assert (batch.state, batch.report["new"], batch.report["written"]) == ("checked", 4, False)
    assert not Invoice.objects.exists()
    assert not Customer.objects.exists()


def test_the_same_file_again_adds_nothing(tmp_path: Path, selling: LegalEntity) -> None:
    run(tmp_path, GOOD, selling)
    again = run(tmp_path, GOOD, selling).report
    assert (again["new"], again["unchanged"], again["customers_new"]) == (0, 4, 0)
    assert (Invoice.objects.count(), CreditNote.objects.count(), Customer.objects.count()) == (3, 1, 2)


def test_an_issued_document_with_other_content_is_a_row_error(tmp_path: Path, selling: LegalEntity) -> None:
    run(tmp_path, GOOD, selling)
    changed = GOOD.replace("100.00", "101.00").replace("2026-02-05", "2026-02-25")
    batch = run(tmp_path, changed, selling)
    assert codes(batch) == {"other_amount": 1, "other_terms": 1}
    assert "100.00 EUR, not 101.00 EUR. Correct it by a credit note." in str(batch.report["error_groups"])
    assert not batch.report["written"]
    assert Invoice.objects.get(customer__number="C1", number="R1").total == 100


def test_duplicates_within_the_file_name_both_lines(tmp_path: Path, selling: LegalEntity) -> None:
    batch = run(tmp_path, GOOD + "C1,Alpha GmbH,R2,2026-01-06,2026-02-05,60,EUR\n", selling)
    assert codes(batch) == {"duplicate_number": 2}
    assert "lines 3 and 6" in batch.report["error_groups"][0]["rows"][0]["sentence"]
    assert not Invoice.objects.exists()


def test_good_rows_go_in_without_the_bad_ones_when_asked(tmp_path: Path, selling: LegalEntity) -> None:
    bad = GOOD + "C3,Gamma,R9,2026-13-45,2026-02-05,60,EUR\nC4,Delta,R10,2026-01-06,2026-02-05,NaN,EUR\n"
    assert not run(tmp_path, bad, selling).report["written"]
    batch = run(tmp_path, bad, selling, leave_out_bad=True)
    assert (batch.report["new"], batch.report["errors"], batch.report["error_lines"]) == (4, 2, [6, 7])
    assert not Customer.objects.filter(number__in=["C3", "C4"]).exists()


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1e15", "not_a_number"),
        ("9999999999999999", "amount_too_large"),
        ("", "empty_amount"),
        ("1.005", "surplus_digits"),
        ("12 USD", "wrong_currency"),
    ],
)
def test_d20_amounts_that_are_none_are_row_errors(tmp_path: Path, selling: LegalEntity, amount: str, code: str) -> None:
    text = f"{HEADER}\nC1,A,R1,2026-01-05,2026-02-04,{amount},EUR\n"
    assert codes(run(tmp_path, text, selling, reading={"decimal_mark": "."})) == {code: 1}


def test_d20_an_amount_with_a_comma_is_read_by_the_decimal_mark(tmp_path: Path, selling: LegalEntity) -> None:
    text = f'{HEADER}\nC1,A,R1,2026-01-05,2026-02-04,"1,5",EUR\n'
    assert codes(run(tmp_path, text, selling, write=False, reading={"decimal_mark": "."})) == {"not_a_number": 1}
    assert run(tmp_path, text, selling).report["totals"]["EUR"]["invoices"] == "1.50"


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "0000-00-00", "soon", "31.12.26"])
def test_impossible_dates_are_row_errors(tmp_path: Path, selling: LegalEntity, day: str) -> None:
    text = f"{HEADER}\nC1,A,R1,{day},2026-02-04,5,EUR\nC1,A,R2,2026-01-05,2026-02-04,5,EUR\n"
    batch = run(tmp_path, text, selling, reading={"date_order": "ymd"})
    assert sum(codes(batch).values()) == 1
    assert set(codes(batch)) <= {"not_a_date", "impossible_date", "short_year"}


def test_unknown_customers_are_created_or_refused_as_told(tmp_path: Path, selling: LegalEntity) -> None:
    assert codes(run(tmp_path, GOOD, selling, create_customers=False)) == {"unknown_customer": 4}
    assert not Customer.objects.exists()


def test_another_teams_customer_is_refused(tmp_path: Path, selling: LegalEntity) -> None:
    other = factories.entity("FR01", team=factories.team("Southern team"))
    factories.customer(of=other, number="C1")
    batch = run(tmp_path, GOOD, selling, entities=[selling])
    assert codes(batch) == {"foreign_customer": 2}


def test_an_entity_outside_the_persons_teams_is_refused(tmp_path: Path, selling: LegalEntity) -> None:
    other = factories.entity("FR01", team=factories.team("Southern team"))
    with pytest.raises(BadInput, match="not one of yours"):
        run(tmp_path, GOOD, other, entities=[selling])


def test_a_paid_row_becomes_payment_and_allocation_of_that_day(tmp_path: Path, selling: LegalEntity) -> None:
    text = f"{HEADER},Paid on\nC1,A,R1,2026-01-05,2026-02-04,80,EUR,2026-02-01\nC1,A,R2,2026-01-05,2026-02-04,20,EUR,\n"
    report = run(tmp_path, text, selling).report
    payment, allocation = Payment.objects.get(), Allocation.objects.get()
    assert (payment.amount, payment.received_on) == (Decimal(80), date(2026, 2, 1))
    assert (allocation.amount, allocation.effective_on) == (Decimal(80), date(2026, 2, 1))
    assert allocation.invoice == Invoice.objects.get(number="R1")
    assert report["totals"]["EUR"]["open"] == "20.00"


def test_a_row_paid_since_the_last_import_is_settled_once(tmp_path: Path, selling: LegalEntity) -> None:
    before = f"{HEADER},Paid on\nC1,A,R1,2026-01-05,2026-02-04,80,EUR,\n"
    after = before.replace("EUR,", "EUR,2026-02-01")
    run(tmp_path, before, selling)
    assert run(tmp_path, after, selling).report["settled"] == 1
    assert run(tmp_path, after, selling).report["unchanged"] == 1
    assert Allocation.objects.aggregate(sum=Sum("amount"))["sum"] == 80


def test_what_is_still_open_leaves_the_paid_part_settled(tmp_path: Path, selling: LegalEntity) -> None:
    text = f"{HEADER},Balance\nC1,A,R1,2026-01-05,2026-02-04,80,EUR,30\n"
    report = run(tmp_path, text, selling, reading={"today": date(2026, 3, 2)}).report
    assert report["totals"]["EUR"]["open"] == "30.00"
    assert (Payment.objects.get().amount, Payment.objects.get().received_on) == (Decimal(50), date(2026, 3, 2))


def test_credits_of_the_day_settle_before_money_and_the_excess_is_refunded(
    tmp_path: Path, selling: LegalEntity
) -> None:
    text = f"""{HEADER},Paid on
C1,A,R1,2026-01-05,2026-02-04,80,EUR,2026-02-01
C1,A,G1,2026-01-05,2026-01-05,-30,EUR,2026-02-01
C2,B,R1,2026-01-05,2026-02-04,10,EUR,2026-02-01
C2,B,G1,2026-01-05,2026-01-05,-15,EUR,2026-02-01
"""
    run(tmp_path, text, selling)
    assert Payment.objects.get().amount == 50
    assert Refund.objects.get().amount == 5
    amounts = Allocation.objects.order_by("customer__number", "amount").values_list("amount", flat=True)
    assert list(amounts) == [30, 50, 5, 10]


def test_nothing_is_half_written_when_the_database_refuses_in_the_middle(tmp_path: Path, selling: LegalEntity) -> None:
    text = f"{HEADER},Paid on\nC1,A,R1,2026-01-05,2026-02-04,80,EUR,2026-02-01\n"
    with connection.cursor() as cursor:  # a law that the last statement of the import breaks
        cursor.execute("ALTER TABLE invoices_allocation ADD CONSTRAINT never CHECK (amount < 1) NOT VALID")
    with pytest.raises(Conflict, match="Nothing was imported"):
        run(tmp_path, text, selling)
    for model in (Customer, Invoice, Payment, Allocation, ImportBatch):
        assert not model.objects.exists()


def test_an_ambiguous_file_is_asked_about_and_writes_nothing(tmp_path: Path, selling: LegalEntity) -> None:
    text = "Customer;Invoice;Invoice date;Due date;Amount\nC1;R1;03/04/2026;05/06/2026;1.234\n"
    with pytest.raises(MoreNeeded) as asked:
        run(tmp_path, text, selling)
    assert set(asked.value.fields) == {"date_order", "decimal_mark", "currency"}
    reading = {"date_order": "dmy", "decimal_mark": ",", "currency": "EUR"}
    assert run(tmp_path, text, selling, reading=reading).report["totals"]["EUR"]["invoices"] == "1234.00"
    assert Invoice.objects.get().issued_on == date(2026, 4, 3)


def test_a_contact_comes_with_the_file_and_is_never_overwritten(tmp_path: Path, selling: LegalEntity) -> None:
    text = f"{HEADER},E-mail\nC1,A,R1,2026-01-05,2026-02-04,80,EUR,pay@alpha.example\n"
    run(tmp_path, text, selling)
    run(tmp_path, text.replace("pay@", "other@").replace("R1", "R2"), selling)
    assert [contact.email for contact in Contact.objects.all()] == ["pay@alpha.example"]


def test_a_customers_new_name_is_taken_and_logged(tmp_path: Path, selling: LegalEntity) -> None:
    run(tmp_path, GOOD, selling)
    run(tmp_path, GOOD.replace("Beta AG", "Beta SE"), selling)
    assert Customer.objects.get(number="C2").name == "Beta SE"
    entry = AuditEntry.objects.get(action="customer.imported")
    assert entry.payload == {"name": ["Beta AG", "Beta SE"]}


def test_text_with_tabs_quotes_and_backslashes_arrives_unchanged(tmp_path: Path, selling: LegalEntity) -> None:
    text = f'{HEADER},Text\nC1,"A\\n ""x""\tb",R1,2026-01-05,2026-02-04,80,EUR,"two\nlines \\N"\n'
    run(tmp_path, text, selling)
    assert Customer.objects.get().name == 'A\\n "x"\tb'
    assert Invoice.objects.get().text == "two\nlines \\N"


SAP = """MANDT,BUKRS,KUNNR,KNA1_LAND1,KNA1_ORT01,ZTERM,VALUE_EUR,TBSLT_LTEXT,CTLPC,DUE_DATE,PAYMENT_DATE
310,3,18724,NL,KATWIJK,63,0,Invoice,,2017-12-23,20180109
310,3,18724,NL,KATWIJK,63,607,Invoice,2.0,2018-09-20,
310,3,18724,NL,KATWIJK,63,607,Invoice,2.0,2018-09-20,
310,5,7,DE,KIEL,1,100,Credit memo,,2018-09-01,
310,5,7,DE,KIEL,1,40,Payment difference,,2018-03-01,20180109
310,5,7,DE,KIEL,1,15,Reverse invoice,,2018-01-01,20180109
"""


def test_sap_rows_are_numbered_and_kinds_take_their_side(tmp_path: Path) -> None:
    for code in ("3", "5"):
        factories.entity(code)
    batch = run(tmp_path, gzip.compress(SAP.encode()), None, name="items.csv.gz")
    assert (batch.source, batch.report["new"], batch.report["skipped"]) == ("sap", 5, 1)
    assert list(Invoice.objects.order_by("number").values_list("number", "kind", "entity__code")) == [
        ("000002", "invoice", "3"), ("000003", "invoice", "3"), ("000005", "debit_note", "5"),
    ]  # fmt: skip
    assert batch.report["totals"]["EUR"]["open"] == "1114.00"
    assert Invoice.objects.get(number="000002").issued_on == date(2018, 8, 21)
    cleared = Invoice.objects.get(number="000005")
    assert (cleared.issued_on, cleared.due_on) == (date(2018, 1, 9), date(2018, 3, 1))
    assert Payment.objects.get().amount == 25
    german = Customer.objects.select_related("terms").get(number="7")
    assert (german.language, german.country, german.terms and german.terms.code) == ("de", "DE", "ZTERM 1")


def test_sap_rows_of_an_unknown_company_are_errors(tmp_path: Path) -> None:
    factories.entity("3")
    assert codes(run(tmp_path, SAP, None)) == {"unknown_entity": 3}


@pytest.mark.parametrize("text", ["", "\n\n", "just words", "%PDF-1.7 x"])
def test_files_that_are_no_table_are_refused_whole(tmp_path: Path, selling: LegalEntity, text: str) -> None:
    with pytest.raises((FileRefused, MoreNeeded)):
        run(tmp_path, text, selling)


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp.import_rows')")
        assert cursor.fetchone()[0] is None
