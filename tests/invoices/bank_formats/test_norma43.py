"""Norma 43: columns of 80 characters, signs, sums of the account, damaged records."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from invoices.bank_formats.contract import Entry, ParsedFile, Refused
from invoices.bank_formats.norma43 import NORMA43
from tests.invoices.bank_formats.damage import damaged, parsed_or_refused, sample

ACCOUNT = "210004180200051332"  # without check digits: 2100 0418 (45) 0200051332


def figures(amount: str) -> str:
    return f"{int(Decimal(amount) * 100):014d}"


def movement(amount: str, references: str = "", concept: str = "04") -> str:
    """Record 22: the references are 12 and 16 characters."""
    sign = "1" if amount.startswith("-") else "2"
    record = f"22    0418260105260106{concept}016{sign}{figures(amount.lstrip('-'))}0000004711"
    return f"{record}{references or '0' * 28}"


def file(*records: str, opening: str = "100.00", closing: str = "100.00", currency: str = "978") -> str:
    """An account between its balances, with the counts and sums of its movements."""
    moved = [each for each in records if each.startswith("22")]
    of = {sign: [int(each[28:42]) for each in moved if each[27:28] == sign] for sign in "12"}
    sums = "".join(f"{len(of[sign]):05d}{sum(of[sign]):014d}" for sign in "12")
    lines = [
        f"11{ACCOUNT}2601012601312{figures(opening)}{currency}3OUR COMPANY", *records,
        f"33{ACCOUNT}{sums}2{figures(closing)}{currency}", f"88{'9' * 18}{len(records) + 2:06d}",
    ]  # fmt: skip
    return "\r\n".join(line.ljust(80) for line in lines) + "\r\n"


def read(text: str) -> ParsedFile:
    return NORMA43.parse(text.encode("latin-1"))


def entry(*records: str) -> Entry:
    (found,) = read(file(*records)).statements[0].entries
    return found


def test_an_account_leads_from_its_opening_to_its_closing_balance() -> None:
    parsed = read(file(movement("50.00"), movement("-20.00"), closing="130.00"))
    (found,) = parsed.statements
    assert parsed.problems == ()
    assert (found.account, found.currency) == ("ES9121000418450200051332", "EUR")
    assert (found.opening, found.closing, found.difference) == (Decimal("100.00"), Decimal("130.00"), Decimal(0))
    assert (found.opened_on, found.closed_on) == (date(2026, 1, 1), date(2026, 1, 31))
    assert [str(each.amount) for each in found.entries] == ["50.00", "-20.00"]


def test_a_movement_has_its_days_text_and_references() -> None:
    found = entry(
        movement("50.00", f"{'REF1':12}{'FACTURA 17':16}"), f"2301{'TRANSFERENCIA DE':38}{'ACME SL':38}", "2302MÁS"
    )
    assert (found.position, found.booked_on, found.value_on) == ("line 2", date(2026, 1, 5), date(2026, 1, 6))
    assert (found.text, found.end_to_end_id) == ("TRANSFERENCIA DE ACME SL MÁS", "FACTURA 17")
    assert found.bank_reference == "4711"


@pytest.mark.parametrize(("concept", "takes_back"), [("04", False), ("14", True), ("98", True)])
def test_returned_and_cancelled_items_take_back(concept: str, takes_back: bool) -> None:
    assert entry(movement("50.00", concept=concept)).is_reversal is takes_back


@pytest.mark.parametrize("place", [10, 16, 27, 28])
def test_a_damaged_movement_costs_only_itself(place: int) -> None:
    text = file(movement("1.00"), movement("50.00"))
    at = text.index("22    0418", 100) + place
    parsed = read(f"{text[:at]}X{text[at + 1 :]}")
    assert [str(each.amount) for each in parsed.statements[0].entries] == ["1.00"]
    assert "line 3" in [problem.position for problem in parsed.problems]


@pytest.mark.parametrize(("wrong", "right", "told"), [
    ("0000100000000005000", "0000200000000005000", "credits"), ("0000100000000002000", "0000100000000002001", "debits")
])  # fmt: skip
def test_the_sums_of_the_account_are_checked(wrong: str, right: str, told: str) -> None:
    text = file(movement("50.00"), movement("-20.00"), closing="130.00")
    head, _, tail = text.partition("\r\n33")
    (problem,) = read(f"{head}\r\n33{tail.replace(wrong, right)}").problems
    assert (problem.position, told in problem.sentence) == ("line 4", True)


def test_a_file_that_is_cut_off_keeps_what_it_has_and_says_so() -> None:
    parsed = read(file(movement("50.00")).partition("\r\n33")[0])
    assert [str(each.amount) for each in parsed.statements[0].entries] == ["50.00"]
    assert parsed.statements[0].closing is None
    assert "cut off" in parsed.problems[0].sentence


def test_a_balance_that_cannot_be_read_is_told_and_left_out() -> None:
    parsed = read(file(movement("50.00"), closing="77.00").replace(figures("77.00"), "X" * 14))
    assert len(parsed.statements[0].entries) == 1
    assert parsed.statements[0].closing is None


def test_a_movement_outside_of_an_account_is_told() -> None:
    parsed = read(file(movement("50.00")) + movement("20.00"))
    assert [problem.position for problem in parsed.problems] == ["line 5"]


def test_two_accounts_in_one_file() -> None:
    text = file(movement("50.00"))
    assert [len(each.entries) for each in read(text + text).statements] == [1, 1]


def test_what_is_no_statement_is_refused() -> None:
    for text in ("", "hello", file(currency="999")):
        with pytest.raises(Refused):
            read(text)
    assert not NORMA43.sniff(b"hello")
    assert NORMA43.sniff(file().encode())


@given(content=damaged([file(movement("50.00"), "2301TEXT", movement("-20.00"), closing="130.00").encode()]))
def test_d71_a_damaged_file_is_read_or_refused(content: bytes) -> None:
    parsed_or_refused(NORMA43, content)


def test_the_sample_leads_from_opening_to_closing() -> None:
    content = sample("national/es_test.n43")
    assert NORMA43.sniff(content)
    parsed = NORMA43.parse(content)
    (found,) = parsed.statements
    assert parsed.problems == ()
    assert [str(each.amount) for each in found.entries] == ["-0.03", "-178.30", "280.29"]  # the fourth moves nothing
    assert (found.closing, found.difference) == (Decimal("101.96"), Decimal(0))
