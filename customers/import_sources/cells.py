"""Reads single cells into values, remembering what was read before: real files repeat dates and amounts a lot.

Must not decide which column is which. A cell that cannot be read raises BadCell, which becomes the row's problem."""

from datetime import date
from decimal import Decimal, InvalidOperation

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.dates import DateOrder, parse_date
from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.money import MAX_AMOUNT, parse_amount, quantum
from customers.import_sources.base import Cell
from customers.import_sources.spreadsheets import as_text
from customers.rules.import_problems import RowProblem

_REMEMBERED = 50_000


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
        if isinstance(cell, date):
            return cell
        text = as_text(cell)
        known = self._known.get(text)
        if known is not None:
            return known
        try:
            found = parse_date(text, order=self.order)
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

    def __call__(self, cell: Cell, currency: str) -> Decimal:
        """The amount, negative when written so. Raises BadCell."""
        if isinstance(cell, Decimal):
            return self._typed(cell, currency)
        text = as_text(cell)
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


def read_text(column: str, cell: Cell, max_length: int, *, required: bool = False) -> str:
    """The text without surrounding space, at most `max_length` characters, storable. Raises BadCell."""
    text = as_text(cell).strip()
    if required and not text:
        raise BadCell(column, text, "missing_value", f"“{column}” is empty. Fill it in or leave the row out.")
    if max_length and len(text) > max_length:
        sentence = f"{quoted(text)} is longer than {max_length} characters. Shorten it."
        raise BadCell(column, text, "too_long", sentence)
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadCell(
            column, text, "unstorable", f"{quoted(text)} holds characters that cannot be stored. Remove them."
        )
    return text
