"""The IBM sample of late-payment data: invoices of 100 customers in dollars, dates in either order, no names.

`Disputed`, `PaperlessDate`, `DaysToSettle` and `DaysLate` are known only after the fact; they are never read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from collections_app.lib.dates import detect_date_order
from customers.import_sources.base import (
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
from customers.import_sources.sap import ZERO_AMOUNT
from customers.import_sources.spreadsheets import as_text
from customers.rules.import_problems import SkippedRow

_COLUMNS = ("customerid", "invoicenumber", "invoicedate", "duedate", "invoiceamount", "settleddate")
_DATES = ("invoicedate", "duedate", "settleddate")
ASK_ORDER = "Choose how the dates are written: every date of the file can be read in more than one way."


class IbmSample(ImportSource):
    """Headers are compared without case; the order of day and month is what the whole file proves."""

    code = "ibm"
    label = "IBM late-payment sample"
    notes = (
        "Every amount is in USD. Customers have no names in this file; their numbers are used.",
        "An invoice with a settled date counts as paid in full on that day.",
    )

    def recognises(self, headers: Sequence[str]) -> bool:
        """Whether every column that is read is there."""
        return set(_COLUMNS) <= {header.lower() for header in headers}

    def complete(self, table: Table, options: Options) -> Options:
        """The options with the date order that fits every date of the file."""
        if options.date_order:
            return options
        at = [position for position, header in enumerate(table.headers) if header.lower() in _DATES]
        samples = {as_text(cells[index]) for _, cells in table.rows() for index in at if index < len(cells)}
        order = detect_date_order(samples)
        if order is None:
            raise MoreNeeded(ASK_ORDER, fields={"date_order": ASK_ORDER})
        return replace(options, date_order=order)

    def read(self, table: Table, options: Options) -> Iterator[Outcome]:
        """One invoice per row, paid in full on its settled date when it has one."""
        headers = [header.lower() for header in table.headers]
        missing = [name for name in _COLUMNS if name not in headers]
        if missing:
            raise FileRefused(
                f"This is not the IBM sample: the columns {', '.join(missing)} are missing.", code="wrong_columns"
            )
        customer, number, issued, due, amount, settled = (headers.index(name) for name in _COLUMNS)
        order = options.date_order or "mdy"
        read_issued, read_due = DateReader("InvoiceDate", order), DateReader("DueDate", order)
        read_settled, read_amount = DateReader("SettledDate", order), AmountReader("InvoiceAmount", ".")
        known: dict[str, CustomerFacts] = {}
        for line, cells in table.rows():
            try:
                if len(cells) != len(headers):
                    raise BadCell("", f"{len(cells)} cells", "too_many_cells", "The row is broken. Mend it.")
                worth = read_amount(cells[amount], "USD")
                if not worth:
                    yield SkippedRow(line, ZERO_AMOUNT)
                    continue
                name = read_text("customerID", cells[customer], 40, required=True)
                issued_on, due_on = read_issued(cells[issued]), read_due(cells[due])
                if due_on < issued_on:
                    raise BadCell("DueDate", as_text(cells[due]), "due_before_issue")
                settled_on = read_settled(cells[settled]) if cells[settled] else None
                yield ItemRow(
                    line=line,
                    entity="",
                    customer=known.get(name) or known.setdefault(name, CustomerFacts(name, f"Customer {name}")),
                    is_credit=worth < 0,
                    kind="credit_note" if worth < 0 else "invoice",
                    number=read_text("invoiceNumber", cells[number], 60, required=True),
                    issued_on=issued_on,
                    due_on=due_on,
                    due_on_assumed=False,
                    currency="USD",
                    amount=abs(worth),
                    settled=abs(worth) if settled_on else None,
                    settled_on=settled_on,
                )
            except BadCell as bad:
                yield bad.on(line)
