"""BAI2: signs by type code, continuations, implied decimals, control totals, and what happens to damaged records."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from invoices.bank_formats.bai import BAI2
from invoices.bank_formats.contract import Choices, Entry, ParsedFile, Refused
from tests.invoices.bank_formats.damage import damaged, parsed_or_refused, sample


def file(
    *records: str,
    account: str = "03,4711,USD,010,100000,,,015,{closing},,/",
    group: str = "02,US,BANK,1,260105,2400,USD,2/",
    smallest_units: int = 0,
) -> str:
    """A BAI2 file of one account whose trailers are right for these records, which add up to `smallest_units`."""
    header = account.format(closing=100_000 + smallest_units)
    amounts = [each.split(",")[2] for each in records if each.count(",") > 2]
    summaries = [text for text in header.split(",")[4::4] if text]
    total = sum(int(text) for text in [*amounts, *summaries] if text.lstrip("+-").isdecimal())
    size = len(records) + 2
    lines = ["01,BANK,US,260106,0800,1,80,,2/", group, header, *records, f"49,{total},{size}/"]
    return "\n".join([*lines, f"98,{total},1,{size + 2}/", f"99,{total},1,{size + 4}/"]) + "\n"


def read(text: str) -> ParsedFile:
    return BAI2.parse(text.encode())


def entry(*records: str) -> Entry:
    (found,) = read(file(*records)).statements[0].entries
    return found


def test_a_file_leads_from_the_opening_to_the_closing_ledger() -> None:
    parsed = read(file("16,195,5000,Z,REF1,CUST1,WIRE IN/", "16,475,2000,Z,,1042,CHECK/", smallest_units=3000))
    (found,) = parsed.statements
    assert parsed.problems == ()
    assert (found.account, found.currency, found.closed_on) == ("4711", "USD", date(2026, 1, 5))
    assert (found.opening, found.closing, found.difference) == (Decimal("1000.00"), Decimal("1030.00"), Decimal(0))
    assert [each.amount for each in found.entries] == [Decimal("50.00"), Decimal("-20.00")]
    assert [each.position for each in found.entries] == ["line 4", "line 5"]


def test_references_and_text_of_a_transaction() -> None:
    found = entry("16,142,5000,Z,BANKREF,INV-17,ACME, INC. for INV-17 / May/")
    assert (found.bank_reference, found.end_to_end_id) == ("BANKREF", "INV-17")
    assert found.text == "ACME, INC. for INV-17 / May"


@pytest.mark.parametrize(
    ("funds", "value_on"),
    [("Z", None), ("0", None), ("", None), ("V,260107,1200", date(2026, 1, 7)), ("V,260107,", date(2026, 1, 7)),
     ("S,1,2,3", None), ("D,2,0,1000,1,4000", None)],
)  # fmt: skip
def test_availability_stands_between_amount_and_reference(funds: str, value_on: date | None) -> None:
    found = entry(f"16,142,5000,{funds},BANKREF,CUST,TEXT/")
    assert (found.bank_reference, found.text, found.value_on) == ("BANKREF", "TEXT", value_on)


def test_continuations_lengthen_text_and_summaries() -> None:
    text = file("16,142,5000,Z,,,FIRST PART/", "88,SECOND PART/", account="03,4711,,045,+0,,/", smallest_units=5000)
    text = text.replace("045,+0,,/", "045,+0,,/\n88,010,200,,,015,5200,,/").replace("49,5000,4", "49,10400,5")
    text = text.replace("98,5000,1,6", "98,10400,1,7").replace("99,5000,1,8", "99,10400,1,9")
    parsed = read(text)
    assert parsed.problems == ()
    assert (parsed.statements[0].opening, parsed.statements[0].difference) == (Decimal("2.00"), Decimal(0))
    assert parsed.statements[0].entries[0].text == "FIRST PART SECOND PART"


def test_words_in_continuations_name_the_other_side() -> None:
    found = entry("16,195,5000,,B,C,Wire", "88,EREF: E2E-7", "88,DBNM: ACME INC", "88,DACT: 834", "88,REMI: INV-17")
    assert (found.counterparty_name, found.counterparty_account) == ("ACME INC", "834")
    assert (found.end_to_end_id, found.text) == ("E2E-7", "INV-17 Wire")


@pytest.mark.parametrize(
    ("code", "amount"),
    [("108", "50.00"), ("399", "50.00"), ("475", "-50.00"), ("699", "-50.00"), ("935", "50.00"), ("965", "-50.00"),
     ("706", "50.00"), ("555", "-50.00")],
)  # fmt: skip
def test_the_type_code_gives_the_sign(code: str, amount: str) -> None:
    assert entry(f"16,{code},5000,Z,,,X/").amount == Decimal(amount)


def test_returned_and_reversed_items_take_back() -> None:
    assert entry("16,555,5000,Z,,,X/").is_reversal  # deposited item returned
    assert not entry("16,142,5000,Z,,,X/").is_reversal


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "5000"), ("USD", "50.00"), ("KWD", "5.000")])
def test_d20_decimals_are_those_of_the_currency(currency: str, amount: str) -> None:
    text = file("16,142,5000,Z,,,X/", account=f"03,4711,{currency},010,0,,/")
    assert str(read(text).statements[0].entries[0].amount) == amount


@pytest.mark.parametrize(("account", "group", "expected"), [("CAD", "EUR", "CAD"), ("", "EUR", "EUR"), ("", "", "USD")])
def test_the_currency_is_that_of_the_account_the_group_or_the_format(account: str, group: str, expected: str) -> None:
    text = file("16,142,5000,Z,,,X/", account=f"03,1,{account},010,0,,/", group=f"02,US,B,1,260105,2400,{group},2/")
    assert read(text).statements[0].currency == expected


@pytest.mark.parametrize(
    "record",
    ["16,142,NaN,Z,,,X/", "16,142,1e5,Z,,,X/", "16,142,50.00,Z,,,X/", "16,ABC,5000,Z,,,X/",
     "16,142,99999999999999999999,Z,,,X/", "16,142,5000,V,269931,,,,X/", "16/", "16,"],
)  # fmt: skip
def test_d20_a_bad_transaction_costs_only_itself(record: str) -> None:
    parsed = read(file(record, "16,142,1000,Z,,,GOOD/"))
    assert "GOOD" in [each.text for each in parsed.statements[0].entries]
    assert len(parsed.statements[0].entries) == 1


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [("49,205000,3", "49,205001,3", "amounts"), ("49,205000,3", "49,205000,4", "records"),
     ("98,205000,1,5", "98,205000,2,5", "accounts"), ("98,205000,1,5", "98,1,1,5", "amounts"),
     ("99,205000,1,7", "99,205000,2,7", "groups"), ("99,205000,1,7", "99,205000,1,8", "records")],
)  # fmt: skip
def test_every_control_total_is_checked(wrong: str, right: str, told: str) -> None:
    text = file("16,142,5000,Z,,,X/", account="03,4711,USD,010,100000,,,015,100000,,/")
    assert wrong in text
    problem = read(text.replace(wrong, right)).problems[0]
    assert told in problem.sentence
    assert problem.position == f"line {[line[:2] for line in text.splitlines()].index(wrong[:2]) + 1}"


def test_a_file_that_is_cut_off_says_so() -> None:
    parsed = read(file("16,142,5000,Z,,,X/").partition("98,")[0])
    assert "cut off" in parsed.problems[-1].sentence


def test_interim_movements_of_the_day_are_not_booked() -> None:
    (found,) = read(file("16,142,5000,Z,,,X/", group="02,US,BANK,1,260105,1200,USD,3/")).statements
    assert not found.entries[0].is_booked
    assert found.opening is None


@pytest.mark.parametrize("status", ["2", "4"])
def test_deletions_and_tests_are_told_and_left_out(status: str) -> None:
    with pytest.raises(Refused, match="left out"):
        read(file("16,142,5000,Z,,,X/", group=f"02,US,BANK,{status},260105,1200,USD,2/"))


def test_records_on_one_line_and_torn_over_two() -> None:
    text = file("16,142,5000,Z,,,FIRST/", "16,475,1000,Z,,,LONG TEXT/", smallest_units=4000)
    text = text.replace("/\n49", "/  49").replace("/\n16,475", "/ 16,475").replace("LONG TEXT", "LONG\nTEXT")
    parsed = read(text)
    assert parsed.problems == ()
    assert [each.text for each in parsed.statements[0].entries] == ["FIRST", "LONG TEXT"]


def test_version_1_and_other_files_are_refused() -> None:
    with pytest.raises(Refused, match="BAI2"):
        read(file("16,142,5000,Z,,,X/").replace("80,,2/", "80,,1/"))
    for text in ("", "01,a", ":20:X", "Date,Amount\n01,02\n"):
        assert not BAI2.sniff(text.encode())
        with pytest.raises(Refused):
            read(text)


@given(content=damaged([file("16,142,5000,V,260107,,B,C,TEXT/", "88,MORE/", smallest_units=5000).encode()]))
def test_d71_a_damaged_file_is_read_or_refused(content: bytes) -> None:
    parsed_or_refused(BAI2, content, Choices())


@pytest.mark.parametrize(
    ("name", "accounts", "entries", "problems"),
    [("sample1.txt", 2, 17, 0), ("sample3.txt", 15, 26, 0), ("sample4-continuations-newline-delimited.txt", 5, 17, 8)],
)
def test_samples_are_read(name: str, accounts: int, entries: int, problems: int) -> None:
    content = sample(f"bai2/{name}")
    assert BAI2.sniff(content)
    parsed = BAI2.parse(content)
    assert (len(parsed.statements), sum(len(each.entries) for each in parsed.statements)) == (accounts, entries)
    assert len(parsed.problems) == problems
    if not problems:  # the trailers of the third sample contradict its records
        assert {each.difference for each in parsed.statements} <= {Decimal(0), None}
