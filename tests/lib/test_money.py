"""Amounts with a currency: exact, unmixed, rounded in one place, split without a lost cent."""

import copy
from decimal import ROUND_DOWN, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.lib.errors import BadInput
from collections_app.lib.money import MAX_AMOUNT, Money, Totals, is_currency, quantum, round_amount, split

CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CLF", "HUF", "ISK"])


@st.composite
def exact_amounts(draw: st.DrawFn) -> tuple[Decimal, str]:
    currency = draw(CURRENCIES)
    return draw(st.integers(-(10**15) + 1, 10**15 - 1)) * quantum(currency), currency


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


@pytest.mark.parametrize(
    ("currency", "unit"), [("EUR", "0.01"), ("JPY", "1"), ("KWD", "0.001"), ("CLF", "0.0001"), ("HUF", "0.01")]
)
def test_d20_the_smallest_unit_follows_iso_4217(currency: str, unit: str) -> None:
    assert str(quantum(currency)) == unit


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XXX", "€", "E\x00R"])
def test_an_unknown_currency_is_refused_with_an_example(code: str) -> None:
    assert not is_currency(code)
    with pytest.raises(BadInput, match="such as EUR") as refused:
        quantum(code)
    assert refused.value.code == "unknown_currency"


def test_is_currency_is_false_for_what_is_no_text() -> None:
    assert not is_currency(None)
    assert not is_currency(978)


@pytest.mark.parametrize("amount", [1.5, 1, True, "1.50", None])
def test_only_a_decimal_can_be_money(amount: Any) -> None:
    with pytest.raises(BadInput) as refused:
        Money(amount, "EUR")
    assert refused.value.code == "not_a_decimal"


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_d20_what_is_no_number_is_no_money(amount: str) -> None:
    with pytest.raises(BadInput) as refused:
        Money(Decimal(amount), "EUR")
    assert refused.value.code == "not_a_number"


@pytest.mark.parametrize(
    ("amount", "currency"), [("1.005", "EUR"), ("1.5", "JPY"), ("0.0001", "KWD"), ("1E-400", "EUR")]
)
def test_d20_surplus_digits_are_refused_not_rounded(amount: str, currency: str) -> None:
    with pytest.raises(BadInput) as refused:
        Money(Decimal(amount), currency)
    assert refused.value.code == "surplus_digits"


@pytest.mark.parametrize("amount", ["1E+60", "-1E+999999"])
def test_an_absurd_size_is_a_refusal_not_a_crash(amount: str) -> None:
    with pytest.raises(BadInput) as refused:
        Money(Decimal(amount), "EUR")
    assert refused.value.code == "amount_too_large"


def test_trailing_zeros_from_the_database_are_no_surplus() -> None:
    assert str(eur("10.0000").amount) == "10.00"
    assert Money(Decimal("5.0000"), "JPY") == Money(Decimal(5), "JPY")


def test_d20_minus_zero_is_zero() -> None:
    assert str(eur("-0")) == "0.00 EUR"
    assert str(round_amount(Decimal("-0.004"), "EUR")) == "0.00"
    assert str(-Money.zero("EUR")) == "0.00 EUR"


def test_money_adds_subtracts_and_compares_within_a_currency() -> None:
    assert eur("1.10") + eur("2.20") == eur("3.30")
    assert eur("1.10") - eur("2.20") == eur("-1.10")
    assert -eur("1.10") == eur("-1.10")
    assert abs(eur("-1.10")) == eur("1.10")
    assert eur("1") < eur("2") <= eur("2.00") < eur("3")
    assert eur("3") > eur("2") >= eur("2.00")
    assert not Money.zero("EUR")
    assert eur("0.01")
    assert sum([eur("1"), eur("2")], Money.zero("EUR")) == eur("3")


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_a9_money_of_two_currencies_is_never_mixed(operation: str) -> None:
    with pytest.raises(BadInput) as refused:
        getattr(eur("1"), operation)(Money(Decimal(1), "USD"))
    assert refused.value.code == "mixed_currencies"


def test_equal_figures_in_two_currencies_are_not_equal() -> None:
    assert eur("1") != Money(Decimal(1), "USD")


def test_money_does_not_mix_with_bare_numbers() -> None:
    for other in (1, Decimal(1), 1.0):
        with pytest.raises(TypeError):
            eur("1") + other
        with pytest.raises(TypeError):
            eur("1") - other
        with pytest.raises(TypeError):
            assert eur("1") < other  # type: ignore[operator]


def test_money_cannot_be_changed_and_survives_a_queue() -> None:
    with pytest.raises(AttributeError):
        eur("1").amount = Decimal(2)  # type: ignore[misc]
    assert copy.copy(eur("1.20")) == eur("1.20")


def test_the_thread_s_decimal_context_does_not_change_a_sum() -> None:
    with localcontext() as context:
        context.prec = 3
        assert eur("123456.78") + eur("0.01") == eur("123456.79")
        assert split(Decimal("1000000.00"), "EUR", [1, 2]) == (Decimal("333333.33"), Decimal("666666.67"))


def test_another_rounding_mode_can_be_named() -> None:
    assert round_amount(Decimal("2.349"), "EUR", ROUND_DOWN) == Decimal("2.34")


@given(st.decimals(-(10**15), 10**15, places=8), CURRENCIES)
def test_rounding_twice_changes_nothing_more(amount: Decimal, currency: str) -> None:
    once = round_amount(amount, currency)
    assert round_amount(once, currency) == once
    assert abs(once - amount) * 2 <= quantum(currency)
    assert Money(once, currency).amount == once


@given(exact_amounts(), st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_a_split_sums_exactly_and_no_part_has_the_other_sign(money: tuple[Decimal, str], weights: list[int]) -> None:
    amount, currency = money
    parts = split(amount, currency, weights)
    assert len(parts) == len(weights)
    assert sum(parts) == amount
    assert all(part * amount >= 0 for part in parts)
    assert all(Money(part, currency).amount == part for part in parts)
    assert all(not part for part, weight in zip(parts, weights, strict=True) if not weight)


@pytest.mark.parametrize(
    ("weights", "code"),
    [([], "no_weights"), ([0, 0], "no_weights"), ([1, -1], "negative_weight"), ([Decimal("NaN")], "not_a_number")],
)
def test_a_split_without_sensible_weights_is_refused(weights: list[Decimal | int], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        split(Decimal("1.00"), "EUR", weights)
    assert refused.value.code == code


def test_a_split_refuses_surplus_digits_and_float_weights() -> None:
    with pytest.raises(BadInput):
        split(Decimal("1.005"), "EUR", [1])
    with pytest.raises(BadInput):
        split(Decimal("1.00"), "EUR", [0.5])  # type: ignore[list-item]


def test_the_largest_amount_is_the_column_s() -> None:
    assert len(MAX_AMOUNT.as_tuple().digits) == 19
    assert MAX_AMOUNT.as_tuple().exponent == -4


def test_totals_keep_currencies_apart_and_vanish_at_zero() -> None:
    totals = Totals([eur("5"), Money(Decimal(7), "USD"), eur("-5"), Money(Decimal(1), "JPY")])
    assert list(totals) == ["JPY", "USD"]
    assert totals["USD"] == Money(Decimal(7), "USD")
    assert totals.of("EUR") == Money.zero("EUR")
    assert "EUR" not in totals
    assert not Totals([eur("5"), eur("-5")])
    assert repr(totals) == "Totals(1 JPY, 7.00 USD)"


def test_totals_add_and_subtract_totals_and_money() -> None:
    totals = Totals([eur("5")])
    assert totals + eur("1") == Totals([eur("6")])
    assert totals + Totals([Money(Decimal(1), "USD")]) == Totals([Money(Decimal(1), "USD"), eur("5")])
    assert totals - eur("5") == Totals()
    assert totals - Totals([eur("2")]) == Totals([eur("3")])


def test_a9_totals_refuse_to_be_summed_across_currencies() -> None:
    totals = Totals([eur("5"), Money(Decimal(7), "USD")])
    with pytest.raises(BadInput) as refused:
        totals.only()
    assert refused.value.code == "mixed_currencies"
    with pytest.raises(BadInput):
        sum(totals.values(), Money.zero("EUR"))
    assert Totals([eur("5")]).only() == eur("5")


def test_totals_may_exceed_what_one_column_holds() -> None:
    largest = eur("999999999999999.99")
    assert Totals([largest, largest]).only() == eur("1999999999999999.98")
