"""The one place where money is rounded; see docs/algorithms/rounding.md. Must not decide when to round: callers do."""

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from collections_app.lib.currencies import quantum
from collections_app.lib.errors import BadInput, quoted

# Wide enough for two stored amounts multiplied; independent of whatever context the calling thread has set.
EXACT = Context(prec=60)


def round_amount(amount: Decimal, currency: str, rounding: str = ROUND_HALF_UP) -> Decimal:
    """The amount in whole smallest units of the currency, never -0. The ONE place where money is rounded.

    Half a unit goes away from zero unless another `decimal` rounding mode is named. Round once, at the end of a
    calculation. Refuses (BadInput) floats, NaN, infinities, unknown currencies and amounts of absurd size.
    """
    unit = quantum(currency)
    refuse_inexact(amount)
    try:
        rounded = amount.quantize(unit, rounding=rounding, context=EXACT)
    except InvalidOperation:
        raise BadInput(
            f"{quoted(amount)} is too large for an amount of money. Check the number.", code="amount_too_large"
        ) from None
    return rounded if rounded else unit - unit


def refuse_inexact(amount: object) -> None:
    """Return in silence if this is a finite Decimal; else raise BadInput (a float is never money)."""
    if not isinstance(amount, Decimal):
        raise BadInput(
            f"{quoted(amount)} is a {type(amount).__name__}, but money is exact. Pass it as text or as a Decimal.",
            code="not_a_decimal",
        )
    if not amount.is_finite():
        raise BadInput(f"{quoted(amount)} is not an amount. Give a plain number such as 12.50.", code="not_a_number")
