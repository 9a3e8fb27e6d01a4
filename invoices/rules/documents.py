"""What a document may say before it is issued: its tax, its parts, its discount. Pure; reads and writes nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput
from collections_app.lib.money import Money, format_amount_with_code
from collections_app.lib.rounding import EXACT, round_amount

_ZERO = Decimal(0)


def checked_instalments(
    parts: Sequence[tuple[date, Decimal]], *, total: Money, issued_on: date
) -> list[tuple[date, Decimal]]:
    """The parts (due date, amount) as stored: amounts above zero in whole smallest units that add up to the total, due
    dates ascending, the first not before the issue date. None at all is fine. Raises BadInput for anything else."""
    amounts = [Money(amount, total.currency).amount for _, amount in parts]
    days = [day for day, _ in parts]
    if amounts and min(amounts) <= 0:
        raise _bad("Each instalment needs an amount above zero.")
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise _bad("The due dates of instalments follow each other: each later than the one before.")
    if days and days[0] < issued_on:
        raise _bad(f"No instalment is due before the invoice date, {format_date(issued_on)}.")
    if parts and sum(amounts, _ZERO) != total.amount:
        found, wanted = (
            format_amount_with_code(value, total.currency) for value in (sum(amounts, _ZERO), total.amount)
        )
        raise _bad(f"The instalments add up to {found}, the total is {wanted}. Change one of them.")
    return list(zip(days, amounts, strict=True))


def checked_tax(tax_total: Decimal, total: Money) -> Decimal:
    """The tax in whole smallest units. Raises BadInput unless it lies between 0 and the total, both inclusive."""
    tax = Money(tax_total, total.currency).amount
    if not 0 <= tax <= total.amount:
        raise BadInput(
            "The tax lies between 0 and the total, which includes it.",
            code="tax_outside_total",
            fields={"tax_total": "Between 0 and the total."},
        )
    return tax


def checked_discount(percent: Decimal, until: date | None, *, issued_on: date, due_on: date) -> None:
    """Nothing; raises BadInput unless there is no discount, or one above 0 and below 100 per cent with a last day from
    the issue date to the due date, both inclusive."""
    if not percent and until is None:
        return
    if not percent.is_finite() or not _ZERO < percent < 100 or percent != percent.quantize(Decimal("0.0001")):
        raise _bad_discount("The discount is a percentage above 0 and below 100, with at most four decimals.")
    if until is None or not issued_on <= until <= due_on:
        raise _bad_discount("The last day for the discount lies between the invoice date and the due date.")


def discount_from_terms(percent: Decimal, days: int, *, issued_on: date, due_on: date) -> tuple[Decimal, date | None]:
    """The percentage and its last day, inclusive, that payment terms give an invoice of that day; (0, None) when they
    give none, or when its due date leaves no room for it."""
    until = issued_on + timedelta(days=days)
    return (percent, until) if percent and until <= due_on else (_ZERO, None)


def tax_part(*, tax_total: Decimal, total: Decimal, part: Decimal, currency: str) -> Decimal:
    """The tax in a part of a document, in proportion and rounded once; all of it for the whole."""
    return round_amount(EXACT.divide(EXACT.multiply(tax_total, part), total), currency)


def _bad(sentence: str) -> BadInput:
    return BadInput(sentence, code="bad_instalments", fields={"instalments": sentence})


def _bad_discount(sentence: str) -> BadInput:
    return BadInput(sentence, code="bad_discount", fields={"discount_percent": sentence})
