"""Reads single cells into values, remembering what was read before: real files repeat dates and amounts a lot.

Must not decide which column is which. A cell that cannot be read raises BadCell, which becomes the row's problem."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.currencies import digits
from collections_app.lib.dates import DateOrder, parse_date
from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.money import MAX_AMOUNT, parse_amount, quantum
from customers.import_sources.base import Cell
from customers.import_sources.spreadsheets import as_text
from customers.rules.import_problems import RowProblem

_REMEMBERED = 50_000
_YEARS = range(1900, 2200)
_PERCENT = re.compile(r"(?P<number>[0-9]{1,2}(?:[.,][0-9]{1,4}0*)?) ?%?")


class BadCell(Exception):
    """One cell that cannot be used: the column's header, what was found, a cause's code, and a sentence."""

    def __init__(self, column: str, found: str, code: str, sentence: str = "") -> None:
        super().__init__(sentence or code)
        self.column = column
        self.found = found
        self.code = code
        self.sentence = sentence

    def on(self, line: int) -> RowProblem:
        """The problem of the row on this line."""
        shown = "".join(sign if sign.isprintable() else "?" for sign in self.found[:60])
        return RowProblem(line, self.code, self.column, shown, self.sentence)


class DateReader:
    """Dates of one column, read in one order."""

    def __init__(self, column: str, order: DateOrder) -> None:
        self.column = column
        self.order = order
        self._known: dict[str, date] = {}

    def __call__(self, cell: Cell) -> date:
        """The day. Raises BadCell."""
        if isinstance(cell, date) and cell.year in _YEARS:
            return cell
        text = as_text(cell)
        known = self._known.get(text)
        if known is not None:
            return known
        try:
            found = parse_date(text, order="ymd" if isinstance(cell, date) else self.order)
        except BadInput as error:
            raise BadCell(self.column, text, error.code, error.sentence) from None
        if len(self._known) < _REMEMBERED:
            self._known[text] = found
        return found


class AmountReader:
    """Amounts of one column, read with one decimal mark; numbers of a spreadsheet need none."""

    def __init__(self, column: str, mark: DecimalMark) -> None:
        self.column = column
        self.mark: DecimalMark = mark
        self._known: dict[tuple[str, str], Decimal] = {}
        self._plain: dict[str, re.Pattern[str]] = {}

    def __call__(self, cell: Cell, currency: str) -> Decimal:
        """The amount, negative when written so. Raises BadCell."""
        if isinstance(cell, Decimal):
            return self._typed(cell, currency)
        text = as_text(cell)
        plain = self._plain.get(currency) or self._plain_amounts(currency)
        if plain.fullmatch(text):  # most amounts of most files; parse_amount would say the same
            return Decimal(text.replace(",", "."))
        key = (text, currency)
        known = self._known.get(key)
        if known is not None:
            return known
        try:
            amount = parse_amount(text, decimal_mark=self.mark, currency=currency)
        except BadInput as error:
            raise BadCell(self.column, text, error.code, error.sentence) from None
        if len(self._known) < _REMEMBERED:
            self._known[key] = amount
        return amount

    def _plain_amounts(self, currency: str) -> re.Pattern[str]:
        """What amounts in the currency look like without grouping, sign or surplus digits."""
        decimals = digits(currency)
        fraction = f"{re.escape(self.mark)}[0-9]{{{decimals}}}" if decimals else ""
        pattern = self._plain[currency] = re.compile(f"[0-9]{{1,15}}{fraction}")
        return pattern

    def _typed(self, number: Decimal, currency: str) -> Decimal:
        try:
            exact = number.quantize(quantum(currency))
        except InvalidOperation:
            exact = None
        if exact is None or abs(exact) > MAX_AMOUNT or not exact.is_finite():
            raise BadCell(self.column, str(number), "amount_too_large", f"{quoted(number)} is too large. Check it.")
        if exact != number:
            sentence = f"{quoted(number)} has too many decimals for {currency}. Correct or round the amount."
            raise BadCell(self.column, str(number), "surplus_digits", sentence)
        return exact


def read_percent(column: str, cell: Cell) -> Decimal:
    """The percentage, from 0 up to less than 100, with point or comma and at most four decimals. Raises BadCell."""
    text = as_text(cell).strip()
    found = _PERCENT.fullmatch(text)
    if text and not found:
        sentence = f"{quoted(text)} is no percentage. Write a number such as 2 or 2.5."
        raise BadCell(column, text, "unread_discount", sentence)
    return Decimal(found["number"].replace(",", ".")) if found else Decimal(0)


def read_text(column: str, cell: Cell, max_length: int, *, required: bool = False) -> str:
    """The text without surrounding space, at most `max_length` characters, storable. Raises BadCell."""
    text = as_text(cell).strip()
    if required and not text:
        raise BadCell(column, text, "missing_value", f"“{column}” is empty. Fill it in or leave the row out.")
    if max_length and len(text) > max_length:
        sentence = f"{quoted(text)} is longer than {max_length} characters. Shorten it."
        raise BadCell(column, text, "too_long", sentence)
    if "\0" in text or not (text.isascii() or text.isprintable() or _is_storable(text)):
        raise BadCell(
            column, text, "unstorable", f"{quoted(text)} holds characters that cannot be stored. Remove them."
        )
    return text


def _is_storable(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)
