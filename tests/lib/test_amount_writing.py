"""Amounts in the reader's language, with a true minus and the decimals of ISO 4217."""

from decimal import Decimal

import pytest

from collections_app.lib import amount_writing
from collections_app.lib.currencies import quantum
from collections_app.lib.errors import BadInput
from collections_app.lib.locales import babel_locale
from collections_app.lib.money import format_amount, format_amount_with_code


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "text"),
    [
        ("12480", "EUR", "en", "€12,480.00"),
        ("-5", "EUR", "en", "−€5.00"),
        ("-0", "EUR", "en", "€0.00"),
        ("12480.5", "EUR", "de", "12.480,50 €"),
        ("-12480.5", "EUR", "de-DE", "−12.480,50 €"),
        ("1480", "JPY", "en", "¥1,480"),
        ("5.125", "KWD", "en", "KWD 5.125"),
        ("1480", "HUF", "en", "HUF 1,480.00"),
        ("1234.5", "CHF", "de_CH", "CHF 1’234.50"),
        ("999999999999999.99", "EUR", "en", "€999,999,999,999,999.99"),
        ("5", "EUR", "xx-unknown", "€5.00"),
        ("5", "EUR", "", "€5.00"),
        ("5", "EUR", "de-ZZ", "5,00 €"),
    ],
)
def test_an_amount_is_written_for_its_reader(amount: str, currency: str, locale: str, text: str) -> None:
    assert format_amount(Decimal(amount), currency, locale).replace("\u00a0", " ") == text


def test_u20_the_code_stands_where_currencies_mix() -> None:
    assert format_amount_with_code(Decimal("-12480.50"), "EUR") == "−EUR\u00a012,480.50"
    assert format_amount_with_code(Decimal("12480.50"), "EUR", "de") == "12.480,50\u00a0EUR"


@pytest.mark.parametrize("amount", [Decimal("1.005"), Decimal("NaN"), 1.5])
def test_what_is_not_exact_is_refused_rather_than_shown(amount: Decimal) -> None:
    with pytest.raises(BadInput):
        format_amount(amount, "EUR")


@pytest.mark.parametrize("locale", ["en", "de", "fr", "es", "nl", "de-AT", "de-CH", "en-IN", "pl", "sv", "pt-BR", "ja"])
def test_amounts_are_written_as_babel_writes_them(locale: str) -> None:
    found = babel_locale(locale)
    for currency in ("EUR", "USD", "GBP", "CHF", "JPY", "HUF", "KWD", "INR", "BRL", "PLN"):
        unit = quantum(currency)
        for with_code in (False, True):
            pattern = amount_writing._pattern(locale, currency, with_code)
            shape = amount_writing._shape(locale, currency, with_code)
            for count in (0, 1, 9, 10, 99, 100, 999, 1000, 12_345, 100_000, 999_999, 1_234_567, 98_765_432_101, 10**17):
                for amount in (count * unit, -count * unit if count else unit, Decimal(count) * 1000 * unit):
                    text = pattern.apply(amount, found, currency=currency, currency_digits=False)
                    assert shape.written(amount.quantize(unit)) == text.replace("-", "−"), (locale, currency, amount)
