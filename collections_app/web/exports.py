"""Tables as CSV and XLSX downloads: typed cells, and text that no spreadsheet mistakes for a formula (case D69).

Any list page may use it: `csv_response` and `xlsx_response` take the same headings and rows. Amounts are given as
`Money`, so that they come out in whole smallest units of their currency, numeric, negative ones too. Must not query,
translate or decide which rows belong in the file.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from collections_app.lib.currencies import digits
from collections_app.lib.money import Money

Cell = str | int | Decimal | Money | date | datetime | None
Row = Sequence[Cell]

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # XML, and so XLSX, cannot hold them
_SPREADSHEET_DIGITS = 15  # a spreadsheet keeps no more; longer amounts would be rounded silently
_WIDEST = 60


def neutral_text(text: str) -> str:
    """The text without control characters, with an apostrophe in front if a spreadsheet could take it for a formula."""
    bare = _CONTROL.sub("", text)
    return f"'{bare}" if bare.lstrip(" ").startswith(_FORMULA_STARTS) else bare


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Row]) -> HttpResponse:
    """A download `name`.csv: commas, decimal points, ISO dates, UTF-8 with the mark that spreadsheets look for."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([neutral_text(heading) for heading in headings])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return _download(f"{name}.csv", CSV_TYPE, text.getvalue().encode("utf-8-sig"))


def xlsx_response(name: str, headings: Sequence[str], rows: Iterable[Row], *, sheet: str = "Export") -> HttpResponse:
    """A download `name`.xlsx with one sheet: numbers and dates typed, headings fixed, columns filterable."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, options)
    page = book.add_worksheet(sheet[:31])
    formats = _Formats(book)
    widths = [len(heading) for heading in headings]
    for column, heading in enumerate(headings):
        page.write_string(0, column, neutral_text(heading), formats.of("heading"))
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], _write_cell(page, formats, last, column, cell))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width + 2, _WIDEST))
    page.freeze_panes(1, 0)
    if headings:
        page.autofilter(0, 0, last, len(headings) - 1)
    book.close()
    return _download(f"{name}.xlsx", XLSX_TYPE, file.getvalue())


class _Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book, self._made = book, dict[str, Any]()

    def of(self, code: str) -> Any:
        if code not in self._made:
            self._made[code] = self._book.add_format({"bold": True} if code == "heading" else {"num_format": code})
        return self._made[code]


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, Money):
        return f"{cell.amount:f}"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return "" if cell is None else neutral_text(cell) if isinstance(cell, str) else str(cell)


def _write_cell(page: Any, formats: _Formats, row: int, column: int, cell: Cell) -> int:
    """The width of what was written, in characters."""
    text = _csv_cell(cell)
    if isinstance(cell, (Money, Decimal)):
        amount = cell.amount if isinstance(cell, Money) else cell
        places = digits(cell.currency) if isinstance(cell, Money) else max(0, -int(amount.as_tuple().exponent))
        if len(amount.as_tuple().digits) > _SPREADSHEET_DIGITS:
            page.write_string(row, column, text)
        else:
            page.write_number(row, column, amount, formats.of(f"#,##0{'.' + '0' * places if places else ''}"))
        return len(text) + len(text) // 3
    if isinstance(cell, int):
        page.write_number(row, column, cell)
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell.replace(tzinfo=None), formats.of("yyyy-mm-dd hh:mm"))
    elif isinstance(cell, date):
        page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), formats.of("yyyy-mm-dd"))
    else:
        page.write_string(row, column, text)
    return len(text)


def _download(name: str, content_type: str, body: bytes) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
