"""ECB reference rates, offline; the day used is always told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from collections_app.lib.errors import BadInput
from collections_app.lib.rates import Rate, convert, ecb_rate

FRIDAY = date(2014, 3, 28)


def test_a_published_rate_is_exact() -> None:
    assert ecb_rate("EUR", "USD", FRIDAY) == Rate(Decimal("1.3759"), FRIDAY, "ECB")


def test_a_weekend_takes_the_friday_and_says_so() -> None:
    assert ecb_rate("EUR", "USD", FRIDAY + timedelta(days=2)) == Rate(Decimal("1.3759"), FRIDAY, "ECB")


def test_a_cross_rate_goes_through_the_euro() -> None:
    cross = ecb_rate("USD", "JPY", FRIDAY)
    through = ecb_rate("EUR", "JPY", FRIDAY).rate / ecb_rate("EUR", "USD", FRIDAY).rate
    assert cross == Rate(through, FRIDAY, "ECB")


def test_a_day_after_the_history_takes_its_last_day() -> None:
    late = ecb_rate("USD", "EUR", date(2199, 1, 1))
    assert late.on < date(2100, 1, 1)
    assert late == ecb_rate("USD", "EUR", late.on)


def test_a_withdrawn_currency_keeps_its_last_rate() -> None:
    assert ecb_rate("HRK", "EUR", date(2026, 1, 1)).on == date(2022, 12, 30)


def test_a_gap_of_years_falls_back_to_the_day_before_the_gap() -> None:
    assert ecb_rate("EUR", "ISK", date(2015, 6, 1)).on == date(2008, 12, 9)


def test_a_currency_costs_one_of_itself() -> None:
    assert ecb_rate("EUR", "EUR", date(1990, 1, 1)).rate == 1


@pytest.mark.parametrize(("pair", "on", "code"), [
    (("XXX", "EUR"), FRIDAY, "unknown_rate"),
    (("EUR", "KWD"), FRIDAY, "unknown_rate"),
    (("KWD", "KWD"), FRIDAY, "unknown_rate"),
    (("USD", "EUR"), date(1998, 12, 31), "no_rate_yet"),
])  # fmt: skip
def test_a_rate_that_does_not_exist_must_be_entered(pair: tuple[str, str], on: date, code: str) -> None:
    with pytest.raises(BadInput, match="Enter a rate") as refused:
        ecb_rate(*pair, on)
    assert refused.value.code == code


def test_d22_a_conversion_rounds_once_in_the_target_currency() -> None:
    assert convert(Decimal("100.00"), Decimal("1.3759"), "USD") == Decimal("137.59")
    assert str(convert(Decimal("100.00"), Decimal("141.055"), "JPY")) == "14106"
    assert str(convert(Decimal("-1.00"), Decimal("0.3055"), "KWD")) == "-0.306"


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_a_rate_must_be_above_zero(rate: str) -> None:
    with pytest.raises(BadInput):
        convert(Decimal(1), Decimal(rate), "EUR")


def test_a_float_is_no_rate() -> None:
    with pytest.raises(BadInput):
        convert(Decimal(1), 1.5, "EUR")  # type: ignore[arg-type]
