"""camt.052, .053 and .054: every version, every part of an entry, and what happens to damaged ones (D20, D71)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.bank_formats.camt import CAMT
from invoices.bank_formats.contract import Entry, ParsedFile, Statement
from tests.invoices.bank_formats.camt_files import OWN, PAYER, balance, camt, entry, payment, statement

VERSIONS = [f"{number:02d}" for number in range(2, 14)]


def only(*entries: str, kind: str = "053", version: str = "08", **stated: str) -> Statement:
    """The statement of a file that has this one, without problems."""
    parsed = CAMT.parse(camt(statement(*entries, **stated), kind=kind, version=version))
    assert parsed.problems == ()
    (found,) = parsed.statements
    return found


def first(*entries: str, kind: str = "053", version: str = "08") -> Entry:
    """The first entry of a file without problems."""
    return only(*entries, kind=kind, version=version).entries[0]


def damaged(*entries: str, **stated: str) -> ParsedFile:
    """The file of one statement, for looking at its problems."""
    return CAMT.parse(camt(statement(*entries, **stated)))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("kind", "name"), [("052", ", intraday"), ("053", ""), ("054", "")])
def test_d71_every_version_is_read_in_its_own_spelling(version: str, kind: str, name: str) -> None:
    party = "<Nm>Apfel und Birne KG</Nm>" if version < "08" else "<Pty><Nm>Apfel und Birne KG</Nm></Pty>"
    status = "BOOK" if version < "04" else "<Cd>BOOK</Cd>"
    written = entry("15.00", payment(debtor=party, debtor_account=PAYER), status=status)
    content = camt(statement(written, opening="100", closing="115.00"), kind=kind, version=version)
    assert CAMT.sniff(content)
    parsed = CAMT.parse(content)
    assert (parsed.format, parsed.problems) == (f"camt.{kind}.001.{version}{name}", ())
    (found,) = parsed.statements
    assert (found.account, found.currency, found.number, found.difference) == (OWN, "EUR", "7", Decimal(0))
    (one,) = found.entries
    assert (one.amount, one.counterparty_name, one.counterparty_account) == (
        Decimal("15.00"), "Apfel und Birne KG", PAYER
    )  # fmt: skip
    assert one.is_booked


def test_d71_several_statements_stay_apart() -> None:
    parsed = CAMT.parse(
        camt(
            statement(entry("5.00"), opening="0", closing="5.00", number="1"),
            statement(entry("3.00", side="DBIT"), opening="5.00", closing="2.00", number="2"),
            statement(entry("70", currency="JPY"), currency="JPY", account="<Othr><Id>77-88 99</Id></Othr>"),
        )
    )
    assert [(each.number, each.account, each.difference) for each in parsed.statements] == [
        ("1", OWN, 0), ("2", OWN, 0), ("7", "77-88 99", None)
    ]  # fmt: skip
    assert parsed.statements[1].entries[0].position == "statement 2, entry 1, line 8"
    assert parsed.statements[2].entries[0].amount == Decimal(70)


def test_an_account_without_a_currency_of_its_own_gives_a_statement_per_currency() -> None:
    written = [entry("5.00"), entry("7.00", currency="USD"), entry("1.00")]
    parsed = CAMT.parse(camt(statement(*written, currency="", balances=balance("CLBD", "6.00") + balance("OPBD", "0"))))
    assert [(each.currency, len(each.entries), each.difference) for each in parsed.statements] == [
        ("EUR", 2, 0), ("USD", 1, None)
    ]  # fmt: skip


def test_an_entry_in_another_currency_than_the_account_is_a_problem() -> None:
    parsed = damaged(entry("5.00"), entry("7.00", currency="USD"))
    assert [entry.amount for entry in parsed.statements[0].entries] == [Decimal("5.00")]
    assert parsed.problems[0].position == "statement 1, entry 2, line 7"
    assert "in USD, but the account is kept in EUR" in parsed.problems[0].sentence


def test_opening_is_opbd_or_else_prcd_and_other_balances_are_left_alone() -> None:
    others = "".join(balance(code, "9.99") for code in ("OPAV", "CLAV", "FWAV", "ITBD", "ITAV", "XPCD", "INFO"))
    found = only(balances=others + balance("PRCD", "2.00", on="2026-11-01") + balance("CLBD", "-3.00"))
    assert (found.opening, found.closing) == (Decimal("2.00"), Decimal("-3.00"))
    assert (found.opened_on, found.closed_on) == (date(2026, 11, 1), date(2026, 11, 2))
    found = only(balances=others + balance("PRCD", "2.00") + balance("OPBD", "1.00"))
    assert (found.opening, found.closing, found.difference) == (Decimal("1.00"), None, None)


def test_of_several_days_in_one_statement_the_first_opening_and_the_last_closing_count() -> None:
    days = balance("OPBD", "1.00") + balance("CLBD", "2.00") + balance("OPBD", "2.00") + balance("CLBD", "4.00")
    found = only(entry("3.00"), balances=days)
    assert (found.opening, found.closing, found.difference) == (Decimal("1.00"), Decimal("4.00"), Decimal(0))


@pytest.mark.parametrize(
    ("page", "is_last", "held"),
    [("1", "true", True), ("00001", "1", True), ("1", "false", False), ("2", "true", False)],
)
def test_a_page_of_a_longer_statement_is_held_to_the_balances_only_if_they_are_its_own(
    page: str, is_last: str, held: bool
) -> None:
    pages = f"<StmtPgntn><PgNb>{page}</PgNb><LastPgInd>{is_last}</LastPgInd></StmtPgntn>"
    whole = statement(entry("5.00"), opening="0.00", closing="9.00").replace("<Acct>", f"{pages}<Acct>")
    parsed = CAMT.parse(camt(whole))
    assert parsed.statements[0].closing == (Decimal("9.00") if held else None)
    assert ["page of a longer statement" in problem.sentence for problem in parsed.problems] == ([] if held else [True])
    own = statement(entry("5.00"), opening="0.00", closing="5.00")
    by_message = camt(own).replace(b"<MsgId>M1</MsgId>", f"<MsgId>M1</MsgId>{pages}".replace("Stmt", "Msg").encode())
    assert (CAMT.parse(by_message).statements[0].difference, CAMT.parse(by_message).problems) == (Decimal(0), ())


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (balance("CLBD", "1.00", "USD"), "The balance is in USD, the entries are in EUR"),
        (balance("CLBD", "NaN"), "“NaN” is not an amount"),
        (balance("CLBD", "1.00", on="2026-02-30"), "“2026-02-30” is not a day"),
    ],
)
def test_a_balance_that_cannot_be_used_is_a_problem_and_counts_as_not_stated(broken: str, sentence: str) -> None:
    parsed = damaged(entry("5.00"), opening="1.00", balances=broken)
    assert parsed.statements[0].closing is None
    assert [sentence in problem.sentence for problem in parsed.problems] == [True]
    assert parsed.problems[0].position.startswith("statement 1, balance CLBD")


@pytest.mark.parametrize(("side", "amount"), [("CRDT", "12.50"), ("DBIT", "-12.50")])
@pytest.mark.parametrize(("flag", "is_reversal"), [("", False), ("false", False), ("true", True), ("1", True)])
def test_d71_the_side_gives_the_sign_and_the_reversal_flag_does_not_change_it(
    side: str, amount: str, flag: str, is_reversal: bool
) -> None:
    found = first(entry("12.50", side=side, flag=flag))
    assert (found.amount, found.is_reversal) == (Decimal(amount), is_reversal)


def test_a_return_reason_makes_an_entry_a_reversal() -> None:
    assert first(entry("1.00", payment(more="<RtrInf><Rsn><Cd>AC06</Cd></Rsn></RtrInf>"), side="DBIT")).is_reversal


@pytest.mark.parametrize("version", ["02", "08"])
@pytest.mark.parametrize(("code", "is_booked"), [("BOOK", True), ("PDNG", False), ("INFO", False), ("FUTR", False)])
def test_only_booked_entries_are_booked_and_lead_to_the_closing_balance(
    version: str, code: str, is_booked: bool
) -> None:
    status = code if version == "02" else f"<Cd>{code}</Cd>"
    closing = "5.00" if is_booked else "0.00"
    found = only(entry("5.00", status=status), version=version, opening="0.00", closing=closing)
    assert (found.entries[0].is_booked, found.difference) == (is_booked, Decimal(0))


def test_without_a_status_a_statement_is_booked_and_an_intraday_report_is_not() -> None:
    assert first(entry(status=""), kind="053").is_booked
    assert not first(entry(status=""), kind="052").is_booked


def test_a_batch_comes_as_its_payments_when_they_add_up() -> None:
    parts = [
        payment(amount="4.00", debtor="<Nm>One</Nm>", references="<AcctSvcrRef>A1</AcctSvcrRef>"),
        payment(amount="6.00", debtor="<Nm>Two</Nm>", remittance="<Ustrd>for B</Ustrd>"),
    ]
    found = only(entry("10.00", *parts, reference="BATCH", note="Collected"), opening="0", closing="10.00")
    assert [(each.amount, each.counterparty_name, each.text, each.bank_reference) for each in found.entries] == [
        (Decimal("4.00"), "One", "Collected", "A1"), (Decimal("6.00"), "Two", "for B", "BATCH")
    ]  # fmt: skip
    assert found.entries[1].position == "statement 1, entry 1, part 2, line 6"
    assert found.difference == 0


@given(
    batches=st.lists(
        st.tuples(st.lists(st.integers(-9_999_999, 9_999_999), max_size=4), st.booleans(), st.booleans()), max_size=5
    )
)
def test_entries_lead_to_the_closing_balance_however_they_are_batched(
    batches: list[tuple[list[int], bool, bool]],
) -> None:
    def cents(amount: int) -> str:
        return str(Decimal(abs(amount)).scaleb(-2))

    def side(amount: int) -> str:
        return "DBIT" if amount < 0 else "CRDT"

    written = [
        entry(
            cents(sum(parts)),
            *(payment(amount=cents(part), side=side(part) if signed else "") for part in parts),
            side=side(sum(parts)),
            flag="true" if is_reversal else "",
        )
        for parts, signed, is_reversal in batches
    ]
    total = sum(sum(parts) for parts, _, _ in batches)
    closing = f"{'-' if total < 0 else ''}{cents(total)}"
    found = only(*written, opening="0.00", closing=closing)
    assert found.difference == 0
    assert sum((each.amount for each in found.entries), Decimal(0)) == Decimal(total).scaleb(-2)


def test_payments_with_signs_of_their_own_are_netted() -> None:
    parts = [payment(amount="12.00", side="CRDT"), payment(amount="2.00", side="DBIT"), payment(amount="0.00")]
    assert [each.amount for each in only(entry("10.00", *parts)).entries] == [Decimal("12.00"), Decimal("-2.00")]


def test_payments_whose_sides_contradict_the_entry_take_its_side() -> None:
    parts = [payment(amount="4.00", side="CRDT"), payment(amount="6.00", side="CRDT")]
    found = only(entry("10.00", *parts, side="DBIT")).entries
    assert [each.amount for each in found] == [Decimal("-4.00"), Decimal("-6.00")]


def test_amounts_of_payments_count_in_the_currency_of_the_account_only() -> None:
    def part(foreign: str, own: str) -> str:
        own_amount = f"<AmtDtls><TxAmt><Amt Ccy='EUR'>{own}</Amt></TxAmt></AmtDtls>"
        return payment(amount=foreign, currency="USD", more=own_amount)

    assert [each.amount for each in only(entry("10.00", part("5", "4.00"), part("7", "6.00"))).entries] == [
        Decimal("4.00"), Decimal("6.00")
    ]  # fmt: skip
    foreign_only = [payment(amount="5.00", currency="USD"), payment(amount="5.00", currency="USD")]
    assert [each.amount for each in only(entry("10.00", *foreign_only)).entries] == [Decimal("10.00")]


def test_a_batch_that_does_not_add_up_stays_one_entry_with_what_its_payments_share() -> None:
    parts = [
        payment(amount="4.00", debtor="<Nm>Same</Nm>", debtor_account=PAYER, remittance="<Ustrd>A</Ustrd>"),
        payment(amount="5.00", debtor="<Nm>Same</Nm>", remittance="<Ustrd>B</Ustrd>"),
    ]
    found = only(entry("10.00", *parts, reference="BATCH")).entries
    assert [(each.amount, each.text, each.bank_reference) for each in found] == [(Decimal("10.00"), "A B", "BATCH")]
    assert (found[0].counterparty_name, found[0].counterparty_account) == ("Same", "")


def test_the_counterparty_stands_on_the_other_side() -> None:
    both = payment(
        debtor="<Nm>Payer</Nm>", debtor_account=PAYER, creditor="<Nm>Payee</Nm>", creditor_account="NL14TEST0777888999"
    )
    assert first(entry("1.00", both)).counterparty_account == PAYER
    paid = first(entry("1.00", both, side="DBIT"))
    assert (paid.counterparty_name, paid.counterparty_account) == ("Payee", "NL14TEST0777888999")


def test_ourselves_are_never_the_counterparty() -> None:
    found = first(entry("1.00", payment(creditor="<Nm>We</Nm>", creditor_account=OWN)))
    assert (found.counterparty_name, found.counterparty_account) == ("", "")


def test_a_reversal_keeps_the_roles_of_the_payment_it_takes_back() -> None:
    iso = payment(debtor="<Nm>Customer</Nm>", debtor_account=PAYER, creditor="<Nm>We</Nm>", creditor_account=OWN)
    swapped = payment(creditor="<Nm>Customer</Nm>", creditor_account=PAYER, debtor="<Nm>We</Nm>", debtor_account=OWN)
    lone = payment(creditor="<Nm>Customer</Nm>", creditor_account=PAYER)
    for details in (iso, swapped, lone):
        found = first(entry("1.00", details, side="DBIT", flag="true"))
        assert (found.counterparty_name, found.counterparty_account) == ("Customer", PAYER)


def test_the_ultimate_debtor_stands_in_and_accounts_need_not_be_ibans() -> None:
    stands_in = "<UltmtDbtr><Pty><Nm>Behind</Nm></Pty></UltmtDbtr>"
    numbered = "<DbtrAcct><Id><Othr><Id>12 34-5</Id></Othr></Id></DbtrAcct>"
    found = first(entry("1.00", payment(more_parties=stands_in + numbered)))
    assert (found.counterparty_name, found.counterparty_account) == ("Behind", "12 34-5")


def test_remittance_gives_one_reference_and_the_whole_text() -> None:
    wrote = (
        "<Ustrd>Invoices  77\n and</Ustrd><Ustrd>78</Ustrd>"
        "<Strd><RfrdDocInf><Nb>INV-77</Nb></RfrdDocInf><CdtrRefInf><Ref>RF57 INV2 0260 815</Ref></CdtrRefInf></Strd>"
        "<Strd><CdtrRefInf><Ref>RF2</Ref></CdtrRefInf><AddtlRmtInf>less 2 %</AddtlRmtInf></Strd>"
    )
    found = first(entry("1.00", payment(remittance=wrote), note="bank's words"))
    assert found.reference == "RF57INV20260815"
    assert found.text == "Invoices 77 and 78 INV-77 less 2 % RF2"


@pytest.mark.parametrize(
    ("details", "text"),
    [("<AddtlTxInf>by the bank</AddtlTxInf>", "by the bank"), ("", "of the entry")],
)
def test_without_remittance_the_banks_own_words_are_the_text(details: str, text: str) -> None:
    assert first(entry("1.00", payment(more=details), note="of the entry")).text == text
    assert first(entry("1.00", note="of the entry")).text == "of the entry"


def test_identifiers_that_say_there_is_none_are_empty() -> None:
    nothing = payment(references="<AcctSvcrRef>NONREF</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId>")
    found = first(entry("1.00", nothing, reference="NONREF"))
    assert (found.end_to_end_id, found.bank_reference) == ("", "")
    given = payment(references="<EndToEndId>E-1</EndToEndId><UETR>u-1</UETR>")
    found = first(entry("1.00", given, reference="entry's"))
    assert (found.end_to_end_id, found.bank_reference) == ("E-1", "u-1")


def test_two_identical_genuine_payments_stay_two() -> None:
    assert len(only(entry("5.00"), entry("5.00"), opening="0", closing="10.00").entries) == 2


@pytest.mark.parametrize(
    ("booked", "valued", "days"),
    [
        ("<Dt>2026-11-02</Dt>", "", (date(2026, 11, 2), None)),
        ("<Dt>2026-11-02+01:00</Dt>", "<Dt>2026-11-04Z</Dt>", (date(2026, 11, 2), date(2026, 11, 4))),
        ("<DtTm>2026-11-02T23:59:59.999+01:00</DtTm>", "", (date(2026, 11, 2), None)),
        ("", "<DtTm>2026-11-03T00:00:00</DtTm>", (date(2026, 11, 3), date(2026, 11, 3))),
    ],
)
def test_days_are_those_written_and_the_value_date_stands_in(
    booked: str, valued: str, days: tuple[date, date | None]
) -> None:
    found = first(entry(booked=booked, valued=valued))
    assert (found.booked_on, found.value_on) == days


@pytest.mark.parametrize(
    ("amount", "currency", "read"),
    [("8.850", "EUR", "8.85"), ("8.85000", "EUR", "8.85"), ("200000", "EUR", "200000.00"), ("70.00", "JPY", "70"),
     ("1.234", "KWD", "1.234"), (".5", "EUR", "0.50"), ("5.", "EUR", "5.00"),
     ("999999999999999.99", "EUR", "999999999999999.99")],
)  # fmt: skip
def test_d20_amounts_are_exact_in_the_units_of_their_currency(amount: str, currency: str, read: str) -> None:
    found = only(entry(amount, currency=currency), currency=currency)
    assert str(found.entries[0].amount) == read


def test_a_note_over_nothing_is_no_movement() -> None:
    assert only(entry("0.00"), opening="1.00", closing="1.00").entries == ()


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (entry("NaN"), "“NaN” is not an amount"),
        (entry("Infinity"), "“Infinity” is not an amount"),
        (entry("-5.00"), "“-5.00” is not an amount"),
        (entry("+5.00"), "“+5.00” is not an amount"),
        (entry("1e3"), "“1e3” is not an amount"),
        (entry("1,5"), "“1,5” is not an amount"),
        (entry("1 000.00"), "“1 000.00” is not an amount"),
        (entry(""), "“” is not an amount"),
        (entry("٣"), "“٣” is not an amount"),
        (entry("9" * 16), "is too large"),
        (entry("9" * 5000), "is not an amount"),
        (entry("8.855"), "has too many decimals: EUR has 2"),
        (entry(currency="EURO"), "“EURO” is not a currency code"),
        (entry(side="CR"), "“CR” is neither CRDT nor DBIT"),
        (entry(status="<Cd>MAYB</Cd>"), "“MAYB” is no status"),
        (entry(booked="<Dt>2026-13-01</Dt>"), "“2026-13-01” is not a day"),
        (entry(booked="<Dt>0001-01-01</Dt>"), "“0001-01-01” is not a day"),
        (entry(booked="<Dt>tomorrow</Dt>"), "“tomorrow” is not a date"),
        (entry(booked="", valued=""), "neither a booking date nor a value date"),
    ],
)
def test_d20_d71_a_bad_entry_is_a_problem_with_its_place_and_loses_no_other(broken: str, sentence: str) -> None:
    parsed = CAMT.parse(camt(statement(entry("1.00"), broken, entry("2.00"), currency="")))
    assert [each.amount for each in parsed.statements[0].entries] == [Decimal("1.00"), Decimal("2.00")]
    (problem,) = parsed.problems
    assert problem.position == "statement 1, entry 2, line 7"
    assert sentence in problem.sentence
    assert problem.sentence.endswith(".")


def test_what_cannot_be_printed_is_not_kept() -> None:
    found = first(
        entry("1.00", payment(debtor="<Nm>A&#x202e;B&#133;C</Nm>", remittance=f"<Ustrd>{'x' * 9999}</Ustrd>"))
    )
    assert found.counterparty_name == "A B C"
    assert len(found.text) == 4000
