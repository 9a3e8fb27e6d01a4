"""The totals of several currencies in one, each at a named rate of a named day. Nothing is converted without (I12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.lib.errors import Refusal
from collections_app.lib.rates import Rate, convert
from invoices.queries.rates import rate_on


@dataclass(frozen=True, slots=True)
class Converted:
    """One currency's total and what it comes to. `rate` and `amount` are None where there is no rate; `problem` says
    why, and the total is left out of the sum."""

    currency: str
    total: Decimal
    rate: Rate | None
    amount: Decimal | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class InOneCurrency:
    """Totals in `base`, each rounded once, and the sum of those that have a rate."""

    base: str
    rows: tuple[Converted, ...]

    @property
    def sum(self) -> Decimal:
        """What the converted totals add up to, in `base`."""
        return sum((row.amount for row in self.rows if row.amount is not None), Decimal(0))

    @property
    def complete(self) -> bool:
        """Whether every currency has a rate."""
        return all(row.amount is not None for row in self.rows)


def in_one_currency(totals: Iterable[tuple[str, Decimal]], *, base: str, as_of: date) -> InOneCurrency:
    """The totals, by currency, in `base` at the rates of `as_of`, or of the latest earlier day that has them."""
    return InOneCurrency(base, tuple(_converted(code, total, base, as_of) for code, total in totals))


def _converted(currency: str, total: Decimal, base: str, as_of: date) -> Converted:
    if currency == base:
        return Converted(currency, total, Rate(Decimal(1), as_of, "–"), total)
    try:
        rate = rate_on(currency, base, as_of)
        return Converted(currency, total, rate, convert(total, rate.rate, base))
    except Refusal as refusal:
        return Converted(currency, total, None, None, refusal.sentence)
