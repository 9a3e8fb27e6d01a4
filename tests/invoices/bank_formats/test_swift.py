"""MT940 and MT942: signs, days, balances, the banks' forms of details, and what happens to damaged fields."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from invoices.bank_formats.contract import Entry, ParsedFile, Refused, Statement
from invoices.bank_formats.swift import MT940
from tests.invoices.bank_formats.damage import damaged, parsed_or_refused, sample


def statement(*lines: str, opening: str = "C260101EUR1000,00", closing: str = "C260131EUR1000,00") -> str:
    """An MT940 statement with these lines between its balances."""
    body = "\r\n".join(lines)
    return f":20:STARTUMS\r\n:25:10020030/1234567\r\n:28C:5/1\r\n:60F:{opening}\r\n{body}\r\n:62F:{closing}\r\n-\r\n"


def read(text: str, encoding: str = "utf-8") -> ParsedFile:
    return MT940.parse(text.encode(encoding))


def only(text: str, encoding: str = "utf-8") -> Statement:
    (found,) = read(text, encoding).statements
    return found


def entry(*lines: str, encoding: str = "utf-8") -> Entry:
    (found,) = only(statement(*lines), encoding).entries
    return found


def test_a_statement_has_account_number_and_signed_balances() -> None:
    found = only(
        statement(":61:2601050105C10,50NTRFNONREF//BANK1", opening="D260101EUR1000,", closing="D260131EUR989,5")
    )
    assert (found.account, found.number, found.currency) == ("10020030/1234567", "5/1", "EUR")
    assert (found.opening, found.closing) == (Decimal("-1000.00"), Decimal("-989.50"))
    assert (found.opened_on, found.closed_on) == (date(2026, 1, 1), date(2026, 1, 31))
    assert found.difference == 0


@pytest.mark.parametrize(
    ("mark", "amount", "is_reversal"),
    [("C", "10.00", False), ("D", "-10.00", False), ("RC", "-10.00", True), ("RD", "10.00", True),
     ("CR", "10.00", False), ("DR", "-10.00", False), ("RCR", "-10.00", True), ("RDR", "10.00", True)],
)  # fmt: skip
def test_marks_give_the_sign_and_a_reversal_takes_back(mark: str, amount: str, is_reversal: bool) -> None:
    found = entry(f":61:2601050105{mark}10,NTRFNONREF")
    assert (found.amount, found.is_reversal) == (Decimal(amount), is_reversal)


@pytest.mark.parametrize(
    ("days", "value_on", "booked_on"),
    [
        ("2601050106", date(2026, 1, 5), date(2026, 1, 6)),
        ("260105", date(2026, 1, 5), date(2026, 1, 5)),
        ("260105    ", date(2026, 1, 5), date(2026, 1, 5)),
        ("2512311231", date(2025, 12, 31), date(2025, 12, 31)),
        ("2512310102", date(2025, 12, 31), date(2026, 1, 2)),
        ("2601021231", date(2026, 1, 2), date(2025, 12, 31)),
    ],
)
def test_the_entry_day_takes_the_year_that_is_near_the_value_day(days: str, value_on: date, booked_on: date) -> None:
    found = entry(f":61:{days}C10,00NTRFNONREF")
    assert (found.value_on, found.booked_on) == (value_on, booked_on)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [("1234,5", "EUR", "1234.50"), (",5", "EUR", "0.50"), ("7,", "EUR", "7.00"), ("000000000025,00", "EUR", "25.00"),
     ("1500,", "JPY", "1500"), ("1500,00", "JPY", "1500"), ("1,234", "KWD", "1.234")],
)  # fmt: skip
def test_d20_amounts_have_the_digits_of_their_currency(amount: str, currency: str, expected: str) -> None:
    lines = statement(f":61:260105C{amount}NTRFNONREF", opening=f"C260101{currency}0,", closing=f"C260131{currency}0,")
    (found,) = only(lines).entries
    assert str(found.amount) == expected


@pytest.mark.parametrize("amount", ["1.234,56", "500", "1,234", "12,5,0", "1234567890123456,00", "NaN", "1e5", ""])
def test_d20_an_amount_that_is_none_costs_only_its_entry(amount: str) -> None:
    parsed = read(statement(f":61:260105C{amount}NTRFNONREF", ":61:260105C10,00NTRFNONREF"))
    assert [each.amount for each in parsed.statements[0].entries] == [Decimal("10.00")]
    assert [problem.position for problem in parsed.problems] == ["line 5"]


def test_a_day_that_is_in_no_calendar_costs_only_its_entry() -> None:
    parsed = read(statement(":61:260231C5,00NTRFNONREF", ":61:2601050105C10,00NTRFNONREF"))
    assert len(parsed.statements[0].entries) == 1
    assert "calendar" in parsed.problems[0].sentence


def test_an_entry_of_nothing_is_no_movement() -> None:
    parsed = read(statement(":61:260105C0,00NDIVNONREF", ":86:NEWS FROM YOUR BANK"))
    assert (parsed.statements[0].entries, parsed.problems) == ((), ())


def test_german_details_name_the_payer_and_the_purpose() -> None:
    found = entry(
        ":61:2601050105CR150,00NTRFKREF+//1234",
        ":86:166?00GUTSCHRIFT?100399?20EREF+ORDER-4711-2026-000001?2115?22SVWZ",
        "+Rechnung INV-2026-17?23vom 3.1.?30PBNKDEFF100?31DE421001001000439",
        "21105?32Richter und Soehne Gesellsc?33haft mbH?34000",
    )
    assert found.counterparty_name == "Richter und Soehne Gesellschaft mbH"
    assert found.counterparty_account == "DE42100100100043921105"
    assert found.text == "Rechnung INV-2026-17 vom 3.1."
    assert found.end_to_end_id == "ORDER-4711-2026-00000115"
    assert found.bank_reference == "1234"


def test_german_fields_that_are_full_go_on_in_the_next_one() -> None:
    found = entry(":61:260105C1,00NTRFNONREF", ":86:051?00GUTSCHRIFT?20Zahlung fuer Rechnung INV-2?21026-0017?22Danke")
    assert found.text == "Zahlung fuer Rechnung INV-2026-0017 Danke"


@pytest.mark.parametrize("separator", ["~", "<", "^"])
def test_polish_banks_use_other_signs_between_german_fields(separator: str) -> None:
    s = separator
    found = entry(":61:260105C1,00NTRFNONREF", f":86:020{s}00PRZELEW{s}20FAKTURA 17/2026{s}32HUTA SZKLA{s}38PL08106")
    assert (found.text, found.counterparty_name) == ("FAKTURA 17/2026", "HUTA SZKLA")


def test_polish_words_of_mbank_name_payer_and_title() -> None:
    found = entry(
        ":61:2601050105CN0,01NTRFNONREF//MB1", "911-TRANSAKCJA IPH",
        ":86:911 TRANSAKCJA COLLECT; ID IPH: XX000000000001; Z RACH.: ",
        "56114010810000267002001001; OD: JAN NOWAK  ", "UL. NIJAKA 1; TYT.: FAKTURA 17   ; ", "TNR: 179.010001",
    )  # fmt: skip
    assert found.counterparty_account == "56114010810000267002001001"
    assert found.counterparty_name == "JAN NOWAK UL. NIJAKA 1"
    assert found.text == "FAKTURA 17"


def test_dutch_words_name_counterparty_reference_and_return() -> None:
    found = entry(
        ":61:2601050105C32,00NTRFEREF//0000001",
        ":86:/RTRN/MS03//EREF/E2E-1//CNTP/NL32INGB0000012345/INGBNL2A/J. JANSSEN//",
        "/REMI/STRD/CUR/9001123412341234/",
    )
    assert found.counterparty_account == "NL32INGB0000012345"
    assert found.counterparty_name == "J. JANSSEN"
    assert (found.reference, found.end_to_end_id) == ("9001123412341234", "E2E-1")
    assert found.is_reversal


def test_swift_words_of_rabobank_and_abn_amro() -> None:
    rabo = entry(
        ":61:260105C5,00N102EREF", "NL70ABNA0987654321", ":86:/EREF/E9/ORDP//NAME/JOHN DOE/REMI/Invoice 17/ISDT/2026"
    )
    assert (rabo.counterparty_account, rabo.counterparty_name) == ("NL70ABNA0987654321", "JOHN DOE")
    assert (rabo.text, rabo.end_to_end_id) == ("Invoice 17", "E9")
    abn = entry(
        ":61:2601050105C5,00N196NONREF",
        ":86:/TRTP/SEPA OVERBOEKING/IBAN/FR1234567890123456/BIC/GEFRADAM",
        "/NAME/Q JGRED/REMI/factuur 17/EREF/NOTPROVIDED",
    )  # fmt: skip
    assert (abn.counterparty_account, abn.text, abn.end_to_end_id) == ("FR1234567890123456", "factuur 17", "")


def test_asn_writes_the_account_as_reference_and_the_name_below() -> None:
    found = entry(
        ":61:2601050105C65,00NOVBNL47INGB9999999999", "h paulissen",
        ":86:NL47INGB9999999999 h paulissen", "", "Betaling factuur 17", "", "",
    )  # fmt: skip
    assert (found.counterparty_account, found.counterparty_name) == ("NL47INGB9999999999", "h paulissen")
    assert (found.text, found.end_to_end_id) == ("Betaling factuur 17", "")


def test_knab_writes_account_and_name_behind_the_text() -> None:
    found = entry(":61:2601050105C5,NTRFNONREF//B4", ":86:FACTUUR 201403110", "REK: NL65INGB0123456789/NAAM: PICQER")
    assert (found.text, found.counterparty_name) == ("FACTUUR 201403110", "PICQER")


def test_a_line_as_long_as_swift_allows_goes_on_without_a_blank() -> None:
    cut = "Thank you very much indeed for the excellent goods, invoice INV-2"
    assert len(cut) == 65
    assert entry(":61:260105C5,NTRFNONREF", f":86:{cut}", "026-0017").text.endswith("invoice INV-2026-0017")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", "Müller ✓"), ("utf-8-sig", "Müller"), ("utf-16", "Müller"), ("cp1252", "Müller Straße"),
     ("cp1252", "Jørgen Åse København"), ("cp1250", "Zażółć gęślą jaźń"), ("cp852", "Zażółć gęślą jaźń opłata"),
     ("cp1251", "Оплата по счету номер")],
)  # fmt: skip
def test_the_encodings_that_banks_use(encoding: str, text: str) -> None:
    assert entry(":61:260105C5,NTRFNONREF", f":86:{text}", encoding=encoding).text == text


def test_several_statements_of_one_file_keep_their_own_accounts() -> None:
    other = statement(":61:260105D5,NTRFNONREF").replace("1234567", "7654321")
    parsed = read(statement(":61:260105C5,NTRFNONREF") + "ABNANL2A\r\n940\r\nABNANL2A\r\n" + other)
    assert [each.account for each in parsed.statements] == ["10020030/1234567", "10020030/7654321"]
    assert [each.entries[0].amount for each in parsed.statements] == [Decimal("5.00"), Decimal("-5.00")]


def test_intermediate_balances_and_a_missing_last_dash() -> None:
    text = statement(":61:260105C5,NTRFNONREF").replace("60F", "60M").replace("62F", "62M").rstrip("-\r\n")
    found = only(text)
    assert (found.opening, found.closing) == (Decimal("1000.00"), Decimal("1000.00"))


def test_envelopes_of_the_network_are_left_out() -> None:
    text = "{1:F01ASNBNL21XXXX0000000000}{2:O940ASNBNL21XXXXN}{3:}{4:\n" + statement(
        ":61:260105C5,NTRFNONREF", ":86:Hi"
    )
    found = only(text.replace("\r\n-\r\n", "\r\n-}{5:}\r\n"))
    assert [each.text for each in found.entries] == ["Hi"]


def test_a_dash_alone_in_a_broken_text_does_not_end_the_statement() -> None:
    found = only(
        statement(":61:260105C5,NTRFNONREF", ":86:/MARF/MND", "-", "EV01//REMI/USTD//Invoice 17/", ":61:260105C6,NTRF")
    )
    assert [each.amount for each in found.entries] == [Decimal("5.00"), Decimal("6.00")]
    assert found.entries[0].text == "Invoice 17"


def test_an_entry_outside_of_a_statement_is_told_and_left_out() -> None:
    parsed = read(statement(":61:260105C5,NTRFNONREF") + ":61:260105C119,NMSC341\r\nPaiement\r\n")
    assert len(parsed.statements[0].entries) == 1
    assert [problem.position for problem in parsed.problems] == ["line 8"]


def test_a_file_cut_off_before_the_closing_balance_says_so() -> None:
    parsed = read(statement(":61:260105C5,NTRFNONREF").partition(":62F")[0])
    assert parsed.statements[0].closing is None
    assert "closing balance" in parsed.problems[0].sentence


def test_a_currency_that_is_not_kept_here_leaves_out_its_statement_only() -> None:
    old = statement(":61:020105C5,NTRFNONREF", opening="C020101DEM5,", closing="C020131DEM10,")
    parsed = read(old + statement(":61:260105C5,NTRFNONREF"))
    assert [each.currency for each in parsed.statements] == ["EUR"]
    assert "DEM" in parsed.problems[0].sentence


@pytest.mark.parametrize("header", ["", "{1:F01X}{2:O942BANKDEFFXXXXN}{4:\r\n", "BANKDEFF\r\n942 00\r\n"])
def test_mt942_is_announced_and_not_booked(header: str) -> None:
    text = (
        f"{header}:20:1\r\n:25:123\r\n:28C:1\r\n:34F:EUR0,00\r\n:13D:2601051200+0100\r\n"
        ":61:2601050105C10,00NTRFNONREF\r\n:86:soon\r\n:61:260106ED4,00NTRFNONREF\r\n:90C:1EUR10,00\r\n-\r\n"
    )
    parsed = read(text)
    assert parsed.format == "MT942"
    entries = parsed.statements[0].entries
    assert [(str(each.amount), each.is_booked) for each in entries] == [("10.00", False), ("-4.00", False)]
    assert parsed.statements[0].opening is None


@pytest.mark.parametrize("text", ["", "Hello", ":20:X", ":25:1\n:28C:1\n", "01,a,b/\n", "\0\0\0", "<Document/>"])
def test_what_is_no_statement_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Refused):
        read(text)
    assert not MT940.sniff(text.encode())


def test_a_cell_of_ten_megabytes_is_read_and_cut() -> None:
    assert len(entry(":61:260105C5,NTRFNONREF", f":86:{'x' * 10_000_000}").text) == 4_000


@given(content=damaged([statement(":61:2601050105C10,50NTRFNONREF//B1", ":86:166?00X?20EREF+1?32Müller").encode(),
                        statement(":61:260105D1,NTRFNONREF", ":86:/EREF/1//REMI/USTD//x/").encode()]))  # fmt: skip
def test_d71_a_damaged_file_is_read_or_refused(content: bytes) -> None:
    parsed_or_refused(MT940, content)


@pytest.mark.parametrize(
    ("name", "statements", "entries", "problems"),
    [
        ("asnb_mt940.txt", 31, 8, 0), ("citi_mt940.txt", 1, 3, 0), ("cmxl_mt940.sta", 2, 5, 3),
        ("hbci4j_mt940_001.sta", 1, 2, 0), ("mbank_mt940.sta", 1, 3, 0), ("multiline.sta", 1, 1, 1),
        ("oca_ing_old.940", 1, 8, 0), ("oca_sns.940", 3, 7, 1), ("rabobank-iban.sta", 2, 4, 0),
        ("sepa_mt9401.sta", 26, 97, 0),
    ],
)  # fmt: skip
def test_samples_lead_from_opening_to_closing(name: str, statements: int, entries: int, problems: int) -> None:
    content = sample(f"mt940/{name}")
    assert MT940.sniff(content)
    parsed = MT940.parse(content)
    assert (len(parsed.statements), sum(len(each.entries) for each in parsed.statements)) == (statements, entries)
    assert len(parsed.problems) == problems
    assert {each.difference for each in parsed.statements} <= {Decimal(0), None}


@pytest.mark.parametrize(
    ("name", "differences"),
    [("abnamro.sta", ["-2038.00", "-1002.60"]), ("ing.sta", ["49.06"]), ("knab.sta", ["0.00", "5000.00"]),
     ("raiffeisen-cmi.sta", ["1123264.00"])],
)  # fmt: skip
def test_samples_whose_figures_contradict_each_other_are_caught(name: str, differences: list[str]) -> None:
    parsed = MT940.parse(sample(f"mt940/{name}"))
    assert [str(each.difference) for each in parsed.statements] == differences
