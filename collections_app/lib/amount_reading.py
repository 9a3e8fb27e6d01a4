"""Reads amounts that people and other systems wrote. Strict: what could mean two amounts is refused, never guessed.

Must not round, and must not choose a decimal mark: the caller names it, after `detect_decimal_mark` or a question.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from collections_app.lib.currencies import digits, is_currency
from collections_app.lib.errors import BadInput, quoted

DecimalMark = Literal[".", ","]

_LONGEST = 80
_INTEGER_DIGITS = 15  # what numeric(19,4) holds before the point

# Typographic minus signs, spaces and apostrophes that spreadsheets and banks write, folded to one of each.
_FOLD = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00a0\u202f\u2007\u2009\u2002\u2003\u2006\t", " "),
        **dict.fromkeys("\u2019\u2018\u02bc\u00b4`", "'"),
        # Invisible marks of direction that come along with copied text.
        **dict.fromkeys("\u200e\u200f\u061c\ufeff", None),
    }
)
_DOLLARS = """
    USD CAD AUD NZD HKD SGD TWD MXN BRL ARS CLP COP UYU BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD
"""
_SIGNS: dict[str, frozenset[str]] = {
    "€": frozenset({"EUR"}),
    "$": frozenset(_DOLLARS.split()),
    "US$": frozenset({"USD"}),
    "$US": frozenset({"USD"}),  # French
    "$CA": frozenset({"CAD"}),
    "$AU": frozenset({"AUD"}),
    "£GB": frozenset({"GBP"}),
    "CA$": frozenset({"CAD"}),
    "A$": frozenset({"AUD"}),
    "NZ$": frozenset({"NZD"}),
    "HK$": frozenset({"HKD"}),
    "NT$": frozenset({"TWD"}),
    "MX$": frozenset({"MXN"}),
    "R$": frozenset({"BRL"}),
    "£": frozenset({"GBP", "GIP", "FKP", "SHP", "EGP", "SSP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "￥": frozenset({"JPY", "CNY"}),
    "円": frozenset({"JPY"}),
    "CN¥": frozenset({"CNY"}),
    "JP¥": frozenset({"JPY"}),
    "元": frozenset({"CNY"}),
    "₩": frozenset({"KRW"}),
    "₹": frozenset({"INR"}),
    "₺": frozenset({"TRY"}),
    "₽": frozenset({"RUB"}),
    "₴": frozenset({"UAH"}),
    "₫": frozenset({"VND"}),
    "₪": frozenset({"ILS"}),
    "₱": frozenset({"PHP"}),
    "฿": frozenset({"THB"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "kr.": frozenset({"DKK", "ISK"}),
    "Fr.": frozenset({"CHF"}),
    "SFr.": frozenset({"CHF"}),
    "zł": frozenset({"PLN"}),
    "Kč": frozenset({"CZK"}),
    "Ft": frozenset({"HUF"}),
}
_WORD = r"(?P<{}>[^\d\s.,'()+-](?:[^\d\s,'()+-]*[^\d\s,'()+-])?)"
_SHAPE = re.compile(
    r"(?P<open>\()?\s*(?P<sign1>[+-])?\s*(?:" + _WORD.format("before") + r")?\s*(?P<sign2>[+-])?\s*"
    r"(?P<number>[0-9.,][0-9., ']*?)\s*(?P<sign3>-)?\s*(?:" + _WORD.format("after") + r")?\s*(?P<sign4>-)?\s*"
    r"(?P<close>\))?"
)
_PLAIN = re.compile(r"[0-9]+([.,])[0-9]{1,2}")  # most amounts of most files; can only be read in one way
_LAKH = frozenset({"INR", "PKR", "BDT", "NPR", "LKR"})


def parse_amount(text: str, *, decimal_mark: DecimalMark, currency: str) -> Decimal:
    """The amount this text means, in whole smallest units of the currency; negative with a minus or in parentheses.

    Accepts grouping by the other mark, spaces or apostrophes (threes only; lakhs for Indian currencies), a minus before
    or behind, and the sign or code of `currency`. Zeros beyond the currency's decimals are dropped, others refused.
    Raises BadInput: 'empty_amount', 'not_a_number', 'wrong_currency', 'surplus_digits', 'amount_too_large'.
    """
    allowed = digits(currency)
    if not isinstance(text, str) or not text.translate(_FOLD).strip():
        raise BadInput("The amount is empty. Write a number such as 1234.50.", code="empty_amount")
    shape = _SHAPE.fullmatch(text.translate(_FOLD).strip()) if len(text) <= _LONGEST else None
    if shape is None or not _signs_agree(shape):
        raise _not_a_number(text, decimal_mark)
    _check_currency(shape, currency)
    whole, fraction = _figures(shape["number"], decimal_mark, currency, text)
    if len(whole.lstrip("0")) > _INTEGER_DIGITS:
        raise BadInput(
            f"{quoted(text)} is too large. An amount may have up to {_INTEGER_DIGITS} digits before the decimals.",
            code="amount_too_large",
        )
    if fraction[allowed:].strip("0"):
        raise BadInput(
            f"{quoted(text)} has too many decimals: {currency} has {allowed or 'none'}. Correct or round the amount.",
            code="surplus_digits",
        )
    amount = Decimal(f"{whole or '0'}.{fraction[:allowed].ljust(allowed, '0')}" if allowed else whole or "0")
    return amount.copy_negate() if amount and _is_negative(shape) else amount


def detect_decimal_mark(samples: Iterable[str]) -> DecimalMark | None:
    """The decimal mark of a whole column of amounts; None if the column allows both or contradicts itself, so ask.

    Pass every value of the column, for a later one may tell. A column without any mark reads the same either way: '.'.
    """
    votes: set[DecimalMark] = set()
    numbers = undecided = 0
    for sample in samples:
        if (plain := _PLAIN.fullmatch(sample)) and len(sample) <= _LONGEST:
            numbers += 1
            votes.add("." if plain[1] == "." else ",")
            continue
        shape = _SHAPE.fullmatch(sample.translate(_FOLD).strip()) if len(sample) <= _LONGEST else None
        if shape is None:
            continue
        numbers += 1
        vote = _vote(shape["number"])
        if vote is not None:
            votes.add(vote)
        elif "." in shape["number"] or "," in shape["number"]:
            undecided += 1
    if len(votes) == 1:
        return votes.pop()
    return "." if numbers and not votes and not undecided else None


def _vote(number: str) -> DecimalMark | None:
    """Which mark this one number proves to be the decimal mark, if any."""
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return "." if number.rindex(".") > number.rindex(",") else ","
    if points + commas == 0:
        return None
    mark: DecimalMark = "." if points else ","
    other: DecimalMark = "," if points else "."
    if points + commas > 1:
        return other
    before, _, after = number.partition(mark)
    # Only one to three figures, not starting with 0, before and exactly three after could be a thousand.
    may_group = len(after) == 3 and re.fullmatch(r"[1-9][0-9]{0,2}", before)
    return None if may_group else mark


def _figures(number: str, mark: DecimalMark, currency: str, text: str) -> tuple[str, str]:
    """The digits before and after the decimal mark, without grouping."""
    whole, found, fraction = number.partition(mark)
    if (found and not re.fullmatch(r"[0-9]+", fraction)) or not (whole or found):
        raise _not_a_number(text, mark)
    if re.fullmatch(r"[0-9]*", whole):
        return whole, fraction
    other = re.escape("," if mark == "." else ".")
    by_threes = rf"[1-9][0-9]{{0,2}}(?P<by>{other}|[ '])[0-9]{{3}}(?:(?P=by)[0-9]{{3}})*"
    by_lakhs = r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
    if re.fullmatch(by_threes, whole) or (currency in _LAKH and mark == "." and re.fullmatch(by_lakhs, whole)):
        return re.sub(r"[^0-9]", "", whole), fraction
    raise _not_a_number(text, mark)


def _signs_agree(shape: re.Match[str]) -> bool:
    """Whether the text has at most one sign, and parentheses in pairs and without a sign of their own."""
    signs = [shape[name] for name in ("sign1", "sign2", "sign3", "sign4") if shape[name]]
    return bool(shape["open"]) == bool(shape["close"]) and len(signs) + bool(shape["open"]) <= 1


def _is_negative(shape: re.Match[str]) -> bool:
    return bool(shape["open"]) or "-" in {shape["sign1"], shape["sign2"], shape["sign3"], shape["sign4"]}


def _check_currency(shape: re.Match[str], currency: str) -> None:
    for word in (shape["before"], shape["after"]):
        if word is None or word.upper() == currency or currency in _SIGNS.get(word, ()):
            continue
        if is_currency(word.upper()) or word in _SIGNS:
            raise BadInput(
                f"The amount says {quoted(word)} but is expected in {currency}. Correct the amount or the currency.",
                code="wrong_currency",
            )
        raise BadInput(f"{quoted(word)} is not part of an amount in {currency}. Remove it.", code="not_a_number")


def _not_a_number(text: str, mark: DecimalMark) -> BadInput:
    example = "1,234.50" if mark == "." else "1.234,50"
    return BadInput(
        f"{quoted(text)} is not an amount with a decimal {'point' if mark == '.' else 'comma'}. "
        f"Write it like {example}, without exponent.",
        code="not_a_number",
    )
