"""Writes amounts for people, in their language. Must not round: surplus digits are refused, not hidden."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from babel.numbers import NumberPattern, get_currency_symbol, get_decimal_symbol, get_group_symbol, parse_pattern

from collections_app.lib.currencies import digits, quantum
from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.locales import babel_locale
from collections_app.lib.rounding import round_amount

_MINUS = "−"
_NBSP = "\u00a0"


def format_amount(amount: Decimal, currency: str, locale: str = "en") -> str:
    """The amount with the currency's sign: '€12,480.00' in English, '12.480,00 €' in German. Negative: '−€5.00'.

    Decimals follow ISO 4217. An unknown locale reads as English; surplus digits, floats and NaN raise BadInput.
    """
    return _written(amount, currency, locale, with_code=False)


def format_amount_with_code(amount: Decimal, currency: str, locale: str = "en") -> str:
    """The amount with the ISO code instead of a sign, for lists that mix currencies: 'EUR 12,480.00'."""
    return _written(amount, currency, locale, with_code=True)


# Pages repeat figures. Typed, so that a float that equals a kept Decimal is still refused.
@lru_cache(maxsize=16_384, typed=True)
def _written(amount: Decimal, currency: str, locale: str, *, with_code: bool) -> str:
    shown = round_amount(amount, currency)
    if shown != amount:
        raise BadInput(
            f"{quoted(amount)} has more decimals than {currency} allows. Round it to {quantum(currency)} to show it.",
            code="surplus_digits",
        )
    return _shape(locale, currency, with_code).written(shown)


class _Shape(NamedTuple):
    """What Babel puts around and between the figures, learned once: its own way takes ten times as long (B6)."""

    above: tuple[str, str]  # before and behind amounts of zero or more
    below: tuple[str, str]  # the same for negative ones
    group: str
    decimal: str
    first: int  # figures in the group before the decimals
    further: int  # and in those before it

    def written(self, amount: Decimal) -> str:
        """The amount, which has the currency's decimals already."""
        before, behind = self.below if amount < 0 else self.above
        whole, _, decimals = f"{amount.copy_abs():f}".partition(".")
        parts, size = [], self.first
        while len(whole) > size:
            parts.append(whole[-size:])
            whole, size = whole[:-size], self.further
        figures = self.group.join([whole, *reversed(parts)])
        return f"{before}{figures}{self.decimal}{decimals}{behind}" if decimals else f"{before}{figures}{behind}"


@lru_cache(maxsize=2048)
def _shape(locale: str, currency: str, with_code: bool) -> _Shape:
    pattern, found = _pattern(locale, currency, with_code), babel_locale(locale)
    decimal, places = get_decimal_symbol(found), digits(currency)

    def around(amount: int) -> tuple[str, str]:
        text: str = pattern.apply(Decimal(amount), found, currency=currency, currency_digits=False)
        figures = f"{abs(amount)}{decimal}{'0' * places}" if places else str(abs(amount))
        before, _, behind = text.replace("-", _MINUS).rpartition(figures)
        return before, behind

    return _Shape(around(1), around(-1), get_group_symbol(found), decimal, *pattern.grouping)


@lru_cache(maxsize=2048)
def _pattern(locale: str, currency: str, with_code: bool) -> NumberPattern:
    """The locale's currency pattern with our number of decimals; Babel's own digits are CLDR's, not ISO 4217's."""
    pattern: str = babel_locale(locale).currency_formats["standard"].pattern
    sign = currency if with_code else get_currency_symbol(currency, babel_locale(locale))
    if sign[-1].isalpha() or sign[0].isalpha():  # letters must not stick to figures: "HUF 1,480", but "US$5"
        for figure in "#0-":
            pattern = pattern.replace(f"{figure}¤", f"{figure}{_NBSP}¤") if figure != "-" else pattern
            pattern = pattern.replace(f"¤{figure}", f"¤{_NBSP}{figure}") if sign[-1].isalpha() else pattern
    made = parse_pattern(pattern.replace("¤", "¤¤") if with_code else pattern)
    made.frac_prec = (digits(currency), digits(currency))
    return made
