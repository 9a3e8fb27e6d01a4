"""Any table of open items: columns chosen by mapping, the way dates and amounts are written proved by the whole file.

What two readings fit is asked for (MoreNeeded), never guessed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from collections_app.lib.dates import detect_date_order
from collections_app.lib.errors import quoted
from collections_app.lib.money import detect_decimal_mark, is_currency
from customers.import_sources.base import (
    Cell,
    CustomerFacts,
    FileRefused,
    ImportSource,
    ItemRow,
    MoreNeeded,
    Options,
    Outcome,
    Table,
)
from customers.import_sources.cells import AmountReader, BadCell, DateReader, read_text
from customers.import_sources.ibm import ASK_ORDER
from customers.import_sources.sap import ZERO_AMOUNT
from customers.import_sources.spreadsheets import as_text
from customers.rules.import_fields import FIELD_BY_NAME, folded, missing_fields, suggest_mapping
from customers.rules.import_problems import SkippedRow

SAMPLE_ROWS = 25
_MOST_DATES = 100_000
_KINDS = {
    "invoice": ("", "invoice", "inv", "arinvoice", "bill", "rechnung", "re", "rg", "ar"),
    "credit_note": ("creditnote", "creditmemo", "credit", "cn", "cm", "gutschrift", "gs", "rechnungskorrektur"),
    "debit_note": ("debitnote", "debitmemo", "debit", "dn", "belastung", "lastschriftanzeige"),
    "down_payment": ("downpayment", "downpaymentrequest", "prepayment", "deposit", "anzahlung", "anzahlungsrechnung"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
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
        reader = _RowReader(table.headers, options)
        for line, cells in table.rows():
            try:
                yield reader(line, cells)
            except BadCell as bad:
                yield bad.on(line)


class _RowReader:
    """Reads rows with one set of options; keeps the customers seen so far, for the first row of each counts."""

    def __init__(self, headers: Sequence[str], options: Options) -> None:
        self.options = options
        self.width = len(headers)
        self.at = {name: headers.index(header) for name, header in options.mapping.items() if header}
        self.header = {name: header for name, header in options.mapping.items() if header}
        order, mark = options.date_order or "ymd", options.decimal_mark or "."
        self.dates = {name: DateReader(header, order) for name, header in self.header.items()}
        self.amounts = {name: AmountReader(header, mark) for name, header in self.header.items()}
        self.customers: dict[str, CustomerFacts] = {}

    def __call__(self, line: int, cells: Sequence[Cell]) -> ItemRow | SkippedRow:
        if len(cells) > self.width and any(as_text(cell).strip() for cell in cells[self.width :]):
            raise BadCell("", f"{len(cells)} cells", "too_many_cells")
        customer = self._text(cells, "customer", required=True)
        currency = self._currency(cells)
        amount = self.amounts["amount"](self._cell(cells, "amount"), currency)
        if not amount:
            return SkippedRow(line, ZERO_AMOUNT)
        is_credit, kind = self._kind(cells, amount)
        issued_on, due_on, assumed = self._dates(cells, is_credit)
        settled, settled_on = self._settled(cells, amount, currency)
        return ItemRow(
            line=line,
            entity=self._text(cells, "entity"),
            customer=self.customers.get(customer) or self._customer(customer, cells),
            is_credit=is_credit,
            kind=kind,
            number=self._text(cells, "number", required=True),
            issued_on=issued_on,
            due_on=due_on,
            due_on_assumed=assumed,
            currency=currency,
            amount=abs(amount),
            settled=settled,
            settled_on=settled_on,
            po_number=self._text(cells, "po_number"),
            text=self._text(cells, "text"),
        )

    def _cell(self, cells: Sequence[Cell], name: str) -> Cell:
        position = self.at.get(name)
        return cells[position] if position is not None and position < len(cells) else ""

    def _text(self, cells: Sequence[Cell], name: str, *, required: bool = False) -> str:
        field = FIELD_BY_NAME[name]
        return read_text(
            self.header.get(name, field.label), self._cell(cells, name), field.max_length, required=required
        )

    def _currency(self, cells: Sequence[Cell]) -> str:
        code = self._text(cells, "currency").upper() or self.options.currency
        if not is_currency(code):
            sentence = f"{quoted(code)} is not a currency. Write a code such as EUR."
            raise BadCell(self.header.get("currency", "Currency"), code, "unknown_currency", sentence)
        return code

    def _kind(self, cells: Sequence[Cell], amount: Decimal) -> tuple[bool, str]:
        """Which side, and which kind: a negative amount turns a claim into a credit, and a credit stays one."""
        word = self._text(cells, "kind")
        kind = _KIND_OF.get(folded(word))
        if kind is None:
            sentence = f"{quoted(word)} is no kind of document known here. Write invoice, credit note or debit note."
            raise BadCell(self.header["kind"], word, "unknown_kind", sentence)
        is_credit = kind == "credit_note" or amount < 0
        return is_credit, "credit_note" if is_credit else kind

    def _dates(self, cells: Sequence[Cell], is_credit: bool) -> tuple[date, date, bool]:
        """Issue date, due date, and whether the due date is our assumption."""
        issued, due = self._cell(cells, "issued_on"), self._cell(cells, "due_on")
        term = timedelta(days=self.options.terms_days)
        if not issued and not due:
            raise BadCell(self.header.get("issued_on") or self.header["due_on"], "", "empty_date")
        issued_on = self.dates["issued_on"](issued) if issued else None
        due_on = self.dates["due_on"](due) if due else None
        if issued_on is None and due_on is not None:
            return due_on - term, due_on, False
        if issued_on is None:
            raise BadCell(self.header["due_on"], "", "empty_date")
        if due_on is None:
            return issued_on, issued_on if is_credit else issued_on + term, True
        if due_on < issued_on and not is_credit:
            raise BadCell(self.header["due_on"], as_text(due), "due_before_issue")
        return issued_on, due_on, False

    def _settled(self, cells: Sequence[Cell], amount: Decimal, currency: str) -> tuple[Decimal | None, date | None]:
        """How much of the document was settled, and on which day; without a day in the file, on the day it is for."""
        paid = self._cell(cells, "settled_on")
        settled_on = self.dates["settled_on"](paid) if paid else None
        if settled_on and self.options.today and settled_on > self.options.today:
            raise BadCell(self.header["settled_on"], as_text(paid), "settled_in_future")
        if "open_amount" not in self.at:
            return (abs(amount), settled_on) if settled_on else (None, None)
        cell = self._cell(cells, "open_amount")
        still_open = self.amounts["open_amount"](cell, currency) if as_text(cell).strip() else amount
        # Some systems write what is open of a credit note without its sign.
        settled = abs(amount) - abs(still_open)
        if settled < 0:
            raise BadCell(self.header["open_amount"], as_text(cell), "open_amount")
        return (settled, settled_on or self.options.today) if settled else (None, None)

    def _customer(self, number: str, cells: Sequence[Cell]) -> CustomerFacts:
        country = self._text(cells, "country").upper()
        email = self._text(cells, "email")
        facts = CustomerFacts(
            number=number,
            name=self._text(cells, "customer_name"),
            country=country if country.isascii() and country.isalpha() and len(country) == 2 else "",
            email=email if "@" in email[1:-1] and " " not in email else "",
        )
        self.customers[number] = facts
        return facts


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
