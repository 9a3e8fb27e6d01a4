"""Reads tables of movements: CSV in any delimiter and encoding, XLSX and XLS, with or without a header.

The bytes become rows by the readers that import customers' files; `csv_columns` finds what the columns hold, `csv_rows`
reads the rows, `csv_balances` holds them together. Must not guess what a file leaves open: it refuses, naming the
choice."""

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from customers.import_sources.base import FileRefused, MoreNeeded, Options
from customers.import_sources.delimited import DELIMITERS, MAX_COLUMNS, MAX_ROWS, DelimitedTable
from customers.import_sources.files import open_table
from invoices.bank_formats.contract import BankFormat, Choices, ParsedFile, Problem, Refused
from invoices.bank_formats.csv_balances import statements
from invoices.bank_formats.csv_columns import Columns, Row, find_columns, missing_columns
from invoices.bank_formats.csv_rows import RowReader
from invoices.bank_formats.plain_text import decoded

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def sniff(content: bytes) -> bool:
    """Whether this is a spreadsheet, or text that a delimiter cuts into at least three columns of two rows.

    Generous, so that a table with columns unknown here is refused with what it lacks. To be asked last."""
    if content.startswith(_SPREADSHEETS):
        return True
    lines = [line for line in decoded(content[:20_000]).splitlines()[:40] if line.strip()]
    if not lines or lines[0].lstrip().startswith(("<", "{", "%", "!Type")) or "\0" in lines[0]:
        return False
    return any(_is_table(lines, delimiter) for delimiter in DELIMITERS)


def parse(content: bytes) -> ParsedFile:
    """The table as statements, one per account and currency. Raises Refused with `fields` for what must be chosen."""
    return read_with(content, Choices())


def read_with(content: bytes, choices: Choices) -> ParsedFile:
    """Like `parse`, with a person's answers to what the file leaves open."""
    rows, columns = _rows_and_columns(content, choices)
    reader = RowReader(rows, columns, choices)
    movements = []
    problems: list[Problem] = []
    for found in reader.movements():
        if isinstance(found, Problem):
            problems.append(found)
        else:
            movements.append(found)
    read, gaps = statements(movements)
    problems += gaps
    if not read:
        first = problems[0] if problems else Problem("", "The table has no rows with a day and an amount.")
        raise Refused(first.sentence, position=first.position, code="no_statement")
    kind = "spreadsheet" if content.startswith(_SPREADSHEETS) else "CSV"
    return ParsedFile(kind if columns.name == "table" else columns.name, tuple(read), tuple(problems))


CSV = BankFormat("csv", "CSV and Excel tables", sniff, parse, read_with)


def _rows_and_columns(content: bytes, choices: Choices) -> tuple[list[Row], Columns]:
    """The rows as the delimiter cuts them in which the columns are understood. Raises Refused."""
    try:
        with _file(content) as path:
            table = open_table(path, Options())
            rows = [Row(line, cells) for line, cells in table.all_rows()]
            columns = find_columns(rows, choices)
            if columns is None and isinstance(table, DelimitedTable):
                # A heading of a few words above the table can mislead about the delimiter.
                others = (each for each in DELIMITERS if each != table.delimiter)
                for delimiter in others:
                    again = DelimitedTable(lambda: path.open("rb"), table.encoding, delimiter)
                    cut = [Row(line, cells) for line, cells in islice(again.all_rows(), MAX_ROWS)]
                    if found := find_columns(cut, choices):
                        return cut, found
    except (FileRefused, MoreNeeded) as refused:
        raise Refused(refused.sentence, code=refused.code) from None
    if columns is None:
        raise missing_columns(rows, choices)
    return rows, columns


@contextmanager
def _file(content: bytes) -> Iterator[Path]:
    """The content as a file for as long as it is read: the spreadsheet reader takes files only."""
    with tempfile.NamedTemporaryFile(prefix="statement-", suffix=".table") as file:
        file.write(content)
        file.flush()
        yield Path(file.name)


def _is_table(lines: list[str], delimiter: str) -> bool:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:
        return False
    return any(2 < width <= MAX_COLUMNS and widths.count(width) > 1 for width in widths)
