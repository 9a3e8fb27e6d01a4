"""CSV and spreadsheets: columns in five languages, signs, days and decimals proven or asked, the nuisances of D70."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given

from invoices.bank_formats.contract import Choices, Entry, ParsedFile, Refused, Statement
from invoices.bank_formats.csv_file import CSV, read_with
from tests.invoices.bank_formats.damage import damaged, parsed_or_refused, sample

HEADER = "Booking date,Value date,Amount,Currency,Counterparty,Description"
ROW = "2026-01-05,2026-01-06,1234.50,EUR,Müller & Söhne,Invoice INV-17"


def read(text: str, encoding: str = "utf-8", **choices: Any) -> ParsedFile:
    return read_with(text.encode(encoding), Choices(**choices))


def only(text: str, **choices: Any) -> Statement:
    (found,) = read(text, **choices).statements
    return found


def entry(text: str, **choices: Any) -> Entry:
    (found,) = only(text, **choices).entries
    return found


def workbook(*rows: tuple[object, ...]) -> bytes:
    """A spreadsheet with these rows, days and numbers typed."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for index, cells in enumerate(rows):
            sheet.write_row(index, 0, cells)
    return file.getvalue()


def amounts(statement: Statement) -> list[str]:
    return [str(each.amount) for each in statement.entries]


def test_a_row_becomes_an_entry() -> None:
    found = entry(f"{HEADER}\n{ROW}\n")
    assert (found.position, found.booked_on, found.value_on) == ("line 2", date(2026, 1, 5), date(2026, 1, 6))
    assert (found.amount, found.currency) == (Decimal("1234.50"), "EUR")
    assert (found.counterparty_name, found.text) == ("Müller & Söhne", "Invoice INV-17")


@pytest.mark.parametrize(
    "header",
    [
        "Date;Value date;Amount;Ccy;Payer;Description",
        "Buchungstag;Wertstellung;Betrag;Währung;Auftraggeber/Empfänger;Verwendungszweck",
        "Date opération;Date valeur;Montant;Devise;Nom du tiers;Libellé",
        "Boekdatum;Rentedatum;Bedrag;Munt;Naam tegenpartij;Omschrijving",
        "Fecha operación;Fecha valor;Importe;Divisa;Beneficiario;Concepto",
    ],
)
def test_columns_are_known_in_five_languages(header: str) -> None:
    found = entry(f"{header}\n05/02/2026;06/02/2026;1.234,50;EUR;ACME;INV-17\n", date_order="dmy")
    assert (found.booked_on, found.value_on) == (date(2026, 2, 5), date(2026, 2, 6))
    assert (found.amount, found.counterparty_name, found.text) == (Decimal("1234.50"), "ACME", "INV-17")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_d70_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    text = f"{HEADER}\r\n{ROW}\r\n".replace(",", delimiter)
    (found,) = read(text, encoding).statements[0].entries
    assert (found.counterparty_name, found.amount) == ("Müller & Söhne", Decimal("1234.50"))


def test_lines_above_the_header_are_passed_over_and_name_the_account() -> None:
    heading = 'Konto:;"DE89 3704 0044 0532 0130 00"\nZeitraum:;01.01.2026 - 31.01.2026\n\n'
    text = "Buchungstag;Betrag;Währung;Verwendungszweck\n05.01.2026;-1.234,56;EUR;Miete\n;;;\n"
    assert only(heading + text).account == "DE89370400440532013000"
    assert amounts(only(heading + text)) == ["-1234.56"]


def test_a_column_that_is_the_same_in_every_row_is_the_own_account_and_else_that_of_others() -> None:
    rows = "Date,Amount,Currency,IBAN\n2026-01-05,1.00,EUR,DE89370400440532013000\n2026-01-06,2.00,EUR,{}\n"
    same = only(rows.format("DE89370400440532013000"))
    assert (same.account, same.entries[0].counterparty_account) == ("DE89370400440532013000", "")
    differing = only(rows.format("NL47INGB9999999999"))
    assert (differing.account, differing.entries[1].counterparty_account) == ("", "NL47INGB9999999999")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [("10.50", "10.50"), ("-10.50", "-10.50"), ("10.50-", "-10.50"), ("(10.50)", "-10.50"), ("+10.50", "10.50"),
     ("10.50 CR", "10.50"), ("10.50DR", "-10.50"), ("10.50 D", "-10.50"), ("€10.50", "10.50"), ("10.50 EUR", "10.50"),
     ('"1,234.50"', "1234.50"), ("1'234.50", "1234.50"), ("1 234.50", "1234.50"), ("10.5", "10.50"), ("−3.00", "-3.00"),
     ("10", "10.00")],
)  # fmt: skip
def test_d70_amounts_in_every_dress(cell: str, amount: str) -> None:
    assert str(entry(f"Date,Amount,Currency\n2026-01-05,{cell},EUR\n", decimal_mark=".").amount) == amount


@pytest.mark.parametrize(
    "cell", ["NaN", "Infinity", "1e5", "ten", "10.505", "1.2.3", "--1", "9" * 20, "10.50 USD", "\0"]
)
def test_d20_what_is_no_amount_costs_only_its_row(cell: str) -> None:
    parsed = read(f"Date,Amount,Currency\n2026-01-05,{cell},EUR\n2026-01-06,2.00,EUR\n", decimal_mark=".")
    assert amounts(parsed.statements[0]) == ["2.00"]
    assert [problem.position for problem in parsed.problems] == ["line 2"]


@pytest.mark.parametrize(("currency", "cell", "amount"), [("JPY", "1500", "1500"), ("KWD", "1.234", "1.234")])
def test_d20_amounts_have_the_digits_of_their_currency(currency: str, cell: str, amount: str) -> None:
    assert str(entry(f"Date,Amount,Currency\n2026-01-05,{cell},{currency}\n", decimal_mark=".").amount) == amount


def test_money_in_and_out_in_columns_of_their_own() -> None:
    text = "Date,Credit,Debit,Currency\n2026-01-05,10.00,,EUR\n2026-01-06,,3.00,EUR\n2026-01-07,0.00,4.00,EUR\n"
    assert amounts(only(text)) == ["10.00", "-3.00", "-4.00"]


def test_a_debit_column_in_which_all_have_a_minus() -> None:
    text = "Date,Credit,Debit,Currency\n2026-01-05,10.00,,EUR\n2026-01-06,,-3.00,EUR\n2026-01-06,,-4.00,EUR\n"
    assert amounts(only(text)) == ["10.00", "-3.00", "-4.00"]


def test_a_minus_in_a_debit_column_without_takes_a_debit_back() -> None:
    text = "Date,Credit,Debit,Currency\n2026-01-05,,10.00,EUR\n2026-01-06,,-3.00,EUR\n"
    assert amounts(only(text)) == ["-10.00", "3.00"]


@pytest.mark.parametrize(
    ("header", "credit", "debit"),
    [("D/C", "C", "D"), ("DR/CR", "CR", "DR"), ("Soll/Haben", "H", "S"), ("Af Bij", "Bij", "Af"),
     ("Debe/Haber", "Haber", "Debe"), ("Direction", "credit", "debit"), ("Sens", "C", "D")],
)  # fmt: skip
def test_a_word_that_gives_the_side(header: str, credit: str, debit: str) -> None:
    text = f"Date,Amount,Currency,{header}\n2026-01-05,10.00,EUR,{credit}\n2026-01-06,3.00,EUR,{debit}\n"
    assert amounts(only(text)) == ["10.00", "-3.00"]


def test_a_side_that_is_unknown_or_contradicts_the_sign_is_a_problem() -> None:
    text = "Date,Amount,Currency,D/C\n2026-01-05,10.00,EUR,X\n2026-01-06,-3.00,EUR,C\n2026-01-07,-3.00,EUR,D\n"
    parsed = read(text)
    assert amounts(parsed.statements[0]) == ["-3.00"]
    assert [problem.position for problem in parsed.problems] == ["line 2", "line 3"]


@pytest.mark.parametrize(
    ("cell", "on"),
    [("2026-02-05", date(2026, 2, 5)), ("05.02.2026", date(2026, 2, 5)), ("5.2.26", date(2026, 2, 5)),
     ("2026-02-05 23:59:59", date(2026, 2, 5)), ("2026-02-05T00:00:00Z", date(2026, 2, 5)),
     ("2026-02-05 12:34:56 +0000", date(2026, 2, 5)), ("20260205", date(2026, 2, 5)), ("05 Feb 2026", date(2026, 2, 5)),
     ("5-Feb-26", date(2026, 2, 5)), ("Feb 5, 2026", date(2026, 2, 5)), ("05/02/2026 7:15 PM", date(2026, 2, 5))],
)  # fmt: skip
def test_days_in_every_dress(cell: str, on: date) -> None:
    order = "dmy" if cell.startswith(("05/", "05.", "5.")) else None
    assert entry(f'Date;Amount;Currency\n"{cell}";1.00;EUR\n', date_order=order).booked_on == on


def test_an_order_of_day_and_month_that_nothing_proves_is_asked_for() -> None:
    text = "Date,Amount,Currency\n03/04/2026,1.00,EUR\n05/06/2026,2.00,EUR\n"
    with pytest.raises(Refused, match="Choose whether the day") as refused:
        read(text)
    assert set(refused.value.fields) == {"date_order"}
    assert only(text, date_order="dmy").entries[0].booked_on == date(2026, 4, 3)
    assert only(text, date_order="mdy").entries[0].booked_on == date(2026, 3, 4)


def test_one_day_after_the_twelfth_proves_the_order_of_all() -> None:
    text = "Date,Amount,Currency\n03/04/2026,1.00,EUR\n05/26/2026,2.00,EUR\n"
    assert [each.booked_on for each in only(text).entries] == [date(2026, 3, 4), date(2026, 5, 26)]


def test_days_that_mean_the_same_in_either_order_need_no_question() -> None:
    assert entry("Date,Amount,Currency\n03/03/2026,1.00,EUR\n").booked_on == date(2026, 3, 3)


def test_a_table_in_german_has_its_days_first() -> None:
    found = entry("Buchungstag;Betrag;Währung\n03/04/2026;1,00;EUR\n")
    assert found.booked_on == date(2026, 4, 3)


def test_a_decimal_mark_that_nothing_proves_is_known_by_the_language() -> None:
    assert entry("Buchungstag;Betrag;Währung\n2026-01-05;1.234;EUR\n").amount == Decimal("1234.00")
    assert str(entry("Date;Amount;Currency\n2026-01-05;1,234;EUR\n").amount) == "1234.00"


def test_columns_that_were_chosen_leave_the_decimal_mark_to_be_asked() -> None:
    columns = {"booked_on": "When", "amount": "How much"}
    with pytest.raises(Refused) as refused:
        read("When,How much\n03/04/2026,1.234\n", columns=columns)
    assert set(refused.value.fields) == {"date_order", "decimal_mark", "currency"}
    chosen = Choices(currency="EUR", date_order="dmy", decimal_mark=",", columns=columns)
    assert read_with(b"When,How much\n03/04/2026,1.234\n", chosen).statements[0].entries[0].amount == Decimal("1234.00")


@pytest.mark.parametrize("columns", [{"booked_on": "Nowhere", "amount": "How much"}, {"amount": "How much"}])
def test_chosen_columns_must_be_there_and_enough(columns: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        read("When,How much\n2026-04-03,1.00\n", columns=columns, currency="EUR")
    assert set(refused.value.fields) == {"columns"}


def test_a_currency_that_the_file_does_not_name_is_asked_for() -> None:
    text = "Date,Amount,Description\n2026-01-05,1.00,x\n"
    with pytest.raises(Refused, match="currency") as refused:
        read(text)
    assert set(refused.value.fields) == {"currency"}
    assert only(text, currency="CHF").currency == "CHF"
    with pytest.raises(Refused, match="not a currency code"):
        read(text, currency="francs")


@pytest.mark.parametrize("header", ["Amount (EUR)", "Amount EUR", "Amount [EUR]", "Betrag (€)", "Umsatz in EUR"])
def test_a_currency_in_a_header(header: str) -> None:
    assert only(f"Date,{header}\n2026-01-05,1.00\n").currency == "EUR"


def test_each_currency_and_account_has_its_own_statement() -> None:
    text = (
        "Date,Amount,Currency,Own account\n2026-01-05,1.00,EUR,A\n2026-01-05,2.00,USD,A\n2026-01-05,3.00,EUR,B\n"
        "2026-01-06,4.00,€,A\n2026-01-06,5.00,XXX,A\n"
    )
    parsed = read(text)
    found = [(each.account, each.currency, amounts(each)) for each in parsed.statements]
    assert found == [("A", "EUR", ["1.00", "4.00"]), ("A", "USD", ["2.00"]), ("B", "EUR", ["3.00"])]
    assert [problem.position for problem in parsed.problems] == ["line 6"]


def test_what_column_is_missing_is_said() -> None:
    with pytest.raises(Refused, match="the booking date") as refused:
        read("Who,Amount,Currency\nACME,1.00,EUR\n")
    assert refused.value.position == "line 1"
    assert set(refused.value.fields) == {"columns"}
    with pytest.raises(Refused, match="the amount"):
        read("Date,Who,Currency\n2026-01-05,ACME,EUR\n")


BALANCED = "Date,Amount,Currency,Balance\n{}\n"


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_running_balance_leads_from_opening_to_closing(newest_first: bool) -> None:
    rows = ["2026-01-05,10.00,EUR,110.00", "2026-01-05,10.00,EUR,120.00", "2026-01-06,-5.00,EUR,115.00"]
    found = only(BALANCED.format("\n".join(rows[::-1] if newest_first else rows)))
    assert (found.opening, found.closing, found.difference) == (Decimal("100.00"), Decimal("115.00"), Decimal(0))
    assert amounts(found) == (["-5.00", "10.00", "10.00"] if newest_first else ["10.00", "10.00", "-5.00"])


def test_a_running_balance_with_a_gap_states_no_balances_and_says_where() -> None:
    parsed = read(BALANCED.format("2026-01-05,10.00,EUR,110.00\n2026-01-06,-5.00,EUR,115.00"))
    assert (parsed.statements[0].opening, parsed.statements[0].closing) == (None, None)
    assert parsed.problems[0].position == "line 3"
    assert len(parsed.statements[0].entries) == 2


def test_rows_without_a_balance_count_until_the_next_one() -> None:
    found = only(BALANCED.format("2026-01-05,10.00,EUR,\n2026-01-05,1.00,EUR,111.00\n2026-01-06,-5.00,EUR,"))
    assert (found.opening, found.closing, found.difference) == (Decimal("100.00"), Decimal("106.00"), Decimal(0))


def test_pending_rows_are_not_booked_unless_the_balance_counts_them() -> None:
    text = (
        "Date,Amount,Currency,Balance,Status\n2026-01-05,10.00,EUR,110.00,Completed\n"
        "2026-01-05,7.00,EUR,110.00,Pending\n2026-01-06,-5.00,EUR,105.00,Pending\n2026-01-06,1.00,EUR,105.00,Declined\n"
    )
    found = only(text)
    assert [(str(each.amount), each.is_booked) for each in found.entries] == [
        ("10.00", True), ("7.00", False), ("-5.00", True)]  # fmt: skip
    assert found.difference == 0


def test_a_fee_is_an_entry_of_its_own() -> None:
    found = only("Date,Amount,Currency,Fee,Description\n2026-01-05,100.00,EUR,-3.00,INV-17\n")
    assert [(each.position, str(each.amount), each.text) for each in found.entries] == [
        ("line 2", "100.00", "INV-17"), ("line 2, fee", "-3.00", "Fee INV-17")]  # fmt: skip


def test_german_keywords_inside_one_cell() -> None:
    found = entry(
        "Buchungstag;Betrag;Währung;Verwendungszweck\n05.01.2026;1,00;EUR;EREF+E2E-7MREF+M1SVWZ+Rechnung 17\n"
    )
    assert (found.text, found.end_to_end_id) == ("Rechnung 17", "E2E-7")


@pytest.mark.parametrize("kind", ["Payment Refund", "Reversal", "Rücklastschrift", "Chargeback", "STORNO"])
def test_a_kind_of_booking_that_takes_back(kind: str) -> None:
    assert entry(f"Date,Amount,Currency,Type\n2026-01-05,1.00,EUR,{kind}\n").is_reversal


@pytest.mark.parametrize(
    ("text", "amount", "name"),
    [
        (
            (
                '"Girokonto";"DE89370400440532013000"\n"Kontostand vom 31.01.2026:";"1.000,00 €"\n""\n"Buchungsdatum";'
                '"Wertstellung";"Status";"Zahlungspflichtige*r";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)"\n'
                '"05.02.26";"05.02.26";"Gebucht";"ACME GmbH";"INV-17";"Eingang";"DE02100100100006820101";"1.234,5"\n'
            ),
            "1234.50",
            "ACME GmbH",
        ),
        (
            (
                "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,"
                "Credit Amount,Balance\n25/02/2026,FPI,'30-99-99,4711,ACME LTD INV-17,,1234.50,2000.00\n"
            ),
            "1234.50",
            "",
        ),
        (
            (
                "Umsätze;;;\nKonto;DE89370400440532013000;;\nBuchungstag;Wert;Begünstigter / Auftraggeber;Soll;"
                "Haben;Währung\n05.02.2026;05.02.2026;ACME GmbH;-12,50;;EUR\nKontostand;;;;;EUR\n"
            ),
            "-12.50",
            "ACME GmbH",
        ),
    ],
    ids=["heading and two figures of the year", "money in and out, no currency", "debits with a minus"],
)
def test_tables_in_the_manner_of_banks_that_are_not_known(text: str, amount: str, name: str) -> None:
    (found,) = read(text, currency="EUR").statements[0].entries
    assert (str(found.amount), found.counterparty_name, found.booked_on.month) == (amount, name, 2)


def test_two_identical_payments_stay_two() -> None:
    assert len(only(f"{HEADER}\n{ROW}\n{ROW}\n").entries) == 2


def test_an_entry_of_nothing_is_no_movement() -> None:
    assert amounts(only("Date,Amount,Currency\n2026-01-05,0.00,EUR\n2026-01-05,1.00,EUR\n")) == ["1.00"]


def test_d70_a_row_that_is_torn_or_too_long_is_a_problem() -> None:
    parsed = read(f"{HEADER}\n2026-01-05\n{ROW},and,more\n{ROW}\n,,5.00,EUR,,\n")
    assert amounts(parsed.statements[0]) == ["1234.50"]
    assert [problem.position for problem in parsed.problems] == ["line 2", "line 3", "line 5"]


def test_d70_quoted_line_breaks_and_duplicate_headers() -> None:
    text = (
        'Date,Amount,Amount,Currency,Description\n2026-01-05,1.00,9.00,EUR,"Invoice\n17"\n2026-01-06,2.00,9.00,EUR,x\n'
    )
    found = only(text)
    assert amounts(found) == ["1.00", "2.00"]
    assert found.entries[0].text == "Invoice 17"
    assert found.entries[1].position == "line 4"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\0\0\0\0", b"hello", b"Date,Amount\n", f"{HEADER}\n".encode(),
        b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        (",".join(f"c{number}" for number in range(10_000)) + "\n").encode(),
        f"{HEADER}\n2026-01-05,,1.00,EUR,{'x' * 10_000_000},\n".encode(),
        f'{HEADER}\n2026-01-05,,1.00,EUR,"{"x" * 200_000}\n'.encode(),
        "Date,Amount,Currency\n1111/11/11,1.00,EUR\n".encode("utf-16-be"),
    ],
    ids=["empty", "nul", "prose", "bare", "header", "no zip", "no xls", "wide", "10 MB", "open quote", "year 1111"],
)  # fmt: skip
def test_d70_what_cannot_be_read_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        CSV.parse(content)
    assert refused.value.sentence.endswith(".")


def test_d70_a_nul_inside_a_text_is_left_out() -> None:
    assert entry(f"{HEADER}\n2026-01-05,,1.00,EUR,AC\0ME,x\n").counterparty_name == "AC ME"


def test_a_spreadsheet_keeps_its_days_and_numbers() -> None:
    content = workbook(
        ("Statement of account",), (),
        ("Date", "Amount", "Currency", "Description"),
        (date(2026, 1, 5), 0.1, "EUR", "a tenth"), (date(2026, 1, 6), -1234.56, "EUR", "x"),
        (date(2026, 1, 7), "(3.00)", "EUR", ""),
    )  # fmt: skip
    (found,) = CSV.parse(content).statements
    assert amounts(found) == ["0.10", "-1234.56", "-3.00"]
    assert [each.booked_on.day for each in found.entries] == [5, 6, 7]
    assert found.entries[0].position == "line 4"


def test_a_spreadsheet_whose_days_are_numbers_is_told_so() -> None:
    content = workbook(
        ("Date", "Amount", "Currency"),
        (46000, 1.0, "EUR"),
        (date(2026, 1, 6), 2.0, "EUR"),
        (date(2026, 1, 6), 2.005, "EUR"),
    )
    parsed = CSV.parse(content)
    assert amounts(parsed.statements[0]) == ["2.00"]
    assert [problem.position for problem in parsed.problems] == ["line 2", "line 4"]


def test_tables_are_recognised_and_other_formats_are_not() -> None:
    assert CSV.sniff(f"{HEADER}\n{ROW}\n".encode())
    assert CSV.sniff(workbook(("a", "b"), (1, 2)))
    for other in (
        b"<Document>a,b,c\nd,e,f</Document>",
        b"{1:F01}",
        b"%PDF-1.7\na,b,c",
        b"!Type:Bank\nD1",
        b"",
        b"hello",
    ):
        assert not CSV.sniff(other)


WHOLE = [
    f"{HEADER}\n{ROW}\n{ROW}\n".encode(),
    "Buchungstag;Betrag;Währung;Saldo\n05.01.2026;-1.234,56;EUR;10,00\n06.01.2026;1,00;EUR;11,00\n".encode("cp1252"),
    b"Date,Credit,Debit,Currency,D/C\n05/01/2026,1.00,,USD,C\n15/01/2026,,2.00,USD,D\n",
]


@given(content=damaged(WHOLE))
def test_d71_a_damaged_table_is_read_or_refused(content: bytes) -> None:
    parsed_or_refused(CSV, content)
    parsed_or_refused(CSV, content, Choices(currency="EUR", date_order="dmy", decimal_mark=","))


@given(content=damaged([workbook(("Date", "Amount", "Currency"), (date(2026, 1, 5), 0.1, "EUR"))]))
def test_d72_a_damaged_spreadsheet_is_read_or_refused(content: bytes) -> None:
    parsed_or_refused(CSV, content)


@pytest.mark.parametrize(
    ("name", "known_as", "entries", "problems"),
    [
        ("20171001-20171106.csv", "N26 CSV", 1, 0),
        ("20180226-1000594757-umsatz.CSV", "Sparkasse CSV", 1, 0),
        ("CSV_A_20180414_112204.csv", "Rabobank CSV", 3, 1),  # rows are missing between its three
        ("MonzoDataExport_February2018_2018-02-26_174335.csv", "Monzo CSV", 1, 0),
        ("Movements_1234512345_201805271848.csv", "Raiffeisenbank CSV (Czechia)", 1, 0),
        ("Umsaetze_KtoNr538917600_EUR_02-03-2018_1503.CSV", "Commerzbank CSV", 1, 0),
        ("adyen_settlement_238.csv", "Adyen settlement details", 1, 0),
        ("csv_european_decimals.csv", "CSV", 3, 0),
        ("export_BE11123456789012_20180304_1422.csv", "KBC CSV", 1, 0),
        ("paypal_activity_en.csv", "PayPal activity", 102, 0),
        ("test_raiffeisen_01.csv", "ELBA CSV (Raiffeisen Austria)", 73, 1),  # "A null transaction, just to confuse"
        ("test_swedebank_statement.xls", "Swedbank CSV (Lithuania)", 13, 0),
    ],
)
def test_samples_are_read_and_lead_from_opening_to_closing(
    name: str, known_as: str, entries: int, problems: int
) -> None:
    content = sample(f"csv/{name}")
    assert CSV.sniff(content)
    parsed = CSV.parse(content)
    assert parsed.format == known_as
    assert sum(len(each.entries) for each in parsed.statements) == entries
    assert len(parsed.problems) == problems
    assert {each.difference for each in parsed.statements} <= {Decimal(0), None}


@pytest.mark.parametrize(
    ("name", "currency", "balances", "entries"),
    [
        (
            "2019-03-02_11-50-46_bunq-statement.csv",
            "EUR",
            None,
            ["-8.78", "-7.08", "8.78", "-8.76", "7.08", "-7.07", "-7.99"],
        ),
        ("oca_balance.csv", "USD", ("10.00", "1510.00"), ["-33.50", "1533.50"]),
        ("oca_debit_credit.csv", "USD", ("10.00", "1510.00"), ["-33.50", "1533.50"]),
        ("oca_move_import_statement.csv", "EUR", None, ["118.40", "-11.84", "189.00", "-15.12", "189.00", "-15.12"]),
        ("oca_sample_en.csv", "USD", None, ["-33.50", "1525.00"]),
        ("oca_sample_en.xlsx", "USD", None, ["-33.50", "1525.00"]),
    ],
)
def test_samples_that_name_no_currency_are_read_once_it_is_chosen(
    name: str, currency: str, balances: tuple[str, str] | None, entries: list[str]
) -> None:
    content = sample(f"csv/{name}")
    with pytest.raises(Refused) as refused:
        CSV.parse(content)
    assert set(refused.value.fields) == {"currency"}
    (found,) = read_with(content, Choices(currency=currency)).statements
    assert amounts(found) == entries
    assert (found.opening, found.closing) == (tuple(map(Decimal, balances)) if balances else (None, None))


def test_the_sample_without_header_is_read_once_its_currency_is_chosen() -> None:
    content = sample("csv/test_delimiter_tab.csv")
    parsed = read_with(content, Choices(currency="EUR"))
    other = CSV.parse(sample("csv/test_raiffeisen_01.csv"))  # the same movements in one column
    assert amounts(parsed.statements[0]) == amounts(other.statements[0])


def test_the_sample_with_blackened_figures_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        CSV.parse(sample("csv/TH_20180101-20180523_page_1.csv"))
    assert refused.value.position == "line 2"
