"""Amounts in the reader's language, with a true minus and the decimals of ISO 4217."""

from decimal import Decimal

import pytest

from collections_app.lib.errors import BadInput
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
