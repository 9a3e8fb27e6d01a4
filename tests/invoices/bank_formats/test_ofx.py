"""OFX 1 and 2: values closed or not, signs, days with zones, and what happens to damaged files (D20, D71, D99)."""

import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from invoices.bank_formats.contract import Entry, ParsedFile, Refused
from invoices.bank_formats.ofx import OFX
from invoices.bank_formats.registry import read
from tests.invoices.bank_formats.damage import FOLDER, damaged, parsed_or_refused

SAMPLES = sorted(FOLDER.glob("ofx/*"))
HEAD = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n\n"
XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE"?>\n'
BALANCE = "<LEDGERBAL><BALAMT>77.10<DTASOF>20261103</LEDGERBAL>"


def entry(**values: str) -> str:
    """One entry in SGML, with values that are not closed."""
    told = {"TRNTYPE": "OTHER", "DTPOSTED": "20261102", "TRNAMT": "5.00", "FITID": "F1"} | values
    return "<STMTTRN>" + "".join(f"<{tag}>{value}\n" for tag, value in told.items()) + "</STMTTRN>\n"


def statement(*entries: str, currency: str = "EUR", account: str = "0077-88", more: str = BALANCE) -> str:
    """One statement of a bank account."""
    return (
        f"<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>{currency}\n<BANKACCTFROM><BANKID>7<ACCTID>{account}\n"
        f"<ACCTTYPE>CHECKING</BANKACCTFROM>\n<BANKTRANLIST><DTSTART>20261101<DTEND>20261103\n"
        f"{''.join(entries)}</BANKTRANLIST>\n{more}</STMTRS></STMTTRNRS></BANKMSGSRSV1>\n"
    )


def ofx(*statements: str, head: str = HEAD) -> bytes:
    """The file."""
    return f"{head}<OFX>\n{''.join(statements)}</OFX>\n".encode()


GOOD = ofx(statement(entry(), entry(TRNAMT="-3.00", NAME="Müller & Co", MEMO="for A", FITID="F2")))
XML = (XML_HEAD + """<OFX>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1</TRNUID><STMTRS><CURDEF>EUR</CURDEF>
<BANKACCTFROM><BANKID>7</BANKID><ACCTID>0077-88</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101</DTSTART><DTEND>20261103</DTEND>
<STMTTRN><TRNTYPE>OTHER</TRNTYPE><DTPOSTED>20261102</DTPOSTED><TRNAMT>5.00</TRNAMT><FITID>F1</FITID></STMTTRN>
<STMTTRN><TRNTYPE>OTHER</TRNTYPE><DTPOSTED>20261102</DTPOSTED><TRNAMT>-3.00</TRNAMT><FITID>F2</FITID>
<NAME>Müller &amp; Co</NAME><MEMO><![CDATA[for A]]></MEMO></STMTTRN></BANKTRANLIST>
<LEDGERBAL><BALAMT>77.10</BALAMT><DTASOF>20261103</DTASOF></LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1>
</OFX>
""").encode()  # fmt: skip


def first(*entries: str, **stated: str) -> Entry:
    """The first entry of a file without problems."""
    parsed = OFX.parse(ofx(statement(*entries, **stated)))
    assert parsed.problems == ()
    return parsed.statements[0].entries[0]


def refused(content: bytes) -> Refused:
    """The refusal of the content."""
    with pytest.raises(Refused) as caught:
        OFX.parse(content)
    assert caught.value.sentence.endswith(".")
    return caught.value


def bare(parsed: ParsedFile) -> list[tuple[str, Decimal, str, str, str]]:
    """The entries without their places."""
    return [
        (each.booked_on.isoformat(), each.amount, each.counterparty_name, each.text, each.bank_reference)
        for statement in parsed.statements
        for each in statement.entries
    ]


def test_version_1_is_read_with_its_closing_balance() -> None:
    assert OFX.sniff(GOOD)
    parsed = OFX.parse(GOOD)
    assert (parsed.format, parsed.problems) == ("OFX 1.0.2", ())
    (found,) = parsed.statements
    assert (found.account, found.currency, found.number) == ("0077-88", "EUR", "")
    assert (found.opening, found.closing, found.difference) == (None, Decimal("77.10"), None)
    assert (found.opened_on, found.closed_on) == (date(2026, 11, 1), date(2026, 11, 3))
    assert bare(parsed) == [
        ("2026-11-02", Decimal("5.00"), "", "", "F1"), ("2026-11-02", Decimal("-3.00"), "Müller & Co", "for A", "F2")
    ]  # fmt: skip
    assert found.entries[1].position == "statement 1, entry 2, line 18"


def test_version_2_says_the_same() -> None:
    assert OFX.sniff(XML)
    parsed = OFX.parse(XML)
    assert parsed.format == "OFX 2.1.1"
    assert parsed.statements[0].closing == Decimal("77.10")
    assert bare(parsed) == bare(OFX.parse(GOOD))


def test_credit_cards_and_several_accounts_and_lists_are_read() -> None:
    card = "<CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>USD<CCACCTFROM><ACCTID>7788</CCACCTFROM>" + "".join(
        f"<BANKTRANLIST><DTSTART>20261101{entry(FITID=which)}</BANKTRANLIST>" for which in "ab"
    )
    card += "<LEDGERBAL><BALAMT>-5<DTASOF>20261103</LEDGERBAL></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1>"
    parsed = OFX.parse(ofx(statement(entry()), card, statement(entry(), account="99")))
    assert [(each.account, each.currency, len(each.entries)) for each in parsed.statements] == [
        ("0077-88", "EUR", 1), ("7788", "USD", 2), ("99", "EUR", 1)
    ]  # fmt: skip
    assert parsed.statements[1].closing == Decimal("-5.00")


def test_payee_counter_account_and_value_day_are_read() -> None:
    other = "<ACCTID>DE05 1112 2233 3444 5556 66</BANKACCTTO>"
    found = first(entry(DTAVAIL="20261104", PAYEE="<NAME>Someone</PAYEE>", BANKACCTTO=other))
    assert (found.counterparty_name, found.counterparty_account) == ("Someone", "DE05111222333444555666")
    assert found.value_on == date(2026, 11, 4)


@pytest.mark.parametrize(
    "written",
    ["20261102", "202611022359", "20261102235959", "20261102235959.123", "20261102235959.123[-5:EST]",
     "20261102000000[+14:LINT]", "20261102120000[0]", "20261102 120000"],
)  # fmt: skip
def test_days_are_those_of_the_bank_whatever_the_zone(written: str) -> None:
    assert first(entry(DTPOSTED=written)).booked_on == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("written", "currency", "read_as"),
    [("5", "EUR", "5.00"), ("+5.10", "EUR", "5.10"), ("-5,10", "EUR", "-5.10"), ("5.1000", "EUR", "5.10"),
     (".5", "EUR", "0.50"), ("70.00", "JPY", "70"), ("1,234", "KWD", "1.234")],
)  # fmt: skip
def test_d20_amounts_are_exact_with_point_or_comma(written: str, currency: str, read_as: str) -> None:
    assert str(first(entry(TRNAMT=written), currency=currency, more="").amount) == read_as


def test_a_note_over_nothing_is_no_movement() -> None:
    assert OFX.parse(ofx(statement(entry(TRNAMT="0.00")))).statements[0].entries == ()


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (entry(TRNAMT="NaN"), "“NaN” is not an amount"),
        (entry(TRNAMT="Infinity"), "“Infinity” is not an amount"),
        (entry(TRNAMT="1e3"), "“1e3” is not an amount"),
        (entry(TRNAMT="1.000,50"), "“1.000,50” is not an amount"),
        (entry(TRNAMT="5.005"), "has too many decimals"),
        (entry(TRNAMT="9" * 16), "is too large"),
        (entry(TRNAMT=""), "“” is not an amount"),
        (entry(DTPOSTED="20261302"), "“20261302” is not a day"),
        (entry(DTPOSTED="yesterday"), "“yesterday” is not a date"),
        (entry(DTPOSTED=""), "The date is empty"),
        (entry(TRNTYPE="DEBIT", TRNAMT="5.00"), "contradicts its kind DEBIT"),
        (entry(TRNTYPE="CREDIT", TRNAMT="-5.00"), "contradicts its kind CREDIT"),
        (entry(CORRECTFITID="F0", CORRECTACTION="DELETE"), "corrects an entry that was delivered before"),
        (entry(CURRENCY="<CURRATE>1.1<CURSYM>USD</CURRENCY>"), "is in USD, but the account is kept in EUR"),
    ],
    ids=lambda value: value if " " in value and "\n" not in value else "",
)
def test_d20_a_bad_entry_is_a_problem_with_its_place_and_loses_no_other(broken: str, sentence: str) -> None:
    parsed = OFX.parse(ofx(statement(entry(TRNAMT="1.00"), broken, entry(TRNAMT="2.00"))))
    assert [each.amount for each in parsed.statements[0].entries] == [Decimal("1.00"), Decimal("2.00")]
    (problem,) = parsed.problems
    assert problem.position == "statement 1, entry 2, line 18"
    assert sentence in problem.sentence
    assert problem.sentence.endswith(".")


def test_the_original_currency_of_a_converted_amount_is_only_told() -> None:
    assert first(entry(ORIGCURRENCY="<CURRATE>1.1<CURSYM>USD</ORIGCURRENCY>")).amount == Decimal("5.00")


@pytest.mark.parametrize("spoiled", ["<STMTTRX>", "<STMTTRN"])
def test_a_damaged_tag_never_hides_its_entry_without_a_trace(spoiled: str) -> None:
    parsed = OFX.parse(ofx(statement(entry(), entry().replace("<STMTTRN>", spoiled), entry())))
    assert parsed.problems


def test_entries_that_are_not_closed_end_where_the_next_begins() -> None:
    unclosed = entry(TRNAMT="1.00").replace("</STMTTRN>", "")
    (found,) = OFX.parse(ofx(statement(unclosed, entry(TRNAMT="2.00"), unclosed))).statements
    assert [each.amount for each in found.entries] == [Decimal("1.00"), Decimal("2.00"), Decimal("1.00")]
    assert found.closing == Decimal("77.10")


def test_statements_that_are_not_closed_share_no_entry() -> None:
    unclosed = statement(entry(TRNAMT="1.00")).replace("</STMTRS></STMTTRNRS></BANKMSGSRSV1>", "")
    parsed = OFX.parse(ofx(unclosed, statement(entry(TRNAMT="2.00"), account="99")))
    assert [(each.account, len(each.entries)) for each in parsed.statements] == [("0077-88", 1), ("99", 1)]


def test_values_may_be_empty_closed_or_hold_ampersands() -> None:
    found = first(entry(NAME="A & B &amp; C &lt;D&gt; &#252; &copy;</NAME>", MEMO="</MEMO>", CHECKNUM=""))
    assert (found.counterparty_name, found.text) == ("A & B & C <D> ü &copy;", "")


def test_a_closing_balance_that_cannot_be_read_is_a_problem() -> None:
    parsed = OFX.parse(ofx(statement(entry(), more="<LEDGERBAL><BALAMT>much<DTASOF>20261103</LEDGERBAL>")))
    assert (parsed.statements[0].closing, parsed.statements[0].closed_on) == (None, date(2026, 11, 3))
    assert [each.position for each in parsed.problems] == ["statement 1, balance"]
    assert OFX.parse(ofx(statement(entry(), more=""))).problems == ()


@pytest.mark.parametrize(
    ("encoded", "name"),
    [
        (ofx(statement(entry(NAME="Müller"))), "Müller"),
        (ofx(statement(entry(NAME="Müller"))).decode().encode("cp1252"), "Müller"),
        (ofx(statement(entry(NAME="Иван"))).replace(b"1252", b"1251").decode().encode("cp1251"), "Иван"),
        (ofx(statement(entry(NAME="Müller"))).replace(b"1252", b"8859-1").decode().encode("latin-1"), "Müller"),
        (ofx(statement(entry(NAME="Müller"))).replace(b"1252", b"99999").decode().encode("cp1252"), "Müller"),
        (ofx(statement(entry(NAME="Müller"))).decode().encode("utf-16"), "Müller"),
        (ofx(statement(entry(NAME="Müller"))).decode().encode("utf-8-sig"), "Müller"),
        (XML_HEAD.replace("UTF-8", "ISO-8859-1").encode() + ofx(statement(entry(NAME="Müller")), head="")
         .decode().encode("latin-1"), "Müller"),
    ],
    ids=["utf-8 after all", "1252", "1251", "8859-1", "unknown page", "utf-16", "with mark", "xml latin"],
)  # fmt: skip
def test_the_code_page_is_the_one_declared_or_utf8(encoded: bytes, name: str) -> None:
    assert OFX.sniff(encoded)
    assert OFX.parse(encoded).statements[0].entries[0].counterparty_name == name


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (ofx("<SIGNUPMSGSRSV1><ACCTINFOTRNRS><ACCTINFORS><DTACCTUP>20261101</ACCTINFORS></ACCTINFOTRNRS></SIGNUPMSGSRSV1>"),
         "holds only a list of accounts"),
        (ofx("<INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS><CURDEF>USD</INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>"),
         "statements of an investment account"),
        (ofx("<SONRS><STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Signon invalid</STATUS></SONRS>"),
         "holds no statement; the bank answered “Signon invalid”"),
        (ofx(""), "holds no statement"),
        (ofx(statement(entry(), account="")), "names no account"),
        (ofx(statement(entry(), currency="EURO")), "“EURO”, which is no currency"),
        (HEAD.encode(), "no complete <OFX> element"),
        (GOOD[: len(GOOD) - 10], "breaks off before </OFX>"),
        (GOOD.replace(b"</OFX>", b""), "breaks off before </OFX>"),
        (ofx("<![CDATA[" + statement(entry())), "no complete <OFX> element"),
        (b'<!DOCTYPE OFX [<!ENTITY a "b">]>' + GOOD, "declares a document type"),
        (ofx("<A>" * 100), "nested more than 60 deep"),
        (ofx("<" * 3_100_000), "too many elements"),
        (XML.replace("ü".encode(), b"\xfc"), "says that it is written in utf-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_holds_no_statement_is_refused_with_the_reason(content: bytes, sentence: str) -> None:
    assert OFX.sniff(content)
    assert sentence in refused(content).sentence


def test_an_investment_beside_a_bank_account_is_left_out_and_told() -> None:
    investment = "<INVSTMTTRNRS><INVSTMTRS><CURDEF>USD</INVSTMTRS></INVSTMTTRNRS>"
    parsed = OFX.parse(ofx(statement(entry()), investment))
    assert len(parsed.statements) == 1
    assert "also holds statements of an investment account" in parsed.problems[0].sentence


@given(content=damaged([GOOD, XML, ofx(statement(entry()), statement(entry(), account="99"))]))
def test_d99_damaged_files_are_parsed_or_refused_in_bounded_time(content: bytes) -> None:
    started = time.monotonic()
    parsed_or_refused(OFX, content)
    assert time.monotonic() - started < 5


@pytest.mark.skipif(not SAMPLES, reason="The bank samples are not here.")
@given(content=damaged([path.read_bytes() for path in SAMPLES] or [b""]))
def test_d99_damaged_samples_are_parsed_or_refused(content: bytes) -> None:
    parsed_or_refused(OFX, content)


@pytest.mark.skipif(not SAMPLES, reason="The bank samples are not here.")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_are_read_whole_or_refused_with_the_reason(path: Path) -> None:
    content = path.read_bytes()
    if path.name == "account_listing_aggregation.ofx":
        with pytest.raises(Refused, match="only a list of accounts"):
            read(content, name=path.name)
        return
    parsed = read(content, name=path.name)
    assert parsed.problems == ()
    assert sum(len(each.entries) for each in parsed.statements) == content.count(b"<STMTTRN>")
    assert all(each.closing is not None and each.opening is None for each in parsed.statements)
