"""Which exchange rate counts on a day, and where it comes from. Reads only; a rate is never guessed (D22, I12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal

from django.db import connection

from collections_app.lib.errors import BadInput
from collections_app.lib.rates import Rate, ecb_rate

_BASE = "EUR"
_DIGITS = Context(prec=28)

# Of several recorded rates of one day the one recorded last counts. Both legs must be of the same day.
_LEG = """SELECT DISTINCT ON ("on") "on", rate, source FROM invoices_exchangerate
          WHERE base = 'EUR' AND quote = %s AND "on" <= %s ORDER BY "on" DESC, recorded_at DESC, id DESC"""
_ONE = f'SELECT "on", rate, source FROM ({_LEG} LIMIT 1) AS one'  # noqa: S608 (only constants)
_TWO = f"""SELECT first."on", first.rate, second.rate, first.source
           FROM ({_LEG}) AS first JOIN ({_LEG}) AS second ON second."on" = first."on"
           ORDER BY first."on" DESC LIMIT 1"""  # noqa: S608 (only constants)


def rate_on(from_currency: str, to_currency: str, on: date) -> Rate:
    """What a unit of the first currency costs in units of the second, as published for `on` or the latest day before.

    Between two currencies of which neither is the euro, by way of the euro: both legs of one day. Imported rates go
    before the bundled ones of the same or an earlier day. `Rate.on` and `Rate.source` belong beside every converted
    amount. Raises BadInput ('unknown_rate', 'no_rate_yet') where nothing was published."""
    if from_currency == to_currency:
        return Rate(Decimal(1), on, "same currency")
    imported = _imported(from_currency, to_currency, on)
    try:
        bundled = ecb_rate(from_currency, to_currency, on)
    except BadInput:
        if imported is None:
            raise
        return imported
    return bundled if imported is None or imported.on < bundled.on else imported


@dataclass(frozen=True, slots=True)
class LatestRate:
    """The newest imported rate of a currency: units of `quote` for one euro, and how many days old it is."""

    quote: str
    rate: Decimal
    on: date
    source: str
    days_old: int


def latest_rates(today: date) -> Sequence[LatestRate]:
    """The newest imported rate per currency, in order of code."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT ON (quote) quote, rate, "on", source FROM invoices_exchangerate
               WHERE base = 'EUR' ORDER BY quote, "on" DESC, recorded_at DESC, id DESC"""
        )
        rows = cursor.fetchall()
    return [LatestRate(quote, rate, on, source, (today - on).days) for quote, rate, on, source in rows]


def _imported(from_currency: str, to_currency: str, on: date) -> Rate | None:
    with connection.cursor() as cursor:
        if _BASE in (from_currency, to_currency):
            quote = to_currency if from_currency == _BASE else from_currency
            cursor.execute(_ONE, [quote, on])
            row = cursor.fetchone()
            if row is None:
                return None
            rate = row[1] if from_currency == _BASE else _DIGITS.divide(Decimal(1), row[1])
            return Rate(rate, row[0], row[2])
        cursor.execute(_TWO, [from_currency, on, to_currency, on])
        row = cursor.fetchone()
    return Rate(_DIGITS.divide(row[2], row[1]), row[0], row[3]) if row else None
