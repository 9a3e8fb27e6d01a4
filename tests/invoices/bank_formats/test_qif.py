"""QIF: what it does not say is asked for; days, amounts and texts of entries; what happens to damaged ones."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from invoices.bank_formats.contract import Choices, ParsedFile, Refused
from invoices.bank_formats.qif import QIF, read_with
from tests.invoices.bank_formats.damage import damaged, parsed_or_refused, sample

GOOD = "!Type:Bank\nD25/12/2025\nT1,234.50\nPACME Ltd\nMInvoice INV-17\nN1042\n^\nD01/02/2026\nT-10.00\nPShop\n^\n"


def read(text: str, **choices: Any) -> ParsedFile:
    return read_with(text.encode(), Choices(**{"currency": "GBP", **choices}))


def test_entries_have_day_amount_payee_and_memo() -> None:
    (found,) = read(GOOD, account="4711").statements
    assert (found.account, found.currency) == ("4711", "GBP")
    first, second = found.entries
    assert (first.position, first.booked_on, first.amount) == ("line 2", date(2025, 12, 25), Decimal("1234.50"))
    assert (first.counterparty_name, first.text) == ("ACME Ltd", "Invoice INV-17 1042")
    assert (second.booked_on, second.amount) == (date(2026, 2, 1), Decimal("-10.00"))


def test_the_currency_is_always_asked_for() -> None:
    with pytest.raises(Refused) as refused:
        QIF.parse(GOOD.encode())
    assert set(refused.value.fields) == {"currency"}


def test_days_and_amounts_that_nothing_proves_are_asked_for_together() -> None:
    text = "!Type:Bank\nD01/02/2026\nT1.234\n^\n"
    with pytest.raises(Refused) as refused:
        QIF.parse(text.encode())
    assert set(refused.value.fields) == {"currency", "date_order", "decimal_mark"}
    (found,) = read(text, date_order="mdy", decimal_mark=",").statements
    assert (found.entries[0].booked_on, found.entries[0].amount) == (date(2026, 1, 2), Decimal("1234.00"))


@pytest.mark.parametrize("written", ["25/12'25", "25/12/25", "25.12.2025", "25/12/ 5' ", "2025-12-25"])
def test_days_as_programs_write_them(written: str) -> None:
    parsed = read(f"!Type:Bank\nD{written}\nT1.00\n^\nD25/12/2025\nT2.00\n^\n", date_order="dmy")
    days = {entry.booked_on for entry in parsed.statements[0].entries}
    assert days == {date(2025, 12, 25)}


def test_an_opening_balance_is_no_movement() -> None:
    (found,) = read(f"!Type:Bank\nD24/12/2025\nT100.00\nPOpening Balance\nL[Bank]\n^\n{GOOD[11:]}").statements
    assert (found.opening, len(found.entries)) == (Decimal("100.00"), 2)


def test_other_lists_and_parts_of_entries_are_left_out() -> None:
    text = (
        "!Type:Cat\nNFood\n^\n"
        + GOOD.replace("N1042", "SFood\n$1,000.00\nSRent\n$234.50")
        + "!Type:Memorized\nT5.00\n^\n"
    )
    assert [entry.amount for entry in read(text).statements[0].entries] == [Decimal("1234.50"), Decimal("-10.00")]


@pytest.mark.parametrize(
    "bad", ["D25/12/2025\nTNaN", "D25/12/2025\nT1e9", "D32/12/2025\nT5.00", "T5.00", "D25/12/2025\nPx"]
)
def test_a_bad_entry_costs_only_itself(bad: str) -> None:
    parsed = read(f"{GOOD}{bad}\n^\n")
    assert len(parsed.statements[0].entries) == 2
    assert [problem.position for problem in parsed.problems] == ["line 12"]


@pytest.mark.parametrize(
    "text", ["", "hello", "!Type:Invst\nD1\n^\n", "!Type:Bank\n", "!Type:Bank\nD25/12/2025\nT0.00\n^\n"]
)
def test_what_has_no_entries_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read(text)


def test_it_is_recognised_by_its_header() -> None:
    assert QIF.sniff(b"\xef\xbb\xbf!Type:Bank\r\n")
    assert QIF.sniff(b"!Account\nNGiro\n^\n")
    assert not QIF.sniff(b"Type:Bank")


@given(content=damaged([GOOD.encode()]))
def test_d71_a_damaged_file_is_read_or_refused(content: bytes) -> None:
    parsed_or_refused(QIF, content)
    parsed_or_refused(QIF, content, Choices(currency="GBP", date_order="dmy", decimal_mark="."))


@pytest.mark.parametrize("name", ["test_qif.qif", "test_qif_dmy.qif"])
def test_samples_are_read_once_their_currency_is_chosen(name: str) -> None:
    content = sample(f"qif/{name}")
    assert QIF.sniff(content)
    with pytest.raises(Refused) as refused:
        QIF.parse(content)
    assert set(refused.value.fields) == {"currency"}
    (found,) = read_with(content, Choices(currency="EUR")).statements
    assert [str(each.amount) for each in found.entries] == ["-1000.00", "-75.46", "-379.00", "-20.28", "-421.35"]
    assert [each.booked_on for each in found.entries][:2] == [date(2013, 8, 12), date(2013, 8, 15)]
