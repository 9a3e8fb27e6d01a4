"""Finds the header of a table and which column holds what: by a mapping that is known, by a person's choice, or by the
usual names. Must not read amounts or days; must not guess between two meanings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.dates import DateOrder
from customers.import_sources.base import Cell
from customers.import_sources.spreadsheets import as_text
from invoices.bank_formats.contract import Choices, Refused
from invoices.bank_formats.csv_mappings import MAPPINGS, TableMapping
from invoices.bank_formats.csv_values import day_or_none
from invoices.bank_formats.csv_words import FIELDS, LANGUAGES, SOMEBODYS_ACCOUNT, currency_in, folded

SEARCHED = 40  # rows above a header: name of the bank, account, period
_MONEY = ("amount", "credit", "debit", "balance")
# The usual names of all languages, per field; each once, in the order of the languages.
_WORDS = {
    name: tuple(dict.fromkeys(word for language in LANGUAGES.values() for word in language.get(name, ())))
    for name in FIELDS
}
# The comma is what the languages of the continent write; English is written with either order of day and month.
_HABITS: dict[str, tuple[DateOrder | None, DecimalMark | None]] = {
    **dict.fromkeys(("de", "fr", "nl", "es"), ("dmy", ",")),
    "en": (None, "."),
}


class Row(NamedTuple):
    """A row of the file: its line and its cells."""

    line: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what (field -> positions), and what is known of the table beside its cells."""

    name: str
    at: Mapping[str, tuple[int, ...]]
    headers: tuple[str, ...]
    first: int  # the index of the first row of data
    currency: str = ""  # as a header says it
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    kinds: Mapping[str, str] | None = None

    def header(self, name: str) -> str:
        """The header of the field's first column, for sentences."""
        at = self.at[name][0]
        return self.headers[at] if at < len(self.headers) else f"column {at + 1}"


def find_columns(rows: Sequence[Row], choices: Choices) -> Columns | None:
    """The columns of the first row that is a header, or of a known table without one; None if nothing fits."""
    for index, row in enumerate(rows[:SEARCHED]):
        headers = tuple(as_text(cell).strip().strip('"') for cell in row.cells)
        found = (
            _chosen(headers, index, choices) if choices.columns else _known(headers, index) or _usual(headers, index)
        )
        if found:
            return found
    if choices.columns:
        return None
    return next(filter(None, (_without_header(rows, mapping) for mapping in MAPPINGS)), None)


def missing_columns(rows: Sequence[Row], choices: Choices) -> Refused:
    """Why no row is a header: what the likeliest one lacks."""
    wanted = [header for header in choices.columns.values() if header]
    if wanted:
        return Refused(
            f"No row has the chosen columns {', '.join(wanted)}. Choose from the headers of the file.",
            code="missing_columns",
            fields={"columns": "Choose columns that the file has."},
        )
    best = max(rows[:SEARCHED], key=lambda row: len(_meanings(tuple(map(as_text, row.cells)))), default=None)
    found = _meanings(tuple(map(as_text, best.cells))) if best else {}
    lacks = [] if "booked_on" in found else ["the booking date"]
    lacks += [] if any(name in found for name in ("amount", "credit", "debit")) else ["the amount"]
    shown = ", ".join(text[:40] for cell in best.cells if (text := as_text(cell).strip())) if best else ""
    sentence = f"No column is known to hold {' or '.join(lacks) or 'what is needed'}."
    return Refused(
        f"{sentence} The file's first columns are: {shown[:200]}. Choose which column holds what, or ask the bank for "
        "camt.053.",
        position=f"line {best.line}" if best else "",
        code="missing_columns",
        fields={"columns": sentence},
    )


def _known(headers: tuple[str, ...], index: int) -> Columns | None:
    names = [currency_in(header) for header in headers]
    plain = {each for name, header in zip(names, headers, strict=True) for each in (name[0], folded(header))}
    mapping = next((each for each in MAPPINGS if each.marks and plain.issuperset(each.marks)), None)
    if mapping is None:
        return None
    at = {name: found for name, words in mapping.columns.items() if (found := _positions(headers, words, name))}
    return Columns(
        mapping.name, at, headers, index + 1, _currency(headers, at), mapping.date_order, mapping.decimal_mark,
        mapping.kinds,
    )  # fmt: skip


def _usual(headers: tuple[str, ...], index: int) -> Columns | None:
    at = _meanings(headers)
    if "booked_on" not in at or not any(name in at for name in ("amount", "credit", "debit")):
        return None
    order, mark = _HABITS[_language(headers)]
    return Columns("table", at, headers, index + 1, _currency(headers, at), order, mark)


def _chosen(headers: tuple[str, ...], index: int, choices: Choices) -> Columns | None:
    wanted = {name: (folded(header),) for name, header in choices.columns.items() if header and name in FIELDS}
    at = {name: found for name, words in wanted.items() if (found := _positions(headers, words, name))}
    if len(at) < len(wanted) or not at:
        return None
    if "booked_on" not in at or not any(name in at for name in ("amount", "credit", "debit")):
        sentence = "The booking date and an amount are needed. Choose a column for each."
        raise Refused(sentence, code="missing_columns", fields={"columns": sentence})
    return Columns("table", at, headers, index + 1, _currency(headers, at))


def _without_header(rows: Sequence[Row], mapping: TableMapping) -> Columns | None:
    """The columns by their number, when the table has as many and the first rows begin with days."""
    if not mapping.positions or not rows or len(rows[0].cells) != mapping.width:
        return None
    if not all(row.cells and day_or_none(as_text(row.cells[0]), mapping.date_order or "dmy") for row in rows[:3]):
        return None
    at = {name: (position,) for name, position in mapping.positions.items()}
    return Columns(mapping.name, at, (), 0, "", mapping.date_order, mapping.decimal_mark, mapping.kinds)


def _meanings(headers: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """What the usual names of all languages make of these headers; a column has one meaning only."""
    found: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for name in FIELDS:
        at = tuple(each for each in _positions(headers, _WORDS[name], name) if each not in taken)
        if at:
            found[name] = at
            taken.update(at)
    if "account" not in found and (at := _positions(headers, SOMEBODYS_ACCOUNT, "account")) and at[0] not in taken:
        found["somebodys_account"] = at
    return found


def _positions(headers: tuple[str, ...], words: Sequence[str], name: str) -> tuple[int, ...]:
    """The columns with these names, in the order of the words: all for texts, the first for everything else."""
    places = _places(headers, name in _MONEY)
    if places.keys().isdisjoint(words):  # as for nearly every field of nearly every row
        return ()
    at = tuple(dict.fromkeys(index for word in words if word in places for index in places[word]))
    return at if name == "text" else at[:1]


@lru_cache(maxsize=8)  # every field asks about the same row; a row that is no header is asked about by all of them
def _places(headers: tuple[str, ...], without_currency: bool) -> Mapping[str, Sequence[int]]:
    """Folded header -> its columns; with `without_currency` also under the name without the currency that ends it."""
    places: dict[str, list[int]] = {}
    for index, header in enumerate(headers):
        for name in dict.fromkeys((folded(header), currency_in(header)[0] if without_currency else folded(header))):
            places.setdefault(name, []).append(index)
    return places


def _currency(headers: tuple[str, ...], at: Mapping[str, tuple[int, ...]]) -> str:
    return next((code for name in _MONEY if name in at and (code := currency_in(headers[at[name][0]])[1])), "")


def _language(headers: tuple[str, ...]) -> str:
    """The language that most headers are in; English when another is not ahead of it."""
    names = {currency_in(header)[0] for header in headers}
    counts = {
        code: sum(1 for words in language.values() if names.intersection(words)) for code, language in LANGUAGES.items()
    }
    return max(counts, key=lambda code: (counts[code], code == "en"))
