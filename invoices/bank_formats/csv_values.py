"""Reads days and amounts of a table's cells. Must not guess: an order of day and month, or a decimal mark, is proven by
the whole column, known of the kind of file, or asked for."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from collections_app.lib.amount_reading import DecimalMark, detect_decimal_mark
from collections_app.lib.dates import DateOrder, parse_date
from collections_app.lib.errors import BadInput, quoted
from customers.import_sources.base import Cell
from customers.import_sources.cells import AmountReader, BadCell
from customers.import_sources.spreadsheets import as_text
from invoices.bank_formats.contract import Refused
from invoices.bank_formats.csv_words import CREDIT_WORDS, DEBIT_WORDS, folded

_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")
_TIME = re.compile(
    r"(.*?\d)(?:[T ]+|, ?)\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?: ?[AaPp][Mm])?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?"
)
_MONTHS = {name: number for number, name in enumerate(
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)}  # fmt: skip
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*\.?,?[ -](\d{4}|\d{2})")
_MONTH_DAY_YEAR = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})")
_SIDE = re.compile(r"(.*[\d.,)])\s*(cr|dr|c|d)\.?", re.IGNORECASE)
_CENTURY = 1970  # two figures of a year mean 1970 to 2069


def day_or_none(text: str, order: DateOrder) -> date | None:
    """The day, with or without a time behind it; None if it is none in this order."""
    try:
        return day(text, order)
    except BadInput:
        return None


def day(text: str, order: DateOrder) -> date:
    """The day as written, whatever time and zone stand behind it. Raises BadInput."""
    bare = text.strip()[:60]
    timed = _TIME.fullmatch(bare)
    bare = timed[1] if timed else bare
    named = _DAY_MONTH_YEAR.fullmatch(bare)
    worded = _MONTH_DAY_YEAR.fullmatch(bare)
    if named and (month := _MONTHS.get(named[2].lower())):
        return parse_date(f"{named[1]}/{month}/{named[3]}", order="dmy", two_digit_years_from=_CENTURY)
    if worded and (month := _MONTHS.get(worded[1].lower())):
        return parse_date(f"{worded[2]}/{month}/{worded[3]}", order="dmy")
    return parse_date(bare, order=order, two_digit_years_from=_CENTURY)


def date_order(samples: Sequence[str], known: DateOrder | None) -> DateOrder:
    """The order that all days of the table allow, or the `known` one where they allow several. Raises Refused."""
    readings = [[day_or_none(text, order) for order in _ORDERS] for text in set(samples)]
    seen = [each for each in readings if any(each)]
    possible = [at for at in range(len(_ORDERS)) if all(each[at] for each in seen)]
    if known and _ORDERS.index(known) in possible:
        return known
    if possible and all(len({each[at] for at in possible}) == 1 for each in seen):
        return _ORDERS[possible[0]]
    if known and 2 * sum(each[_ORDERS.index(known)] is not None for each in seen) > len(seen):
        return known  # a few cells are slips, and become problems
    sentence = "Choose whether the day, the month or the year is written first"
    why = "every date" if possible else "no order fits every date, and some"
    raise Refused(
        f"{sentence}: {why} of the file can be read in more than one way, such as {quoted(samples[0])}.",
        code="ambiguous_dates",
        fields={"date_order": f"{sentence}."},
    )


def decimal_mark(samples: Sequence[str], known: DecimalMark | None) -> DecimalMark:
    """The decimal mark that the amounts prove, or the `known` one where they allow both. Raises Refused."""
    found = detect_decimal_mark(samples) or known or (None if samples else ".")
    if found:
        return found
    sentence = "Choose whether the amounts have a decimal point or a decimal comma"
    raise Refused(
        f"{sentence}: those of the file, such as {quoted(samples[0])}, can be read both ways.",
        code="ambiguous_amounts",
        fields={"decimal_mark": f"{sentence}."},
    )


def amount(cell: Cell, reader: AmountReader, currency: str) -> Decimal:
    """The amount, negative with a minus, in parentheses or with DR behind it. Raises BadCell."""
    if isinstance(cell, str) and (side := _SIDE.fullmatch(cell.strip()[:80])):
        exact = reader(side[1], currency)
        return -abs(exact) if side[2][0] in "dD" else exact
    return reader(cell, currency)


def direction(cell: Cell, column: str) -> int:
    """1 for money that came in, -1 for money that went out. Raises BadCell for any other word."""
    text = as_text(cell).strip()
    word = folded(text) or text
    if word in CREDIT_WORDS:
        return 1
    if word in DEBIT_WORDS:
        return -1
    raise BadCell(column, text, "unknown_direction", f"{quoted(text)} says neither debit nor credit. Correct the cell.")
