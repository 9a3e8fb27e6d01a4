"""Reads the rows of a table into entries, balances and problems, one row at a time.

Must not compare rows: `csv_balances` does. One bad cell is the problem of its row only."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.currencies import is_currency
from collections_app.lib.dates import DateOrder
from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.references import is_iban
from customers.import_sources.cells import BadCell
from customers.import_sources.spreadsheets import as_text
from invoices.bank_formats.contract import Choices, Entry, Problem
from invoices.bank_formats.csv_amounts import MONEY, Amounts, Cells
from invoices.bank_formats.csv_columns import Columns, Row
from invoices.bank_formats.csv_values import date_order, day, decimal_mark
from invoices.bank_formats.csv_words import PENDING_WORDS, REVERSAL, SIGNS, UNDONE_WORDS, folded
from invoices.bank_formats.plain_text import account_number, plain, plain_facts
from invoices.bank_formats.questions import Questions, currency_of_file
from invoices.bank_formats.swift_details import details

_IBAN = re.compile(r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]){11,30}\b")
_TEXTS = ("name", "text", "reference", "end_to_end_id", "bank_reference", "posting_text")


@dataclass(frozen=True, slots=True)
class Movement:
    """What one row says: the entry and perhaps its fee, or a balance (`kind` "opening" or "closing")."""

    line: int
    account: str
    number: str
    currency: str
    entries: tuple[Entry, ...]
    total: Decimal
    balance: Decimal | None
    kind: str = ""


class RowReader:
    """Reads rows with the columns found. What the whole table must settle (order of days, decimal mark, currency) is
    settled first; for what it leaves open, Refused is raised with all `fields` to be chosen."""

    def __init__(self, rows: Sequence[Row], columns: Columns, choices: Choices) -> None:
        self._rows = rows[columns.first :]
        self._columns = columns
        self._cells = Cells(columns)
        days, amounts = self._texts("booked_on", "value_on"), self._texts(*MONEY)
        ask = Questions()
        self._order: DateOrder = ask.settle(lambda: choices.date_order or date_order(days, columns.date_order), "ymd")
        mark: DecimalMark = ask.settle(lambda: choices.decimal_mark or decimal_mark(amounts, columns.decimal_mark), ".")
        self._currency = columns.currency or choices.currency
        if self._currency or "currency" not in columns.at:
            self._currency = ask.settle(lambda: currency_of_file(columns.currency, choices.currency), "")
        ask.ask()
        self._amounts = Amounts(self._cells, self._rows, mark)
        self._others_account = ""
        self.account = choices.account or self._own_account(rows[: columns.first])

    def movements(self) -> Iterator[Movement | Problem]:
        """A movement or a problem per row; notes, which have neither day nor amount, are passed over."""
        for row in self._rows:
            if not self._texts_in(row, "booked_on", "value_on", "amount", "credit", "debit"):
                continue
            try:
                found = self._movement(row)
            except (BadCell, BadInput) as bad:
                sentence = bad.sentence or f"{quoted(bad)} cannot be read"
                yield Problem(f"line {row.line}", f"{sentence.rstrip('.')}. Correct it, or record the entry by hand.")
                continue
            if found:
                yield found

    def _movement(self, row: Row) -> Movement | None:
        if any(as_text(cell).strip() for cell in row.cells[len(self._columns.headers) or len(row.cells) :]):
            raise BadCell("", "", "too_many_cells", "The row has more cells than the header; perhaps a text that holds "
                          "the delimiter is not in quotation marks")  # fmt: skip
        kind = (self._columns.kinds or {}).get(folded(self._text(row, "kind")), "")
        status = folded(self._text(row, "status"))
        if kind == "skipped" or status in UNDONE_WORDS:
            return None
        booked_on = self._day(row, "booked_on") or self._day(row, "value_on")
        if booked_on is None:
            raise BadCell("", "", "empty_date", "The row has no date")
        currency = self._currency_of(row)
        total, fee = self._amounts.of(row, currency)
        if kind == "carried":
            kind = "opening" if total > 0 else "closing"
            total = abs(total)
        entry = Entry(
            position=f"line {row.line}",
            booked_on=booked_on,
            amount=total,
            currency=currency,
            value_on=self._day(row, "value_on"),
            is_reversal=REVERSAL.search(folded(self._text(row, "posting_text"))) is not None,
            is_booked=status not in PENDING_WORDS,
            **self._facts(row),
        )
        return Movement(
            line=row.line,
            account=account_number(self._text(row, "account")) or self.account,
            number=plain(self._text(row, "number"), 64),
            currency=currency,
            entries=() if kind else tuple(_with_fee(entry, fee)),
            total=total + fee,
            balance=self._amounts.single(row, "balance", currency),
            kind=kind,
        )

    def _facts(self, row: Row) -> dict[str, str]:
        found = {name: self._text(row, name) for name in _TEXTS}
        text, end_to_end_id = found["text"] or found["posting_text"], found["end_to_end_id"]
        if "SVWZ+" in text or "EREF+" in text:  # the German fields of MT940 in one cell
            german = details(f"000?00?20{text[:4_000].replace('?', ' ')}")
            text, end_to_end_id = german.text, end_to_end_id or german.end_to_end_id
        account = self._text(row, "counterparty_account") or self._text(row, self._others_account)
        return plain_facts(
            counterparty_name=found["name"],
            counterparty_account=account_number(account),
            reference=found["reference"],
            text=text,
            end_to_end_id=end_to_end_id,
            bank_reference=found["bank_reference"],
        )

    def _day(self, row: Row, name: str) -> date | None:
        cell = self._cells.cell(row, name)
        if isinstance(cell, date):
            return cell
        text = as_text(cell).strip()
        return day(text, self._order) if text else None

    def _currency_of(self, row: Row) -> str:
        text = self._text(row, "currency")
        found = SIGNS.get(text, text.upper()) or self._currency
        if not is_currency(found):
            raise BadCell("", text, "unknown_currency", f"{quoted(text)} is not a currency")
        return found

    def _own_account(self, above: Sequence[Row]) -> str:
        """The account as a line above the table says it, or a column that says the same in every row."""
        heading = " ".join(as_text(cell)[:200] for row in above for cell in row.cells)
        stated = next((found for each in _IBAN.findall(heading) if is_iban(found := each.replace(" ", ""))), "")
        every = {account_number(text) for text in self._texts("somebodys_account")}
        if len(every) > 1:
            self._others_account = "somebodys_account"
        elif not stated and every and len(self._rows) > 1:
            return every.pop()
        return stated

    def _text(self, row: Row, name: str) -> str:
        return self._cells.text(row, name)

    def _texts(self, *names: str) -> list[str]:
        return self._cells.texts(self._rows, *names)

    def _texts_in(self, row: Row, *names: str) -> bool:
        return any(self._cells.text(row, name) for name in names)


def _with_fee(entry: Entry, fee: Decimal) -> Iterator[Entry]:
    """The entry and its fee, each if there is any."""
    if entry.amount:
        yield entry
    if fee:
        yield replace(entry, position=f"{entry.position}, fee", amount=fee, text=plain(f"Fee {entry.text}"),
                      counterparty_name="", counterparty_account="", is_reversal=False)  # fmt: skip
