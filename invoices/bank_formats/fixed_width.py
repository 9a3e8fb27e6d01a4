"""Amounts without a point and days of six figures, as formats of fixed columns write them. Must not know which."""

from datetime import date
from decimal import Decimal

from collections_app.lib.dates import DateOrder, parse_date
from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.money import parse_amount


def signed(sign: str, figures: str, decimals: int, currency: str, *, debit: str, credit: str) -> Decimal:
    """The amount of these figures, the last `decimals` behind the point; negative when `sign` is in `debit`.

    Raises BadInput for other signs, for what is not only figures, and for more decimals than the currency has."""
    if sign not in credit + debit or not sign or not (figures.isascii() and figures.isdecimal()):
        raise BadInput(f"{quoted(sign + figures)} is not a side and an amount; perhaps figures are missing.")
    text = f"{figures[:-decimals]}.{figures[-decimals:]}"
    amount = parse_amount(text, decimal_mark=".", currency=currency)
    return -amount if sign in debit and amount else amount


def six_figures(text: str, order: DateOrder) -> date:
    """The day, of this century. Raises BadInput."""
    if not (len(text) == 6 and text.isascii() and text.isdecimal()):
        raise BadInput(f"{quoted(text)} is not a day of six figures.")
    return parse_date(f"20{text}" if order == "ymd" else f"{text[:4]}20{text[4:]}", order=order)
