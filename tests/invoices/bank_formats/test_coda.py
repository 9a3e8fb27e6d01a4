"""CODA: columns of 128 characters, parts of movements, structured references, sums of the trailer, damaged records."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from invoices.bank_formats.coda import CODA
from invoices.bank_formats.contract import Entry, ParsedFile, Refused, Statement
from tests.invoices.bank_formats.damage import damaged, parsed_or_refused, sample

HEADER = "0000005012600505        00178299  OUR COMPANY               KREDBEBB   00820512012 00000"


def figures(amount: str) -> str:
    return f"{int(Decimal(amount) * 1000):015d}"


def movement(amount: str, text: str = "", number: int = 1, part: int = 0, code: str = "00150000") -> str:
    """Record 21: the text is "1" and a structured communication, or "0" and a free one."""
    sign = "1" if amount.startswith("-") else "0"
    record = f"21{number:04d}{part:04d}{'BANKREF' + str(number):21}{sign}{figures(amount.lstrip('-'))}040126{code}"
    return f"{record}{text or '0':54}0501260051 0".ljust(128)


def file(*records: str, opening: str = "100.00", closing: str = "100.00", currency: str = "EUR") -> str:
    """A statement between its balances, with the sums of its movements in the trailer."""
    old = f"12005{'BE68539007547034':34}   "[:39] + f"{currency}0{figures(opening)}040126OUR COMPANY"
    new = f"8005{'BE68539007547034':34}{currency}0{figures(closing)}050126"
    whole = [each for each in records if each.startswith("21") and each[6:10] == "0000" and each[32:47].isdecimal()]
    sums = {sign: sum(int(each[32:47]) for each in whole if each[31] == sign) for sign in "10"}
    trailer = f"9{'':15}{len(records) + 2:06d}{sums['1']:015d}{sums['0']:015d}"
    return "\r\n".join(line.ljust(128) for line in (HEADER, old, *records, new, trailer)) + "\r\n"


def read(text: str) -> ParsedFile:
    return CODA.parse(text.encode("latin-1"))


def only(*records: str, **balances: str) -> Statement:
    (found,) = read(file(*records, **balances)).statements
    return found


def entry(*records: str) -> Entry:
    (found,) = only(*records).entries
    return found


def test_a_statement_leads_from_its_old_to_its_new_balance() -> None:
    parsed = read(file(movement("50.00"), movement("-20.00", number=2), closing="130.00"))
    (found,) = parsed.statements
    assert parsed.problems == ()
    assert (found.account, found.currency, found.number) == ("BE68539007547034", "EUR", "005")
    assert (found.opening, found.closing, found.difference) == (Decimal("100.00"), Decimal("130.00"), Decimal(0))
    assert (found.opened_on, found.closed_on) == (date(2026, 1, 4), date(2026, 1, 5))
    assert [each.position for each in found.entries] == ["line 3", "line 4"]


def test_a_movement_names_the_other_side_and_its_text() -> None:
    found = entry(
        movement("50.00", "0Invoice INV-17"),
        f"2200010000{' and INV-18':53}{'E2E-7':35}KREDBEBB",
        f"2300010000{'BE41063012345610':34}EUR{'PARTNER ONE':35}{' thanks':43}",
    )
    assert (found.booked_on, found.value_on, found.amount) == (date(2026, 1, 5), date(2026, 1, 4), Decimal("50.00"))
    assert (found.counterparty_name, found.counterparty_account) == ("PARTNER ONE", "BE41063012345610")
    assert (found.text, found.end_to_end_id) == ("Invoice INV-17 and INV-18 thanks", "E2E-7")
    assert found.bank_reference == "BANKREF1"


def test_a_structured_communication_is_the_reference() -> None:
    found = entry(movement("50.00", "1101240283842818"))
    assert (found.reference, found.text) == ("240283842818", "")


def test_parts_that_add_up_stand_for_the_whole_and_others_do_not() -> None:
    parts = [movement("50.00", "0Batch"), movement("30.00", "0First", part=1), movement("20.00", part=2)]
    assert [(str(each.amount), each.text) for each in only(*parts).entries] == [("30.00", "First"), ("20.00", "Batch")]
    assert [str(each.amount) for each in only(*parts[:2]).entries] == ["50.00"]


def test_a_cancellation_takes_back() -> None:
    assert entry(movement("50.00", code="00199000")).is_reversal
    assert not entry(movement("50.00")).is_reversal


@pytest.mark.parametrize("place", [31, 32, 47, 115])
def test_a_damaged_movement_costs_only_itself(place: int) -> None:
    bad = movement("50.00", number=2)
    parsed = read(file(movement("1.00"), f"{bad[:place]}X{bad[place + 1 :]}"))
    assert [str(each.amount) for each in parsed.statements[0].entries] == ["1.00"]
    assert "line 4" in [problem.position for problem in parsed.problems]


def test_d20_figures_beyond_the_currency_are_a_problem() -> None:
    parsed = read(file(movement("50.005"), movement("1.00", number=2)))
    assert [str(each.amount) for each in parsed.statements[0].entries] == ["1.00"]


def test_the_sums_of_the_trailer_are_checked() -> None:
    lines = file(movement("50.00")).splitlines()
    lines[-1] = lines[-1].replace(figures("50.00"), figures("51.00"))
    (problem,) = read("\n".join(lines)).problems
    assert (problem.position, "credits" in problem.sentence) == ("line 5", True)


def test_a_file_that_is_cut_off_keeps_what_it_has_and_says_so() -> None:
    parsed = read("\r\n".join(file(movement("50.00"), movement("20.00", number=2)).split("\r\n")[:3]))
    assert [str(each.amount) for each in parsed.statements[0].entries] == ["50.00"]
    assert parsed.statements[0].closing is None
    assert "cut off" in parsed.problems[0].sentence


def test_a_movement_outside_of_a_statement_is_told() -> None:
    text = file(movement("50.00"))
    parsed = read(text + movement("20.00") + "\r\n")
    assert [problem.position for problem in parsed.problems] == ["line 6"]


def test_two_statements_in_one_file() -> None:
    text = file(movement("50.00"))
    assert [len(each.entries) for each in read(text + text).statements] == [1, 1]


def test_what_is_no_statement_is_refused() -> None:
    for text in ("", HEADER, file(currency="XXX"), "hello"):
        with pytest.raises(Refused):
            read(text)
    assert not CODA.sniff(b"hello")
    assert CODA.sniff(file().encode())


@given(content=damaged([file(movement("50.00", "0Text"), movement("-20.00", number=2), closing="130.00").encode()]))
def test_d71_a_damaged_file_is_read_or_refused(content: bytes) -> None:
    parsed_or_refused(CODA, content)


def test_the_sample_is_caught_for_its_wrong_new_balance() -> None:
    content = sample("national/be_coda_2012.txt")
    assert CODA.sniff(content)
    (found,) = CODA.parse(content).statements
    assert len(found.entries) == 7
    assert (found.opening, found.closing) == (Decimal("11812.70"), Decimal("13646.05"))
    assert found.difference == Decimal("118.24")  # its movements lead to 13527.81, as its trailer confirms
