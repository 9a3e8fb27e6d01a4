"""Reads what single cells and the amounts of a row say, given which column holds what. Must not compare rows."""

from collections.abc import Sequence
from decimal import Decimal

from collections_app.lib.amount_reading import DecimalMark
from customers.import_sources.base import Cell
from customers.import_sources.cells import AmountReader, BadCell
from customers.import_sources.spreadsheets import as_text
from invoices.bank_formats.csv_columns import Columns, Row
from invoices.bank_formats.csv_values import amount, direction

MONEY = ("amount", "credit", "debit", "balance", "fee", "gross_credit", "gross_debit")


class Cells:
    """The cells of rows by what they hold. A field that no column holds is empty."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    def cell(self, row: Row, name: str) -> Cell:
        """The cell of the field's first column, as it stands in the file."""
        at = self.columns.at.get(name, ())
        return row.cells[at[0]] if at and at[0] < len(row.cells) else ""

    def text(self, row: Row, name: str) -> str:
        """The text of the field, several columns together, without what a broken quotation leaves."""
        columns = self.columns.at.get(name, ())
        if not columns:
            return ""
        parts = (as_text(row.cells[at]) for at in columns if at < len(row.cells))
        return " ".join(dict.fromkeys(text for part in parts if (text := part.strip().strip('"').strip())))

    def texts(self, rows: Sequence[Row], *names: str) -> list[str]:
        """Every text in these columns; numbers and days of a spreadsheet are left out, for they need no reading."""
        cells = (self.cell(row, name) for row in rows for name in names if name in self.columns.at)
        return [text for cell in cells if isinstance(cell, str) and (text := cell.strip().strip('"'))]


class Amounts:
    """The signed amounts of rows, from one column, from money in and out, or from a word that gives the side."""

    def __init__(self, cells: Cells, rows: Sequence[Row], mark: DecimalMark) -> None:
        self._cells = cells
        self._readers = {
            name: AmountReader(cells.columns.header(name), mark) for name in MONEY if name in cells.columns.at
        }
        # Some banks write debits with a minus in a column of their own; elsewhere, a minus there takes a debit back.
        debits = [text for text in cells.texts(rows, "debit") if any(sign in "123456789" for sign in text)]
        self._signed_debits = bool(debits) and all(text[0] in "-−(" or text[-1] == "-" for text in debits)

    def of(self, row: Row, currency: str) -> tuple[Decimal, Decimal]:
        """The amount and the fee of the row, signed. Raises BadCell when there is no amount."""
        fee = self.single(row, "fee", currency) or Decimal(0)
        total = self.single(row, "amount", currency)
        if total is not None and "direction" in self._cells.columns.at:
            return self._directed(row, total), fee
        if total is None:
            total = self._in_and_out(row, "", currency)
        if total is None:
            raise BadCell("", "", "empty_amount", "The row has no amount")
        if self._cells.text(row, "gross_currency") == currency and (gross := self._in_and_out(row, "gross_", currency)):
            return gross, total - gross
        return total, fee

    def single(self, row: Row, name: str, currency: str) -> Decimal | None:
        """The amount in the column that holds this; None if it is empty. Raises BadCell."""
        cell = self._cells.cell(row, name)
        if name not in self._readers or not as_text(cell).strip():
            return None
        return amount(cell, self._readers[name], currency)

    def _directed(self, row: Row, total: Decimal) -> Decimal:
        header = self._cells.columns.header("direction")
        sign = direction(self._cells.cell(row, "direction"), header)
        if sign > 0 and total < 0 and "balance" not in self._cells.columns.at:
            raise BadCell(header, "", "two_signs", "The row is a credit with a minus, and no balance tells which is so")
        return sign * abs(total)

    def _in_and_out(self, row: Row, prefix: str, currency: str) -> Decimal | None:
        credit = self.single(row, f"{prefix}credit", currency)
        debit = self.single(row, f"{prefix}debit", currency)
        if credit is None and debit is None:
            return None
        out = debit or Decimal(0)
        return (credit or Decimal(0)) - (-out if self._signed_debits else out)
