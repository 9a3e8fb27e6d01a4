"""Short words for figures in reason lines: '€31k', '2 Nov', 'SEK 1.2k'. For reading only, beside exact figures."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = ((Decimal(1_000_000), "m"), (Decimal(1000), "k"))


def short_money(amount: Decimal, currency: str) -> str:
    """'€850', '€1.2k', '€31k', '€2.4m'; other currencies by code: 'SEK 31k'. Negative with '−' in front."""
    sign = "−" if amount < 0 else ""
    size, suffix = abs(amount), ""
    for limit, letter in _STEPS:
        if size >= limit * Decimal("0.9995"):
            size, suffix = size / limit, letter
            break
    digits = Decimal("0.1") if suffix and size < Decimal("9.95") else Decimal(1)
    figure = size.quantize(digits, ROUND_HALF_EVEN)
    mark = _SIGNS.get(currency) or f"{currency}\u00a0"
    return f"{sign}{mark}{figure:,f}{suffix}".replace(".0k", "k").replace(".0m", "m")


def short_day(day: date, on: date) -> str:
    """'2 Nov', with the year when it is not the year of `on`; never figures alone."""
    year = "" if day.year == on.year else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]}{year}"


def percent(share: Decimal) -> str:
    """'62 %', whole."""
    return f"{(share * 100).quantize(Decimal(1), ROUND_HALF_EVEN)} %"
