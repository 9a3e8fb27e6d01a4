"""Reads QIF, the exchange format of home accounting programs, for banks that offer nothing better.

The format names neither account nor currency, and writes days as the computer it came from was set: what the file does
not prove is asked for. Must not guess."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.dates import DateOrder
from collections_app.lib.errors import BadInput
from customers.import_sources.cells import AmountReader, BadCell
from invoices.bank_formats.contract import BankFormat, Choices, Entry, ParsedFile, Problem, Refused, Statement
from invoices.bank_formats.csv_values import date_order, day, decimal_mark
from invoices.bank_formats.plain_text import decoded, plain, plain_facts
from invoices.bank_formats.questions import Questions, currency_of_file

_ACCOUNTS = re.compile(r"!Type:\s*(bank|cash|ccard|oth a|oth l)\b", re.IGNORECASE)
_OTHER_LISTS = re.compile(r"!(Type|Account|Option|Clear)", re.IGNORECASE)
_OPENING = "opening balance"
MAX_RECORDS = 200_000


def sniff(content: bytes) -> bool:
    """Whether the content begins with a header of QIF."""
    return _OTHER_LISTS.match(decoded(content[:200]).lstrip()) is not None


def parse(content: bytes) -> ParsedFile:
    """Never gives anything but Refused, with the `fields` to be chosen: the format names no currency."""
    return read_with(content, Choices())


def read_with(content: bytes, choices: Choices) -> ParsedFile:
    """The entries as one statement. Raises Refused with `fields` for the currency and what else is open."""
    records = list(_records(decoded(content)))
    if not records:
        raise Refused("The file has no entries of a bank account. Export them again as OFX or CSV.", code="no_entries")
    ask = Questions()
    days = [each.values["D"] for each in records if "D" in each.values]
    order: DateOrder = ask.settle(lambda: choices.date_order or date_order(days, None), "ymd")
    amounts = [each.amount for each in records if each.amount]
    mark: DecimalMark = ask.settle(lambda: choices.decimal_mark or decimal_mark(amounts, None), ".")
    currency = ask.settle(lambda: currency_of_file("", choices.currency), "")
    ask.ask()
    reader, opening = AmountReader("T", mark), None
    entries: list[Entry] = []
    problems: list[Problem] = []
    for each in records:
        try:
            exact = reader(each.amount, currency)
            if each.values.get("P", "").strip().lower() == _OPENING:
                opening = exact
            elif exact:
                entries.append(_entry(each, exact, currency, day(each.values.get("D", ""), order)))
        except (BadCell, BadInput) as bad:
            sentence = f"{(bad.sentence or str(bad)).rstrip('.')}. Correct it, or record the entry by hand."
            problems.append(Problem(f"line {each.line}", sentence))
    if not entries:
        first = problems[0] if problems else Problem("", "The file has no entries with an amount.")
        raise Refused(first.sentence, position=first.position, code="no_entries")
    days_of = [each.booked_on for each in entries]
    statement = Statement(
        choices.account, currency, tuple(entries), opening=opening, opened_on=min(days_of), closed_on=max(days_of)
    )
    return ParsedFile("QIF", (statement,), tuple(problems))


QIF = BankFormat("qif", "QIF", sniff, parse, read_with)


@dataclass(slots=True)
class _Record:
    """One entry: the line it begins on, and its values by their letter; those of its parts are left out."""

    line: int
    values: dict[str, str] = field(default_factory=dict)

    @property
    def amount(self) -> str:
        return (self.values.get("T") or self.values.get("U", "")).strip()


def _records(text: str) -> Iterator[_Record]:
    """The entries of bank accounts; lists of categories, securities and the like are left out."""
    wanted, record = False, None
    count = 0
    for number, line in enumerate(text.splitlines(), start=1):
        code, value = line[:1], line[1:]
        if code == "!":
            wanted, record = _ACCOUNTS.match(line) is not None, None
        elif code == "^":
            if record and record.values:
                yield record
            record = None
        elif wanted and value.strip():
            if record is None:
                record = _Record(number)
                count += 1
                if count > MAX_RECORDS:
                    raise Refused(f"The file has more than {MAX_RECORDS:,} entries. Export shorter periods.")
            if code == "D":  # "8/12'13" is a day of 2013
                value = value.replace("'", "/").replace(" ", "")
            record.values.setdefault(code, value[:1_000])
    if record and record.values:
        yield record


def _entry(record: _Record, exact: Decimal, currency: str, booked_on: date) -> Entry:
    values = record.values
    text = " ".join(values[code] for code in ("M", "N") if code in values) or values.get("L", "")
    return Entry(
        position=f"line {record.line}",
        booked_on=booked_on,
        amount=exact,
        currency=currency,
        value_on=None,
        is_reversal=False,
        is_booked=True,
        **plain_facts(counterparty_name=values.get("P", ""), text=plain(text)),
    )
