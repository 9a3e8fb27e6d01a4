"""Amounts and dates as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from pytest_django import Settings

from collections_app.lib.errors import BadInput
from collections_app.web.writing import amount_html, amount_text, day_html, moment_html, short_amount

ON = date(2026, 11, 21)


def test_an_amount_is_written_with_its_sign_in_the_readers_language() -> None:
    assert amount_text(Decimal("12480.0000"), "EUR") == "€12,480.00"
    with translation.override("de"):
        assert amount_text(Decimal("12480.00"), "EUR") == "12.480,00\u00a0€"


def test_mixed_currencies_are_written_with_the_iso_code() -> None:
    assert amount_text(Decimal("5"), "USD", with_code=True) == "USD\u00a05.00"


@pytest.mark.parametrize("amount", [12.5, 12, "12.50", None])
def test_what_is_not_a_decimal_is_refused_while_testing(amount: object) -> None:
    with pytest.raises(BadInput, match="Decimal"):
        amount_text(amount, "EUR")


def test_a_missing_currency_is_refused_while_testing() -> None:
    with pytest.raises(BadInput, match="currency"):
        amount_text(Decimal("1.00"), "")


def test_in_production_a_doubtful_amount_shows_all_its_digits_instead_of_breaking_the_page(
    settings: Settings,
) -> None:
    settings.DEBUG = settings.TESTING = False
    assert amount_text(Decimal("1.2345"), "EUR") == "1.2345 EUR"
    assert amount_text(Decimal("1.00"), "") == "1.00 ?"


def test_a_negative_amount_is_marked_by_a_minus_sign_and_for_style() -> None:
    assert amount_html(Decimal("-5.00"), "EUR") == '<span class="money" data-sign="minus">−€5.00</span>'


def test_a_short_amount_serves_axes() -> None:
    assert short_amount(Decimal("84120.55"), "EUR") == "€84K"
    assert [short_amount(Decimal(n), "EUR") for n in (1_200_000, 1_800_000, 2_400_000)] == ["€1.2M", "€1.8M", "€2.4M"]
    assert [short_amount(Decimal(n), "EUR") for n in (0, 600, 2_000_000)] == ["€0", "€600", "€2M"]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 3), "3 Nov · 18 days late"),
        (date(2026, 11, 20), "20 Nov · 1 day late"),
        (date(2026, 11, 21), "21 Nov · due today"),
        (date(2026, 11, 26), "26 Nov · in 5 days"),
        (date(2025, 11, 21), "21 Nov 2025 · 365 days late"),
    ],
)
def test_a_due_date_says_how_far_away_it_is(day: date, words: str) -> None:
    written = day_html(day, on=ON, due=True)
    assert f">{words}</time>" in written
    assert f'datetime="{day.isoformat()}"' in written


def test_a_date_that_is_not_due_says_how_long_ago_it_was() -> None:
    assert ">3 Nov · 18 days ago</time>" in day_html(date(2026, 11, 3), on=ON)


def test_a_date_without_a_day_to_compare_shows_its_year() -> None:
    assert day_html(date(2026, 4, 3)) == '<time datetime="2026-04-03">3 Apr 2026</time>'


def test_german_dates_follow_german_order() -> None:
    with translation.override("de"):
        assert ">3. Nov. 2026</time>" in day_html(date(2026, 11, 3))


def test_a_moment_shows_the_hour_today_and_the_date_before_in_the_active_zone() -> None:
    moment = datetime(2026, 11, 20, 23, 30, 5, tzinfo=UTC)
    with timezone.override("Europe/Berlin"):
        assert ">00:30</time>" in moment_html(moment, on=ON)
        assert ">21 Nov 00:30</time>" in moment_html(moment, on=date(2026, 11, 22))
        assert "00:30:05 CET" in moment_html(moment)
