"""Payment terms in words: what is read, what says nothing, and what is not guessed."""

from decimal import Decimal

import pytest

from customers.rules.terms_text import TermsText, read_terms


@pytest.mark.parametrize(
    ("text", "percent", "days", "net"),
    [
        ("2/10 net 30", "2", 10, 30),
        ("2/10, n/30", "2", 10, 30),
        ("2% / 10 days, net 30 days", "2", 10, 30),
        ("2/10", "2", 10, None),
        ("2% 10, Net 30", "2", 10, 30),
        ("2 % 10 days, 30 days net", "2", 10, 30),
        ("1.5% 10 net 45", "1.5", 10, 45),
        ("3 % Skonto bei Zahlung innerhalb von 14 Tagen, 30 Tage netto", "3", 14, 30),
        ("14 Tage 2,5 % Skonto, 30 Tage rein netto", "2.5", 14, 30),
        ("10 days 2%, 30 days net", "2", 10, 30),
    ],
)
def test_early_payment_terms_are_read(text: str, percent: str, days: int, net: int | None) -> None:
    assert read_terms(text) == TermsText(net, Decimal(percent), days)


@pytest.mark.parametrize(
    ("text", "net"),
    [("Net 30", 30), ("30", 30), ("30 days", 30), ("60 Tage netto", 60), ("n/45", 45), ("Due on Receipt", 0),
     ("0/0 net 30", 30), ("netto 14 Tage", 14)],
)  # fmt: skip
def test_net_days_are_read_without_a_discount(text: str, net: int) -> None:
    assert read_terms(text) == TermsText(net)


@pytest.mark.parametrize(
    "text", ["", "ZB01", "Net 30 EOM", "as agreed", "1/3", "50/50", "30/60/90", "1.5% interest per month", "paypal"]
)
def test_what_says_nothing_about_days_says_nothing(text: str) -> None:
    assert read_terms(text) == TermsText()


@pytest.mark.parametrize(
    "text",
    [
        "3% 7 days, 2% 14 days, net 30",
        "2% 10 days EOM",
        "2/30 net 10",
        "3 % Skonto",
        "5% discount when paid early",
    ],
)
def test_a_discount_that_cannot_be_read_for_sure_is_not_guessed(text: str) -> None:
    assert read_terms(text) is None
