"""Short words for figures in reason lines: '€31k', '2 Nov', 'SEK 1.2k'. For reading only, beside exact figures."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from invoices.rules.reliability import Reliability

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


def reliability_words(found: Reliability) -> str:
    """'3 of 5 kept in two years, 1 partly · lately 48 % by number, 46 % by amount'."""
    words = f"{found.kept} of {found.judged} kept in two years"
    words += f", {found.partly_kept} partly" if found.partly_kept else ""
    if found.by_number is None:
        return f"{words} · too few to say how reliable"
    words += f" · lately {percent(found.by_number)} by number"
    return words if found.by_amount is None else f"{words}, {percent(found.by_amount)} by amount"
