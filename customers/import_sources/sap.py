"""Line items of an SAP ledger (the columns of FBL5N): several companies in one file, credit memos with plus signs.

Blocks (MANSP) and ratings carry no time stamp: nobody can say whether they stood on a given day, so they are not read.
The risk class (CTLPC) is read as a label of today."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from customers.import_sources.base import (
    Cell,
    CustomerFacts,
    FileRefused,
    ImportSource,
    ItemRow,
    Options,
    Outcome,
    Table,
)
from customers.import_sources.cells import AmountReader, BadCell, DateReader, read_text
from customers.rules.import_problems import SkippedRow

ZERO_AMOUNT = "The amount is zero, nothing to collect"
_COLUMNS = ("BUKRS", "KUNNR", "KNA1_LAND1", "ZTERM", "VALUE_EUR", "TBSLT_LTEXT", "CTLPC", "DUE_DATE", "PAYMENT_DATE")
_CREDITS = frozenset({"credit memo", "reverse invoice", "incoming payment"})
_KINDS = {"invoice": "invoice", "down payment request": "down_payment"}
_GERMAN = frozenset({"DE", "AT", "LI"})
_ASSUMED_TERM = timedelta(days=30)


class SapLineItems(ImportSource):
    """Credit memo, Reverse invoice and Incoming payment lower the balance; every other kind raises it."""

    code = "sap"
    label = "SAP line items"
    names_entities = True
    notes = (
        "The file has no document number: the rows are numbered. Equal rows are different documents.",
        "The file has no issue date: 30 days before the due date is taken, or the clearing date if that is earlier.",
        "Every amount is in EUR. Blocks and ratings are left out because they carry no time stamp.",
    )

    def recognises(self, headers: Sequence[str]) -> bool:
        """Whether every column that is read is there, under its SAP name."""
        return set(_COLUMNS) <= set(headers)

    def complete(self, table: Table, options: Options) -> Options:
        """The options as they are: the format leaves nothing open."""
        return options

    def read(self, table: Table, options: Options) -> Iterator[Outcome]:
        """One document per row, numbered from 1 in the order of the file."""
        missing = [name for name in _COLUMNS if name not in table.headers]
        if missing:
            raise FileRefused(
                f"This is no list of SAP line items: {', '.join(missing)} missing. Export these columns as well.",
                code="wrong_columns",
            )
        reader = _RowReader(table.headers)
        width = len(table.headers)
        for ordinal, (line, cells) in enumerate(table.rows(), start=1):
            try:
                if len(cells) != width:
                    sentence = f"The row has {len(cells)} cells, the header {width}. Mend the row."
                    raise BadCell("", f"{len(cells)} cells", "too_many_cells", sentence)
                yield reader(line, ordinal, cells)
            except BadCell as bad:
                yield bad.on(line)


class _RowReader:
    """Reads rows by position; customers and dates that come again are not built again."""

    def __init__(self, headers: Sequence[str]) -> None:
        at = {name: headers.index(name) for name in _COLUMNS}
        self.company, self.customer, self.country = at["BUKRS"], at["KUNNR"], at["KNA1_LAND1"]
        self.terms, self.value, self.kind = at["ZTERM"], at["VALUE_EUR"], at["TBSLT_LTEXT"]
        self.risk, self.due, self.cleared = at["CTLPC"], at["DUE_DATE"], at["PAYMENT_DATE"]
        self.city = headers.index("KNA1_ORT01") if "KNA1_ORT01" in headers else None
        self.read_due = DateReader("DUE_DATE", "ymd")
        self.read_cleared = DateReader("PAYMENT_DATE", "ymd")
        self.read_amount = AmountReader("VALUE_EUR", ".")
        self.customers: dict[Cell, CustomerFacts] = {}

    def __call__(self, line: int, ordinal: int, cells: Sequence[Cell]) -> ItemRow | SkippedRow:
        amount = self.read_amount(cells[self.value], "EUR")
        if not amount:
            return SkippedRow(line, ZERO_AMOUNT)
        due_on = self.read_due(cells[self.due])
        cleared_on = self.read_cleared(cells[self.cleared]) if cells[self.cleared] else None
        kind = str(cells[self.kind]).strip()
        is_credit = (kind.lower() in _CREDITS) is (amount > 0)
        issued_on = _issued_on(due_on, cleared_on)
        return ItemRow(
            line,
            str(cells[self.company]).strip(),
            self.customers.get(cells[self.customer]) or self._customer(cells),
            is_credit,
            "credit_note" if is_credit else _KINDS.get(kind.lower(), "debit_note"),
            f"{ordinal:06d}",
            issued_on,
            due_on,
            False,
            "EUR",
            abs(amount),
            abs(amount) if cleared_on else None,
            cleared_on,
            "",
            read_text("TBSLT_LTEXT", kind, 200),
        )

    def _customer(self, cells: Sequence[Cell]) -> CustomerFacts:
        number = read_text("KUNNR", cells[self.customer], 40, required=True)
        country = read_text("KNA1_LAND1", cells[self.country], 2).upper()
        terms = read_text("ZTERM", cells[self.terms], 10)
        city = read_text("KNA1_ORT01", cells[self.city], 100) if self.city is not None else ""
        facts = CustomerFacts(
            number=number,
            name=f"Customer {number}" + (f", {city.title()}" if city else ""),
            country=country,
            language="de" if country in _GERMAN else "",
            terms_code=f"ZTERM {terms}" if terms else "",
            terms_name=f"SAP terms {terms}" if terms else "",
            risk_class=read_text("CTLPC", cells[self.risk], 20).removesuffix(".0"),
            address=city.title(),
        )
        self.customers[cells[self.customer]] = facts
        return facts


def _issued_on(due_on: date, cleared_on: date | None) -> date:
    """30 days before it fell due; a document that was cleared earlier must have existed by then."""
    assumed = due_on - _ASSUMED_TERM
    return cleared_on if cleared_on is not None and cleared_on < assumed else assumed
