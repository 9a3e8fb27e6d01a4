"""Reads CODA, the statement of Belgian banks (Febelfin, version 2): lines of 128 characters, read by their columns.

A movement that comes with its parts is taken as its parts when they add up to it. Must not repair."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import BadInput, quoted
from invoices.bank_formats.contract import BankFormat, Entry, ParsedFile, Problem, Refused, Statement
from invoices.bank_formats.fixed_width import signed, six_figures
from invoices.bank_formats.plain_text import account_number, decoded, plain_facts

_AGAIN = "Ask the bank for the file again."
_CANCELLATIONS = frozenset({"49", "99"})  # operations that correct or cancel an earlier one


def sniff(content: bytes) -> bool:
    """Whether the first line is the header of CODA, and the second an old balance."""
    lines = decoded(content[:1_000]).lstrip("\r\n").splitlines()
    return len(lines) > 1 and re.match(r"0{5}\d{6}.{3}05", lines[0]) is not None and lines[1].startswith("1")


def parse(content: bytes) -> ParsedFile:
    """Every statement of the file. Raises Refused when there is none that can be read."""
    statements: list[Statement] = []
    problems: list[Problem] = []
    draft: _Draft | None = None
    for number, line in enumerate(decoded(content).splitlines(), start=1):
        record = line.rstrip("\r\0\x1a").ljust(128)
        try:
            if record[0] == "1":
                statements += _unfinished(draft, problems)
                draft = None
                draft = _begin(number, record)
            elif record[0] == "2" and (draft is None or draft.is_told):
                if record[1] == "1":
                    raise BadInput("The movement belongs to no statement that could be read, and was left out.")
            elif draft and record[0] == "2":
                draft.add(number, record)
            elif draft and record[0] == "8" and not draft.is_told:
                draft.end(number, record, problems)
                statements.append(draft.statement(problems))
                draft.is_told = True
            elif draft and record[0] == "9":
                problems += draft.unconfirmed(number, record)
                draft = None
        except BadInput as bad:
            problems.append(Problem(f"line {number}", f"{bad.sentence} {_AGAIN}"))
    statements += _unfinished(draft, problems)
    if not statements:
        first = problems[0] if problems else Problem("", f"The file holds no statement. {_AGAIN}")
        raise Refused(first.sentence, position=first.position, code="no_statement")
    return ParsedFile("CODA", tuple(statements), tuple(problems))


CODA = BankFormat("coda", "CODA (Belgium)", sniff, parse)


@dataclass(slots=True)
class _Movement:
    """Record 21 and what 22 and 23 add to it."""

    line: int
    record: str
    text: str
    more: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Draft:
    """A statement while its records come in. Movements are kept by number, and by the number of the part."""

    line: int
    account: str
    currency: str
    number: str
    opening: Decimal
    opened_on: date
    closing: Decimal | None = None
    closed_on: date | None = None
    is_told: bool = False  # the statement was given; only the trailer is still to come
    movements: dict[str, dict[str, _Movement]] = field(default_factory=dict)

    def add(self, line: int, record: str) -> None:
        """Adds a record 21, 22 or 23; the others only repeat."""
        of = self.movements.setdefault(record[2:6], {})
        if record[1] == "1":
            of[record[6:10]] = _Movement(line, record, record[62:115])
        elif movement := of.get(record[6:10]):
            if record[1] == "2":
                movement.text += record[10:63]
                movement.more["end_to_end_id"] = record[63:98].strip()
            elif record[1] == "3":
                movement.more["counterparty_account"] = account_number(record[10:44])
                movement.more["counterparty_name"] = record[47:82]
                movement.text += record[82:125]

    def end(self, line: int, record: str, problems: list[Problem]) -> None:
        """Takes the new balance of this record 8, as far as it can be read."""
        try:
            self.closing = signed(record[41], record[42:57], 3, self.currency, debit="1", credit="0")
            self.closed_on = six_figures(record[57:63], "dmy")
        except BadInput as bad:
            problems.append(Problem(f"line {line}", f"{bad.sentence} {_AGAIN}"))

    def statement(self, problems: list[Problem]) -> Statement:
        """The statement with the entries that can be read; the others are added to the problems."""
        return Statement(
            account=self.account,
            currency=self.currency,
            entries=tuple(entry for of in self.movements.values() for entry in self._entries(of, problems)),
            number=self.number,
            opening=self.opening,
            closing=self.closing,
            opened_on=self.opened_on,
            closed_on=self.closed_on,
        )

    def unconfirmed(self, line: int, record: str) -> Iterator[Problem]:
        """Where the sums of the trailer are not those of the movements."""
        for name, figures, sign in (("debits", record[22:37], "1"), ("credits", record[37:52], "0")):
            whole = [of["0000"].record for of in self.movements.values() if "0000" in of]
            found = sum(int(each[32:47]) for each in whole if each[31] == sign and each[32:47].isdecimal())
            if figures.isdecimal() and int(figures) != found:
                told = f"The {name} add up to {Decimal(found) / 1000}, but the trailer says "
                yield Problem(f"line {line}", f"{told}{Decimal(int(figures)) / 1000}. {_AGAIN}")

    def _entries(self, of: dict[str, _Movement], problems: list[Problem]) -> Iterable[Entry]:
        whole = of.get("0000")
        if whole is None:
            return []
        read: list[Entry] = []
        for movement in of.values():
            try:
                read.append(_entry(movement, whole, self.currency))
            except BadInput as bad:
                problems.append(Problem(f"line {movement.line}", f"{bad.sentence} {_AGAIN}"))
                if movement is whole:
                    return []
        parts = read[1:]
        is_split = len(parts) == len(of) - 1 > 0 and sum(part.amount for part in parts) == read[0].amount
        return [entry for entry in (parts if is_split else read[:1]) if entry.amount]


def _begin(line: int, record: str) -> _Draft:
    """The statement that an old balance begins. Raises BadInput."""
    account, currency = (record[5:17], record[18:21]) if record[1] == "0" else (record[5:39], record[39:42])
    if not is_currency(currency):
        raise BadInput(f"{quoted(currency)} is not a currency; the statement was left out.")
    opening = signed(record[42], record[43:58], 3, currency, debit="1", credit="0")
    return _Draft(line, account_number(account), currency, record[2:5], opening, six_figures(record[58:64], "dmy"))


def _entry(movement: _Movement, whole: _Movement, currency: str) -> Entry:
    """The movement; a part has the other side of the whole when it names none. Raises BadInput."""
    record = movement.record
    is_structured = record[61] == "1" and record[62:65] in ("101", "102")
    facts = {**whole.more, **movement.more}
    return Entry(
        position=f"line {movement.line}",
        booked_on=six_figures(record[115:121], "dmy"),
        value_on=six_figures(record[47:53], "dmy") if record[47:53] != "000000" else None,
        amount=signed(record[31], record[32:47], 3, currency, debit="1", credit="0"),
        currency=currency,
        is_reversal=record[56:58] in _CANCELLATIONS,
        is_booked=True,
        **plain_facts(
            **facts,
            text="" if is_structured else movement.text.strip() or whole.text,
            reference=record[65:77] if is_structured else "",
            bank_reference=record[10:31],
        ),
    )


def _unfinished(draft: _Draft | None, problems: list[Problem]) -> Iterator[Statement]:
    """The statement that the file breaks off in, without its new balance, which is told."""
    if draft and not draft.is_told:
        sentence = f"The statement has no new balance: the file is cut off. {_AGAIN}"
        problems.append(Problem(f"line {draft.line}", sentence))
        yield draft.statement(problems)
