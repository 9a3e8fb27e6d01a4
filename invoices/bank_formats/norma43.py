"""Reads Norma 43 (AEB, cuaderno 43), the statement of Spanish banks: lines of 80 characters, read by their columns.

Must not repair: the sums that each account states of itself are checked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from stdnum.es import ccc

from collections_app.lib.errors import BadInput, quoted
from invoices.bank_formats.contract import BankFormat, Entry, ParsedFile, Problem, Refused, Statement
from invoices.bank_formats.fixed_width import signed, six_figures
from invoices.bank_formats.plain_text import decoded, plain, plain_facts

_AGAIN = "Ask the bank for the file again."
_CURRENCIES = {"978": "EUR", "840": "USD", "826": "GBP", "756": "CHF", "208": "DKK", "578": "NOK", "752": "SEK",
               "985": "PLN", "203": "CZK", "124": "CAD", "036": "AUD", "392": "JPY",
               "504": "MAD", "484": "MXN"}  # fmt: skip
_TAKE_BACK = frozenset({"14", "98"})  # returned and unpaid items; cancelled entries
_DEBIT, _CREDIT = "1", "20"  # some banks write 0 for a balance that is not below zero


def sniff(content: bytes) -> bool:
    """Whether the first line is the header of an account, with its currency where it belongs."""
    return re.match(r"\s*11\d{30}[12]\d{14}\d{3}[123 ]", decoded(content[:200])) is not None


def parse(content: bytes) -> ParsedFile:
    """Every account of the file. Raises Refused when there is none that can be read."""
    statements: list[Statement] = []
    problems: list[Problem] = []
    draft: _Draft | None = None
    for number, line in enumerate(decoded(content).splitlines(), start=1):
        record = line.rstrip("\r\0\x1a").ljust(80)
        try:
            match record[:2]:
                case "11":
                    statements += _unfinished(draft, problems)
                    draft = None
                    draft = _begin(number, record)
                case "22" if draft is None:
                    raise BadInput("The movement belongs to no account that could be read, and was left out.")
                case "22" if draft:
                    draft.movements.append(_Movement(number, record))
                case "23" if draft and draft.movements:
                    draft.movements[-1].text += f" {record[4:42].strip()} {record[42:80].strip()}"
                case "33" if draft:
                    finished, draft = draft, None
                    problems += finished.unconfirmed(number, record)
                    statements.append(finished.statement(_closing(number, record, finished, problems), problems))
        except BadInput as bad:
            problems.append(Problem(f"line {number}", f"{bad.sentence} {_AGAIN}"))
    statements += _unfinished(draft, problems)
    if not statements:
        first = problems[0] if problems else Problem("", f"The file holds no statement. {_AGAIN}")
        raise Refused(first.sentence, position=first.position, code="no_statement")
    return ParsedFile("Norma 43", tuple(statements), tuple(problems))


NORMA43 = BankFormat("norma43", "Norma 43 (Spain)", sniff, parse)


@dataclass(slots=True)
class _Movement:
    line: int
    record: str
    text: str = ""


@dataclass(slots=True)
class _Draft:
    """An account while its records come in."""

    line: int
    account: str
    currency: str
    opening: Decimal
    opened_on: date
    closed_on: date
    movements: list[_Movement] = field(default_factory=list)

    def unconfirmed(self, line: int, record: str) -> Iterator[Problem]:
        """Where the sums of this record 33 are not those of the movements."""
        for name, sign, count, figures in (
            ("debits", _DEBIT, record[20:25], record[25:39]), ("credits", "2", record[39:44], record[44:58])
        ):  # fmt: skip
            of = [each.record for each in self.movements if each.record[27] == sign]
            total = sum(int(each[28:42]) for each in of if each[28:42].isdecimal())
            if count.isdecimal() and figures.isdecimal() and (int(count), int(figures)) != (len(of), total):
                told = f"The account has {len(of)} {name} of {Decimal(total) / 100}, but says {int(count)} of "
                yield Problem(f"line {line}", f"{told}{Decimal(int(figures)) / 100}. {_AGAIN}")

    def statement(self, closing: Decimal | None, problems: list[Problem]) -> Statement:
        """The statement with the entries that can be read; the others are added to the problems."""
        entries = tuple(self._entries(problems))
        return Statement(
            account=self.account,
            currency=self.currency,
            entries=entries,
            opening=self.opening,
            closing=closing,
            opened_on=self.opened_on,
            closed_on=self.closed_on,
        )

    def _entries(self, problems: list[Problem]) -> Iterator[Entry]:
        for movement in self.movements:
            try:
                entry = _entry(movement, self.currency)
            except BadInput as bad:
                problems.append(Problem(f"line {movement.line}", f"{bad.sentence} {_AGAIN}"))
                continue
            if entry.amount:
                yield entry


def _begin(line: int, record: str) -> _Draft:
    """The account that this record 11 begins. Raises BadInput."""
    currency = _CURRENCIES.get(record[47:50], "")
    if not currency:
        raise BadInput(f"{quoted(record[47:50])} is not a currency known here; the account was left out.")
    return _Draft(
        line=line,
        account=_iban(record[2:20]),
        currency=currency,
        opening=signed(record[32], record[33:47], 2, currency, debit=_DEBIT, credit=_CREDIT),
        opened_on=six_figures(record[20:26], "ymd"),
        closed_on=six_figures(record[26:32], "ymd"),
    )


def _iban(number: str) -> str:
    """The IBAN of bank, branch and account, which stand there without their check digits; the number if it is none."""
    if not (number.isascii() and number.isdecimal() and number.strip("0")):
        return plain(number, 64)
    control = ccc.calc_check_digits(f"{number[:8]}00{number[8:]}")
    return str(ccc.to_iban(f"{number[:8]}{control}{number[8:]}"))


def _entry(movement: _Movement, currency: str) -> Entry:
    """The movement of this record 22. Raises BadInput."""
    record = movement.record
    references = [text for part in (record[64:80], record[52:64]) if (text := part.strip()).strip("0")]
    return Entry(
        position=f"line {movement.line}",
        booked_on=six_figures(record[10:16], "ymd"),
        value_on=six_figures(record[16:22], "ymd"),
        amount=signed(record[27], record[28:42], 2, currency, debit=_DEBIT, credit="2"),
        currency=currency,
        is_reversal=record[22:24] in _TAKE_BACK,
        is_booked=True,
        **plain_facts(
            text=movement.text,
            end_to_end_id=references[0] if references else "",
            bank_reference=record[42:52].strip("0 "),
        ),
    )


def _closing(line: int, record: str, draft: _Draft, problems: list[Problem]) -> Decimal | None:
    try:
        return signed(record[58], record[59:73], 2, draft.currency, debit=_DEBIT, credit=_CREDIT)
    except BadInput as bad:
        problems.append(Problem(f"line {line}", f"{bad.sentence} {_AGAIN}"))
        return None


def _unfinished(draft: _Draft | None, problems: list[Problem]) -> Iterator[Statement]:
    """The account that the file breaks off in, without its closing balance, which is told."""
    if draft:
        sentence = f"The account has no final record: the file is cut off. {_AGAIN}"
        problems.append(Problem(f"line {draft.line}", sentence))
        yield draft.statement(None, problems)
