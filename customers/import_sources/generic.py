"""Any table of open items: columns chosen by mapping, the way dates and amounts are written proved by the whole file.

What two readings fit is asked for (MoreNeeded), never guessed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from collections_app.lib.dates import detect_date_order
from collections_app.lib.money import detect_decimal_mark, is_currency
from customers.import_sources.base import (
    FileRefused,
    ImportSource,
    MoreNeeded,
    Options,
    Outcome,
    Table,
)
from customers.import_sources.cells import BadCell
from customers.import_sources.generic_rows import GenericRowReader
from customers.import_sources.ibm import ASK_ORDER
from customers.import_sources.spreadsheets import as_text
from customers.rules.import_fields import FIELD_BY_NAME, missing_fields, suggest_mapping

SAMPLE_ROWS = 25
_MOST_DATES = 100_000
_ASK_MARK = "Choose the decimal mark: the amounts can be read as thousands or as decimals."
_ASK_CURRENCY = "Choose the currency: the file has no column that says it."


class GenericTable(ImportSource):
    """CSV, TSV, XLSX or XLS with one document per row. Negative amounts and credit kinds become credit notes."""

    code = "generic"
    label = "Any table (choose the columns)"
    names_entities = False

    def recognises(self, headers: Sequence[str]) -> bool:
        """Never surely: it takes what nobody else recognises."""
        return False

    def complete(self, table: Table, options: Options) -> Options:
        """The options with mapping, date order and decimal mark filled in; MoreNeeded names every one that is open."""
        mapping = dict(options.mapping) or suggest_mapping(table.headers, column_samples(table))
        options = replace(options, mapping=mapping)
        needed: dict[str, str] = {}
        if missing := missing_fields(mapping):
            needed["mapping"] = f"Choose a column for: {', '.join(missing)}."
        if not options.date_order:
            options = replace(options, date_order=detect_date_order(_texts(table, mapping, "date", _MOST_DATES)))
            if options.date_order is None and _has_text(table, mapping, "date"):
                needed["date_order"] = ASK_ORDER
        if not options.decimal_mark:
            options = replace(options, decimal_mark=detect_decimal_mark(_texts(table, mapping, "amount")))
            if options.decimal_mark is None and _has_text(table, mapping, "amount"):
                needed["decimal_mark"] = _ASK_MARK
        if not mapping.get("currency") and not is_currency(options.currency):
            needed["currency"] = _ASK_CURRENCY
        if needed:
            asked = MoreNeeded(" ".join(needed.values()), fields=needed)
            asked.so_far = options
            raise asked
        return options

    def read(self, table: Table, options: Options) -> Iterator[Outcome]:
        """One document per row, as the mapping says."""
        unknown = [header for header in options.mapping.values() if header and header not in table.headers]
        if unknown or missing_fields(options.mapping):
            what = ", ".join(unknown or missing_fields(options.mapping))
            raise FileRefused(f"The file has no column for: {what}. Choose the columns again.", code="wrong_columns")
        reader = GenericRowReader(table.headers, options)
        for line, cells in table.rows():
            try:
                yield reader(line, cells)
            except BadCell as bad:
                yield bad.on(line)


def column_samples(table: Table, rows: int = SAMPLE_ROWS) -> dict[str, list[str]]:
    """Header -> the first values of its column as text, blanks included."""
    samples: dict[str, list[str]] = {header: [] for header in table.headers}
    for _, (_, cells) in zip(range(rows), table.rows(), strict=False):
        for header, cell in zip(table.headers, cells, strict=False):
            samples[header].append(as_text(cell)[:100])
    return samples


def _positions(table: Table, mapping: dict[str, str], kind: str) -> list[int]:
    headers = [header for name, header in mapping.items() if header and FIELD_BY_NAME[name].type == kind]
    return [table.headers.index(header) for header in headers if header in table.headers]


def _texts(table: Table, mapping: dict[str, str], kind: str, most: int | None = None) -> Iterable[str]:
    """The text cells of all mapped columns of this type, whole file; typed cells prove nothing about text."""
    at = _positions(table, mapping, kind)
    found = (
        cell for _, cells in table.rows() for index in at
        if index < len(cells) and isinstance(cell := cells[index], str) and cell.strip()
    )  # fmt: skip
    if most is None:
        return found
    distinct: set[str] = set()
    for text in found:
        distinct.add(text)
        if len(distinct) >= most:
            break
    return distinct


def _has_text(table: Table, mapping: dict[str, str], kind: str) -> bool:
    return next(iter(_texts(table, mapping, kind)), None) is not None
