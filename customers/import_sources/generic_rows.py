"""Reads one row of a mapped table into a document. A cell that cannot be used raises BadCell.

A large file spends its time here: what is the same for every row is worked out once."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from collections_app.lib.errors import quoted
from collections_app.lib.money import is_currency
from customers.import_sources.base import Cell, CustomerFacts, ItemRow, Options
from customers.import_sources.cells import AmountReader, BadCell, DateReader, read_percent, read_text
from customers.import_sources.sap import ZERO_AMOUNT
from customers.import_sources.spreadsheets import as_text
from customers.rules.import_fields import FIELD_BY_NAME, folded
from customers.rules.import_problems import SkippedRow
from customers.rules.terms_text import TermsText, read_terms

_KINDS = {
    "invoice": ("", "invoice", "inv", "arinvoice", "bill", "rechnung", "re", "rg", "ar"),
    "credit_note": ("creditnote", "creditmemo", "credit", "cn", "cm", "gutschrift", "gs", "rechnungskorrektur"),
    "debit_note": ("debitnote", "debitmemo", "debit", "dn", "belastung", "lastschriftanzeige"),
    "down_payment": ("downpayment", "downpaymentrequest", "prepayment", "deposit", "anzahlung", "anzahlungsrechnung"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_NO_TERMS = TermsText()
_REMEMBERED = 1_000  # kinds, currencies and terms of which a file has few
_ZERO = Decimal(0)


class _Days(NamedTuple):
    issued_on: date
    due_on: date
    due_on_assumed: bool


class GenericRowReader:
    """Reads rows with one set of options; keeps the customers seen so far, for the first row of each counts."""

    def __init__(self, headers: Sequence[str], options: Options) -> None:
        self.options = options
        self.width = len(headers)
        self.at = {name: headers.index(header) for name, header in options.mapping.items() if header}
        self.header = {name: header for name, header in options.mapping.items() if header}
        order, mark = options.date_order or "ymd", options.decimal_mark or "."
        self.dates = {name: DateReader(header, order) for name, header in self.header.items()}
        self.amounts = {name: AmountReader(header, mark) for name, header in self.header.items()}
        self.longest = {name: FIELD_BY_NAME[name].max_length for name in self.header}
        self.has_discount = "discount_percent" in self.at or "discount_until" in self.at
        self.customers: dict[str, CustomerFacts] = {}
        self._currencies: dict[Cell, str] = {}
        self._kinds: dict[Cell, str] = {}
        self._terms: dict[Cell, TermsText] = {}

    def __call__(self, line: int, cells: Sequence[Cell]) -> ItemRow | SkippedRow:
        """The document of this row, or why there is nothing to store."""
        if len(cells) > self.width and any(as_text(cell).strip() for cell in cells[self.width :]):
            raise BadCell("", f"{len(cells)} cells", "too_many_cells")
        customer = self._text(cells, "customer", required=True)
        currency = self._currency(cells)
        amount = self.amounts["amount"](self._cell(cells, "amount"), currency)
        if not amount:
            return SkippedRow(line, ZERO_AMOUNT)
        kind = self._kind(cells)
        is_credit = kind == "credit_note" or amount < 0
        terms = self._read_terms(cells) if "terms" in self.at else _NO_TERMS
        days = self._days(cells, is_credit, terms)
        settled, settled_on = self._settled(cells, amount, currency)
        percent, until = (_ZERO, None) if is_credit else self._discount(cells, terms, days.issued_on)
        return ItemRow(
            line,
            self._text(cells, "entity"),
            self.customers.get(customer) or self._customer(customer, cells),
            is_credit,
            "credit_note" if is_credit else kind,
            self._text(cells, "number", required=True),
            *days,
            currency,
            abs(amount),
            settled,
            settled_on,
            self._text(cells, "po_number"),
            self._text(cells, "text"),
            self._tax(cells, amount, currency) if "tax_total" in self.at else _ZERO,
            percent,
            until,
        )

    def _cell(self, cells: Sequence[Cell], name: str) -> Cell:
        position = self.at.get(name)
        return cells[position] if position is not None and position < len(cells) else ""

    def _text(self, cells: Sequence[Cell], name: str, *, required: bool = False) -> str:
        if name not in self.at:
            return ""
        return read_text(self.header[name], self._cell(cells, name), self.longest[name], required=required)

    def _currency(self, cells: Sequence[Cell]) -> str:
        cell = self._cell(cells, "currency")
        if known := self._currencies.get(cell):
            return known
        code = self._text(cells, "currency").upper() or self.options.currency
        if not is_currency(code):
            sentence = f"{quoted(code)} is not a currency. Write a code such as EUR."
            raise BadCell(self.header.get("currency", "Currency"), code, "unknown_currency", sentence)
        if len(self._currencies) < _REMEMBERED:
            self._currencies[cell] = code
        return code

    def _kind(self, cells: Sequence[Cell]) -> str:
        cell = self._cell(cells, "kind")
        if known := self._kinds.get(cell):
            return known
        word = self._text(cells, "kind")
        kind = _KIND_OF.get(folded(word))
        if kind is None:
            sentence = f"{quoted(word)} is no kind of document known here. Write invoice, credit note or debit note."
            raise BadCell(self.header["kind"], word, "unknown_kind", sentence)
        if len(self._kinds) < _REMEMBERED:
            self._kinds[cell] = kind
        return kind

    def _read_terms(self, cells: Sequence[Cell]) -> TermsText:
        cell = self._cell(cells, "terms")
        if known := self._terms.get(cell):
            return known
        text = self._text(cells, "terms")
        terms = read_terms(text)
        if terms is None and not self.has_discount:
            sentence = f"{quoted(text)} grants a discount that cannot be read for sure. Write it like 2/10 net 30."
            raise BadCell(self.header["terms"], text, "unread_discount", sentence)
        terms = terms or _NO_TERMS  # columns of their own say what the text does not
        if len(self._terms) < _REMEMBERED:
            self._terms[cell] = terms
        return terms

    def _days(self, cells: Sequence[Cell], is_credit: bool, terms: TermsText) -> _Days:
        """Issue date, due date, and whether the due date is our assumption."""
        issued, due = self._cell(cells, "issued_on"), self._cell(cells, "due_on")
        term = timedelta(days=self.options.terms_days if terms.net_days is None else terms.net_days)
        if not issued and not due:
            raise BadCell(self.header.get("issued_on") or self.header["due_on"], "", "empty_date")
        issued_on = self.dates["issued_on"](issued) if issued else None
        due_on = self.dates["due_on"](due) if due else None
        if issued_on is None and due_on is not None:
            return _Days(due_on - term, due_on, False)
        if issued_on is None:
            raise BadCell(self.header["due_on"], "", "empty_date")
        if due_on is None:
            return _Days(issued_on, issued_on if is_credit else issued_on + term, terms.net_days is None)
        if due_on < issued_on and not is_credit:
            raise BadCell(self.header["due_on"], as_text(due), "due_before_issue")
        return _Days(issued_on, due_on, False)

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

    def _tax(self, cells: Sequence[Cell], amount: Decimal, currency: str) -> Decimal:
        """The tax within the document's amount, not negative; systems write a credit's tax with or without its sign."""
        cell = self._cell(cells, "tax_total")
        tax = self.amounts["tax_total"](cell, currency) if as_text(cell).strip() else _ZERO
        if abs(tax) > abs(amount) or (tax < 0 < amount):
            sentence = f"A tax of {tax:f} is no part of an amount of {amount:f}. Correct one of them."
            raise BadCell(self.header["tax_total"], as_text(cell), "tax_over_amount", sentence)
        return abs(tax)

    def _discount(self, cells: Sequence[Cell], terms: TermsText, issued_on: date) -> tuple[Decimal, date | None]:
        """Percent and last day of the early-payment discount: columns of their own count, else the terms in words."""
        if self.has_discount:
            percent = read_percent(self.header.get("discount_percent", ""), self._cell(cells, "discount_percent"))
            cell = self._cell(cells, "discount_until")
            until = self.dates["discount_until"](cell) if as_text(cell).strip() else None
            if percent and until and until >= issued_on:
                return percent, until
            if percent or (until and not terms.percent):
                header = self.header.get("discount_until") or self.header["discount_percent"]
                raise BadCell(header, as_text(cell), "unread_discount")
        if not terms.percent:
            return _ZERO, None
        return terms.percent, issued_on + timedelta(days=terms.discount_days)

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
