"""ECB reference rates from the bundled history, offline. Must not touch the network or decide which rate to use.

Reference rates are for information, not for settlement: show the rate and its date beside every converted amount (A9).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from functools import lru_cache

from currency_converter import CurrencyConverter, RateNotFoundError

from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.rounding import EXACT, refuse_inexact, round_amount

_DIGITS = Context(prec=28)


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of the first currency costs `rate` units of the second, as published for the day `on`."""

    rate: Decimal
    on: date
    source: str


@lru_cache(maxsize=16_384)
def ecb_rate(from_currency: str, to_currency: str, on: date) -> Rate:
    """The rate of that day, or of the latest earlier day on which both currencies were published; see `Rate.on`.

    A day after the end of the history gets the last known rate. Raises BadInput for currencies the ECB does not publish
    ('unknown_rate') and for days before the first rate ('no_rate_yet'). The same currency twice: 1, on that very day.
    """
    if from_currency == to_currency and from_currency in _history().currencies:
        return Rate(Decimal(1), on, "ECB")
    spans = [_span(from_currency), _span(to_currency)]
    day = min(on, *(last for _, last in spans))
    first = max(first for first, _ in spans)
    while day >= first:
        legs = _published(from_currency, day), _published(to_currency, day)
        if legs[0] is not None and legs[1] is not None:
            return Rate(_DIGITS.divide(legs[1], legs[0]), day, "ECB")
        day -= timedelta(days=1)
    raise BadInput(
        f"There is no ECB rate from {from_currency} to {to_currency} on or before {on.isoformat()}. Enter a rate.",
        code="no_rate_yet",
    )


def convert(amount: Decimal, rate: Decimal, currency: str) -> Decimal:
    """The amount times the rate in whole smallest units of `currency`, the currency converted to; rounded once.

    The rate must be above 0, else BadInput.
    """
    refuse_inexact(amount)
    refuse_inexact(rate)
    if rate <= 0:
        raise BadInput(f"{quoted(rate)} is not an exchange rate. Enter a number above 0.", code="bad_rate")
    return round_amount(EXACT.multiply(amount, rate), currency)


@lru_cache(maxsize=1)
def _history() -> CurrencyConverter:
    """The whole history, read once per process (0.4 s). No fallbacks: we look for the earlier day ourselves."""
    return CurrencyConverter(decimal=True)


def _span(currency: str) -> tuple[date, date]:
    """The first and last day on which the ECB published this currency."""
    if currency not in _history().currencies:
        raise BadInput(f"The ECB publishes no rate for {quoted(currency)}. Enter a rate by hand.", code="unknown_rate")
    first, last = _history().bounds[currency]
    return first, last


def _published(currency: str, day: date) -> Decimal | None:
    """Units of the currency for one euro as published for the day, if it was."""
    try:
        rate: Decimal = _history().convert(Decimal(1), "EUR", currency, day)
    except RateNotFoundError:
        return None
    return rate
