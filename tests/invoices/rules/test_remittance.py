"""Remittance advices: what tables and texts say, and what is refused rather than guessed."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.lib.errors import BadInput
from invoices.rules.remittance import Advice
from invoices.rules.remittance_table import advice_of_table
from invoices.rules.remittance_text import advice_of_text

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "remittance"


def said(advice: Advice) -> list[tuple[str, str, str]]:
    """Number, amount and deduction of each item."""
    return [(item.number, f"{item.amount:.2f}", f"{item.deduction:.2f}") for item in advice.items]


def table(*rows: str) -> Advice:
    """The advice in rows whose cells are parted by bars."""
    return advice_of_table([(n, row.split("|")) for n, row in enumerate(rows, start=1)], currency="EUR")


@pytest.mark.parametrize(
    ("head", "row", "item"),
    [
        ("Invoice No.|Gross|Discount|Net paid", "", None),
        ("Invoice|Amount", "INV-1|1,000.00", ("INV-1", "1000.00", "0.00")),
        ("Invoice|Gross|Discount|Net", "INV-1|1,000.00|20.00|980.00", ("INV-1", "980.00", "20.00")),
        ("Invoice|Gross|Discount|Net", "INV-1|1,000.00|-20.00|980.00", ("INV-1", "980.00", "20.00")),
        ("Rechnungsnr.|Betrag|Skonto", "RE 7|1.000,00|20,00", ("RE 7", "980.00", "20.00")),
        ("Belegnummer|Brutto|Zahlbetrag", "RE 7|1.000,00|900,00", ("RE 7", "900.00", "100.00")),
        ("Document|Paid", "CN-9|-50.00", ("CN-9", "-50.00", "0.00")),
    ],
)
def test_columns_are_found_by_their_heads(head: str, row: str, item: tuple[str, str, str] | None) -> None:
    advice = table("Advice of today", head, row)
    assert said(advice) == ([item] if item else [])


def test_a_row_that_contradicts_itself_is_a_problem_with_its_place() -> None:
    advice = table("Invoice|Gross|Discount|Net", "INV-1|1,000.00|20.00|970.00", "INV-2|10.00|0.00|10.00")
    assert said(advice) == [("INV-2", "10.00", "0.00")]
    assert [problem.position for problem in advice.problems] == ["row 2"]


def test_a_total_that_the_rows_do_not_come_to_is_told() -> None:
    right = table("Invoice|Amount", "INV-1|10.00", "INV-2|20.00", "Total|30.00")
    wrong = table("Invoice|Amount", "INV-1|10.00", "Total|30.00")
    assert right.problems == ()
    assert [problem.position for problem in wrong.problems] == ["total"]


def test_amounts_that_can_be_read_two_ways_are_refused() -> None:
    with pytest.raises(BadInput) as refused:
        table("Invoice|Amount", "INV-1|1.000")
    assert refused.value.code == "decimal_mark"


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("INV-20481      4,250.00        0.00     4,250.00", ("INV-20481", "4250.00", "0.00")),
        ("INV-20510   12,480.00  less damaged cartons -1,240.00  = 11,240.00", ("INV-20510", "11240.00", "1240.00")),
        ("RE 2026-0042 vom 01.10.2026   1.180,00 EUR", ("2026-0042", "1180.00", "0.00")),
        ("Rechnung NW-40123 1.000,00 -30,00", ("NW-40123", "970.00", "30.00")),
        ("NW-40123 1000.00 950.00", ("NW-40123", "950.00", "50.00")),
        ("Check number: 882104   Check amount: 4,250.00", None),
        ("We sent $11,240.00 today by ACH (trace 091000017735512).", None),
        ("Lockbox 8841   Deposit date 2026-09-18 100.00", None),
        ("thank you for your order of 12.10.2026", None),
    ],
)
def test_a_line_of_text_begins_with_a_number_and_ends_in_amounts(line: str, item: tuple[str, str, str] | None) -> None:
    assert said(advice_of_text(line, currency="EUR")) == ([item] if item else [])


def test_a_line_with_two_readings_is_a_problem() -> None:
    advice = advice_of_text("NW-40123 1000.00 20.00", currency="EUR")
    assert advice.items == ()
    assert [problem.position for problem in advice.problems] == ["line 1"]


def test_the_only_currency_that_the_text_names_counts() -> None:
    assert advice_of_text("Payment in USD\nNW-40123 10.00", currency="EUR").currency == "USD"
    assert advice_of_text("USD or GBP\nNW-40123 10.00", currency="EUR").currency == "EUR"


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared remittance samples are not here")
@pytest.mark.parametrize(
    ("name", "items"),
    [
        ("constructed_lockbox_stub.txt", [("INV-20481", "4250.00", "0.00")]),
        ("constructed_short_pay.eml", [("INV-20510", "11240.00", "1240.00")]),
    ],
)
def test_the_public_samples_are_read(name: str, items: list[tuple[str, str, str]]) -> None:
    assert said(advice_of_text((SAMPLES / name).read_text(encoding="utf-8"), currency="USD")) == items


@given(st.text(max_size=400))
def test_no_text_at_all_makes_the_reader_crash(text: str) -> None:
    try:
        advice = advice_of_text(text, currency="EUR")
    except BadInput:
        return
    assert advice.total == sum((item.amount for item in advice.items), Decimal(0))
    assert all(item.deduction >= 0 for item in advice.items)
