"""Reads BAI2, the cash management format of banks in North America.

Groups of accounts with their transactions, each level with control totals that are checked here. The library bai2 gives
the type codes; its own reader stops at the first record that breaks a rule, and so loses the file. Must not correct."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import BadInput, quoted
from invoices.bank_formats.bai_records import Record, day, records, signed, units
from invoices.bank_formats.bai_transaction import Account, summaries, transaction
from invoices.bank_formats.contract import BankFormat, ParsedFile, Problem, Refused, Statement
from invoices.bank_formats.plain_text import account_number, decoded

MAX_RECORDS = 1_000_000
_OPENING, _CLOSING = "010", "015"
_DELETION, _TEST, _INTERIM_TODAY = "2", "4", "3"
_AGAIN = "Ask the bank for the file again."


def sniff(content: bytes) -> bool:
    """Whether the content begins with the file header and group header of BAI2."""
    return re.match(r"\s*01,[^\n]{0,200}?[/\s]\s*02,", decoded(content[:2000])) is not None


def parse(content: bytes) -> ParsedFile:
    """Every account of every group. Raises Refused if the file holds no account, or is BAI version 1."""
    reader = _Reader()
    for number, record in enumerate(records(decoded(content))):
        if number > MAX_RECORDS:
            raise Refused(f"The file has more than {MAX_RECORDS:,} records. Ask the bank for shorter periods.")
        reader.take(record)
    reader.finish()
    if not reader.statements:
        first = reader.problems[0] if reader.problems else Problem("", f"The file holds no account. {_AGAIN}")
        raise Refused(first.sentence, position=first.position, code="no_statement")
    return ParsedFile("BAI2", tuple(reader.statements), tuple(reader.problems))


BAI2 = BankFormat("bai2", "BAI2", sniff, parse)


@dataclass(slots=True)
class _Level:
    """What the trailer of a file, group or account must confirm: the total, the parts, the physical records."""

    total: Decimal = Decimal(0)  # in units as written, over currencies of any number of decimals
    parts: int = 0
    size: int = 0


class _Reader:
    """Puts records together to accounts. Problems collect, in the order of the file."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.problems: list[Problem] = []
        self._file, self._group, self._own = _Level(), _Level(), _Level()
        self._header: list[str] = []
        self._on: date | None = None
        self._account: Account | None = None
        self._skips = self._ended = False

    def take(self, record: Record) -> None:
        """Adds one record to the levels it belongs to."""
        for level in (self._file, self._group, self._own):
            level.size += record.size
        try:
            match record.code:
                case "01":
                    self._begin_file(record)
                case "02":
                    self._begin_group(record)
                case "03":
                    self._begin_account(record)
                case "16":
                    self._add(record)
                case "49":
                    self._end_account(record)
                case "98":
                    self._confirm(record, self._group, "group", "accounts")
                    self._file.total += units(record.fields[0])
                    self._file.parts += 1
                case "99":
                    self._ended = True
                    self._confirm(record, self._file, "file", "groups")
        except BadInput as bad:
            if isinstance(bad, Refused):
                raise
            self._tell(record, f"{bad.sentence} {_AGAIN}")

    def finish(self) -> None:
        """Ends the file; one that is cut off says so."""
        self._keep()
        if not self._ended:
            self.problems.append(Problem("end of file", f"The trailer is missing: the file is cut off. {_AGAIN}"))

    def _begin_file(self, record: Record) -> None:
        if (record.fields + [""] * 8)[7] == "1":
            raise Refused("The file is BAI version 1. Ask the bank for BAI2.", position="line 1", code="wrong_version")

    def _begin_group(self, record: Record) -> None:
        self._keep()
        self._group = _Level(size=record.size)
        self._header = (record.fields + [""] * 7)[:7]
        self._on = None
        status = self._header[2]
        self._skips = status in (_DELETION, _TEST)
        if self._skips:
            what = "deletes earlier reports" if status == _DELETION else "is a test"
            self._tell(record, f"The group {what} and was left out. Ask the bank what it means.")
        self._on = day(self._header[3])

    def _begin_account(self, record: Record) -> None:
        self._keep()
        self._own = _Level(size=record.size)
        header = self._header or [""] * 7
        number, currency = [*record.fields, ""][:2]
        currency = currency or header[5] or "USD"  # the format's own default
        if not is_currency(currency):
            raise BadInput(f"{quoted(currency)} is not a currency; the account was left out.")
        is_booked = header[6] != _INTERIM_TODAY
        self._account = Account(account_number(number), currency, self._on, is_booked)
        for code, amount in summaries(record.fields[2:]):
            self._own.total += units(amount)
            if is_booked and code == _OPENING:
                self._account.opening = signed(amount, currency)
            elif is_booked and code == _CLOSING:
                self._account.closing = signed(amount, currency)

    def _add(self, record: Record) -> None:
        given = record.text.split(",")
        self._own.total += units(given[1].strip() if len(given) > 1 else "")
        account = self._account
        if account is None:
            raise BadInput("The transaction belongs to no account that could be read, and was left out.")
        if account.on is None:
            raise BadInput("The group has no day that can be read, so the transaction was left out.")
        found = transaction(record, account, account.on)
        if found:
            account.entries.append(found)

    def _end_account(self, record: Record) -> None:
        self._confirm(record, self._own, "account", "")
        self._group.total += units(record.fields[0])
        self._group.parts += 1
        self._keep()

    def _confirm(self, record: Record, level: _Level, what: str, parts: str) -> None:
        stated = [units(each) for each in record.fields]
        found = [("the amounts add up to", level.total), ("the records are", Decimal(level.size))]
        if parts:
            found.insert(1, (f"the {parts} are", Decimal(level.parts)))
        for (name, is_so), says in zip(found, stated, strict=False):
            if says != is_so:
                self._tell(
                    record, f"The trailer of the {what} says {says}, but {name} {is_so}. {_AGAIN}", explains_gap=False
                )

    def _keep(self) -> None:
        account, self._account = self._account, None
        if account and not self._skips:
            self.statements.append(
                Statement(
                    account=account.number,
                    currency=account.currency,
                    entries=tuple(account.entries),
                    opening=account.opening,
                    closing=account.closing,
                    closed_on=account.on,
                )
            )

    def _tell(self, record: Record, sentence: str, *, explains_gap: bool = True) -> None:
        self.problems.append(Problem(f"line {record.line}", sentence, explains_gap))
