"""XLSX and XLS through calamine: values as stored, dates and numbers typed, one sheet.

Must not be given a file whose unpacked size nobody looked at: `files.open_table` does so first."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from customers.import_sources.base import Cell, FileRefused, Table
from customers.import_sources.delimited import MAX_COLUMNS, MAX_ROWS, unique_headers


class SpreadsheetTable(Table):
    """One sheet of a workbook; the first one with two filled rows unless one is named. The header is its first row."""

    def __init__(self, path: Path, sheet: str = "") -> None:
        book = _opened(path)
        self.sheets = tuple(book.sheet_names)
        if sheet and sheet not in self.sheets:
            raise FileRefused(f"There is no sheet “{sheet}”. Choose one of: {', '.join(self.sheets)}.", code="no_sheet")
        self.sheet = sheet
        self._sheet = self._chosen(book)
        first = next(self._records(), None)
        if first is None:
            raise FileRefused("The spreadsheet holds no rows. Export it again.", code="empty_file")
        self.headers = unique_headers([as_text(cell) for cell in first[1]])

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Row number as the spreadsheet shows it, and cells, for every row after the header that is not blank."""
        records = self._records()
        next(records, None)
        yield from records

    def all_rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Line number and cells of every row that is not blank, the first one as it stands in the file."""
        yield from self._records()

    def _records(self) -> Iterator[tuple[int, list[Cell]]]:
        try:
            for line, values in enumerate(self._sheet.iter_rows(), start=1):
                cells = [_cell(value) for value in values]
                if any(as_text(cell).strip() for cell in cells):
                    yield line, cells
        except CalamineError as error:
            raise FileRefused(f"The spreadsheet is damaged ({error}). Save it again.", code="damaged") from None

    def _chosen(self, book: CalamineWorkbook) -> CalamineSheet:
        names = [self.sheet] if self.sheet else list(self.sheets)
        sheets: list[CalamineSheet] = []
        for name in names[:50]:
            try:
                sheet = book.get_sheet_by_name(name)
            except CalamineError as error:
                raise FileRefused(f"The sheet “{name}” is damaged ({error}). Save it again.", code="damaged") from None
            if sheet.height >= 2 or self.sheet:
                self.sheet = name
                return _bounded(sheet)
            sheets.append(sheet)
        if not sheets:
            raise FileRefused("The spreadsheet has no sheet. Export it again.", code="empty_file")
        self.sheet = names[0]
        return sheets[0]


def as_text(cell: Cell) -> str:
    """The cell as somebody would type it: dates as ISO, numbers without exponent."""
    if isinstance(cell, str):
        return cell
    return cell.isoformat() if isinstance(cell, date) else f"{cell:f}"


def _opened(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except CalamineError as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise FileRefused(
                "The spreadsheet is protected by a password. Save it without one and try again.", code="encrypted"
            ) from None
        raise FileRefused("The spreadsheet cannot be read. Save it again as .xlsx or CSV.", code="damaged") from None


def _bounded(sheet: CalamineSheet) -> CalamineSheet:
    if sheet.width > MAX_COLUMNS:
        raise FileRefused(
            f"The sheet has {sheet.width:,} columns; at most {MAX_COLUMNS} can be read. Remove the others.",
            code="too_many_columns",
        )
    if sheet.height > MAX_ROWS:
        raise FileRefused(f"The sheet has more than {MAX_ROWS:,} rows. Split it.", code="too_many_rows")
    return sheet


def _cell(value: object) -> Cell:
    """The value without time of day, and numbers with the 15 digits a spreadsheet keeps, so that 0.1 stays 0.1."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return Decimal(f"{value:.15g}")
    return str(value)
