"""Finds amounts with their currency in a clause. A bare number is none: it may be an invoice. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from collections_app.lib.amount_reading import DecimalMark, parse_amount
from collections_app.lib.errors import BadInput

_NUMBER = r"(?:\d{1,3}(?:(?P<group>[.,' ])\d{3})(?:(?P=group)\d{3}){0,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?)"
_BEFORE = r"(?:us\$|€|£|\$|eur|euros?|usd|gbp|chf|fr\.|dkk|sek|nok|pln)"
_BEHIND = (
    r"(?:€|£|\$|eur|euros?|usd|us-dollar|dollars?|dólares|gbp|pounds?|pond|chf|franken|francs?|dkk|sek|nok|pln)(?![\w])"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<cur1>{_BEFORE})\s?(?P<n1>{_NUMBER})(?!\d)(?![.,]\d)"
    rf"|(?<![\w.,])(?P<n2>{_NUMBER.replace('group', 'group2')})(?:,[-–]{{1,2}})?\s?(?P<cur2>{_BEHIND})"
)
_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
    "pond": "GBP", "usd": "USD", "us$": "USD", "us-dollar": "USD", "chf": "CHF", "franken": "CHF", "fr.": "CHF",
    "franc": "CHF", "francs": "CHF", "dkk": "DKK", "sek": "SEK", "nok": "NOK", "pln": "PLN",
}  # fmt: skip
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD"})


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """An amount above zero, in whole smallest units of its currency, and where it stands."""

    start: int
    end: int
    amount: Decimal
    currency: str


def find_amounts(clause: str, *, currency: str) -> list[FoundAmount]:
    """The amounts in these small letters, in order. `currency` is the customer's and says which dollar a "$" is."""
    found = []
    for match in _AMOUNT.finditer(clause):
        number, sign = match["n1"] or match["n2"], match["cur1"] or match["cur2"]
        code = _CURRENCIES.get(sign) or (currency if currency in _DOLLARS else "USD")
        try:
            amount = parse_amount(number, decimal_mark=_mark(number), currency=code)
        except BadInput:
            continue
        if amount > 0:
            found.append(FoundAmount(match.start(), match.end(), amount, code))
    return found


def _mark(number: str) -> DecimalMark:
    """The decimal mark: the last of two kinds; one alone with three figures behind it groups thousands, since no
    currency met here has three decimals."""
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return "."
    mark: DecimalMark = "." if number[last] == "." else ","
    groups = len(number) - last - 1 == 3
    return ("," if mark == "." else ".") if groups else mark
