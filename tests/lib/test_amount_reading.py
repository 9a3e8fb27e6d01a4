"""Amounts as people, spreadsheets and banks write them; D20: right or refused with a sentence, never a crash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.errors import BadInput
from collections_app.lib.money import (
    detect_decimal_mark,
    format_amount,
    format_amount_with_code,
    parse_amount,
    quantum,
)

NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("text", "mark", "currency", "amount"),
    [
        ("1234.50", ".", "EUR", "1234.50"),
        ("1,234.50", ".", "EUR", "1234.50"),
        ("1,500", ".", "EUR", "1500.00"),
        ("1.234,50", ",", "EUR", "1234.50"),
        ("1,5", ",", "EUR", "1.50"),
        (f"1{NBSP}234,50", ",", "EUR", "1234.50"),
        (f"1{NARROW}234,50 €", ",", "EUR", "1234.50"),
        ("1'234'567.50", ".", "CHF", "1234567.50"),
        ("CHF 1’234.50", ".", "CHF", "1234.50"),
        ("1,00,000.00", ".", "INR", "100000.00"),
        ("−7", ".", "EUR", "-7.00"),
        ("–7", ".", "EUR", "-7.00"),
        ("- 5", ".", "EUR", "-5.00"),
        ("1234.50-", ".", "EUR", "-1234.50"),
        ("5.00- EUR", ".", "EUR", "-5.00"),
        ("(12.30)", ".", "EUR", "-12.30"),
        ("(€12.30)", ".", "EUR", "-12.30"),
        ("+5", ".", "EUR", "5.00"),
        ("-€5", ".", "EUR", "-5.00"),
        ("€-5", ".", "EUR", "-5.00"),
        ("$5", ".", "USD", "5.00"),
        ("1.234,50 kr.", ",", "DKK", "1234.50"),
        ("eur 5", ".", "EUR", "5.00"),
        (".5", ".", "EUR", "0.50"),
        ("  7  ", ".", "EUR", "7.00"),
        ("1.5000", ".", "EUR", "1.50"),
        ("100.00", ".", "JPY", "100"),
        ("1.234", ".", "KWD", "1.234"),
        ("1.234", ",", "KWD", "1234.000"),
        ("0000000000000000001.00", ".", "EUR", "1.00"),
        ("999999999999999.99", ".", "EUR", "999999999999999.99"),
        ("-0", ".", "EUR", "0.00"),
        ("(0.00)", ".", "EUR", "0.00"),
        ("\u200e5", ".", "EUR", "5.00"),
    ],
)
def test_d20_an_amount_is_read_as_it_is_meant(text: str, mark: DecimalMark, currency: str, amount: str) -> None:
    assert str(parse_amount(text, decimal_mark=mark, currency=currency)) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_amount"),
        (" \u00a0", "empty_amount"),
        ("1,5", "not_a_number"),
        ("0,500", "not_a_number"),
        ("1,2345", "not_a_number"),
        ("1,00,000", "not_a_number"),
        ("1,234 567", "not_a_number"),
        ("1 234,50", "not_a_number"),
        ("12 34", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("5.", "not_a_number"),
        (".", "not_a_number"),
        (",", "not_a_number"),
        ("-", "not_a_number"),
        ("--1", "not_a_number"),
        ("-1-", "not_a_number"),
        ("(-1)", "not_a_number"),
        ("(1", "not_a_number"),
        ("1)", "not_a_number"),
        ("()", "not_a_number"),
        ("1e15", "not_a_number"),
        ("1E3", "not_a_number"),
        ("0x10", "not_a_number"),
        ("1_000", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("-inf", "not_a_number"),
        ("٣", "not_a_number"),
        ("１", "not_a_number"),
        ("1\x002", "not_a_number"),
        ("5 abc", "not_a_number"),
        ("=1+1", "not_a_number"),
        ("9" * 5000, "not_a_number"),
        ("1.505", "surplus_digits"),
        ("1000000000000000", "amount_too_large"),
        ("5 USD", "wrong_currency"),
        ("£5", "wrong_currency"),
    ],
)
def test_d20_what_could_be_misread_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_amount(text, decimal_mark=".", currency="EUR")
    assert refused.value.code == code
    assert refused.value.sentence.endswith(".")
    assert len(refused.value.sentence) < 200
    assert refused.value.sentence.isprintable()


def test_d20_a_yen_has_no_decimals() -> None:
    with pytest.raises(BadInput, match="JPY has none"):
        parse_amount("100.5", decimal_mark=".", currency="JPY")


@given(st.text(max_size=30), st.sampled_from([".", ","]), st.sampled_from(["EUR", "JPY", "KWD", "INR"]))
def test_d20_no_text_at_all_makes_a_crash(text: str, mark: DecimalMark, currency: str) -> None:
    try:
        amount = parse_amount(text, decimal_mark=mark, currency=currency)
    except BadInput:
        return
    assert amount.is_finite()
    assert amount == amount.quantize(quantum(currency))


@given(st.text(alphabet="0123456789.,-+() '€", max_size=14), st.sampled_from([".", ","]))
def test_an_amount_reads_alike_under_both_marks_only_if_no_mark_matters(text: str, mark: DecimalMark) -> None:
    try:
        amount = parse_amount(text, decimal_mark=mark, currency="EUR")
    except BadInput:
        return
    if detect_decimal_mark([text]) not in (mark, None):
        assert "." not in text  # only an undotted, uncommaed number may be read under the mark that was not detected
        assert "," not in text
    assert abs(amount) < 10**15


@given(
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.sampled_from(["EUR", "USD", "GBP", "JPY", "KWD", "CHF", "INR", "SEK", "HUF"]),
    st.sampled_from([("en", "."), ("de", ","), ("de-CH", "."), ("fr", ","), ("sv", ","), ("nl", ","), ("en-GB", ".")]),
)
def test_what_is_written_can_be_read_again(units: int, currency: str, language: tuple[str, DecimalMark]) -> None:
    locale, mark = language
    amount = units * quantum(currency)
    for text in (format_amount_with_code(amount, currency, locale), format_amount(amount, currency, locale)):
        assert parse_amount(text, decimal_mark=mark, currency=currency) == amount


@pytest.mark.parametrize(
    ("samples", "mark"),
    [
        (["1,5"], ","),
        (["1.5"], "."),
        (["12.34"], "."),
        (["1.234,56"], ","),
        (["1,234.56"], "."),
        (["1.234.567"], ","),
        (["1,234,567"], "."),
        (["1234.567"], "."),
        (["0.500"], "."),
        (["0,500"], ","),
        (["1 234,567"], ","),
        (["1,500", "2.50"], "."),
        (["(1,234.50)", "€7"], "."),
        (["12", "7"], "."),
        (["1,500"], None),
        (["1.500", "12"], None),
        (["1,5", "1.5"], None),
        (["1,5", "n/a"], ","),
        ([], None),
        (["", "n/a"], None),
    ],
)
def test_the_decimal_mark_is_detected_or_asked(samples: list[str], mark: str | None) -> None:
    assert detect_decimal_mark(samples) == mark
