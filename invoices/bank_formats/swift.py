"""Reads SWIFT MT940 (statement) and MT942 (movements not yet booked).

The file is cut into fields and statements here, so that a damaged field costs only itself; `swift_entry` and
`swift_details` read the fields, on the library mt-940. Must not know what a bank's name is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from collections_app.lib.errors import BadInput
from invoices.bank_formats.contract import BankFormat, Entry, ParsedFile, Problem, Refused, Statement
from invoices.bank_formats.plain_text import account_number, decoded, plain
from invoices.bank_formats.swift_entry import Balance, Field, balance, currency_of, entry

MAX_ENTRIES = 200_000
_FIELD = re.compile(
    r"(?:\{[^:]*:.*\{4:)?:(13D?|2[01]|25P?|28C?|34F|60[FM]?|61|62[FM]?|6[45]|86|90[CD]|NS):(.*)", re.DOTALL
)
_TRAILER = re.compile(r"-(\}.*|X{1,5})?")
_MT942 = re.compile(r".{0,80}\{2:[OI]942|942\b")
_END = "-"
_AGAIN = "Ask the bank for the file again."


def sniff(content: bytes) -> bool:
    """Whether the beginning has the fields that every MT940 or MT942 has: reference, account, number."""
    if content[:4] in (b"PK\x03\x04", b"%PDF"):
        return False
    start = decoded(content[:20_000])
    tags = {found[1][:2] for line in start.splitlines() if (found := _FIELD.match(_bare(line)))}
    return len(tags & {"20", "25", "28", "60"}) >= 3 or {"25", "61"} <= tags


def parse(content: bytes) -> ParsedFile:
    """Every statement, one per account and day as the bank cut them. Raises Refused if there is none at all."""
    reader = _Reader()
    for each in _fields(decoded(content)):
        reader.take(each)
    reader.finish()
    if not reader.statements:
        first = reader.problems[0] if reader.problems else Problem("", f"The file holds no statement. {_AGAIN}")
        raise Refused(first.sentence, position=first.position, code="no_statement")
    name = "MT942" if reader.all_pending else "MT940"
    return ParsedFile(name, tuple(reader.statements), tuple(reader.problems))


MT940 = BankFormat("mt940", "MT940 and MT942", sniff, parse)


@dataclass(slots=True)
class _Draft:
    """A statement while its fields come in; entries wait because the currency may be stated behind them."""

    place: str
    pending: bool
    account: str = ""
    number: str = ""
    opening: Balance | None = None
    closing: Balance | None = None
    floor: str = ""
    damaged: bool = False  # a balance is there but cannot be read
    lines: list[tuple[Field, str]] = field(default_factory=list)  # field 61 with the text of its 86


class _Reader:
    """Puts fields together to statements. Problems collect, in the order of the file."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.problems: list[Problem] = []
        self.all_pending = True
        self._draft: _Draft | None = None
        self._last = ""
        self._pending_header = False
        self._entries = 0

    def take(self, given: Field) -> None:
        """Adds one field; the trailer "-" and "942" of a header come as fields too."""
        draft = self._draft
        if given.tag in (_END, "942"):
            self._pending_header = given.tag == "942" or (self._pending_header and bool(draft is None))
            self.finish()
            return
        begins = (
            given.tag == "20"
            or (given.tag in ("25", "25P") and (draft is None or bool(draft.account)))
            or (given.tag[:2] == "60" and (draft is None or draft.closing is not None))
        )
        if begins:
            self.finish()
            draft = self._draft = _Draft(f"line {given.line}", self._pending_header)
        if draft is None:
            if given.tag == "61":
                self._tell(given, f"The entry stands outside of any statement and was left out. {_AGAIN}")
            return
        self._add(draft, given)
        self._last = given.tag

    def finish(self) -> None:
        """Ends the statement that is being read, if any."""
        draft, self._draft, self._last = self._draft, None, ""
        if draft is None or not (draft.account or draft.opening or draft.closing or draft.lines):
            return
        stated = [each.currency for each in (draft.opening, draft.closing) if each]
        currency = stated[0] if stated else draft.floor
        if not currency or (draft.damaged and not stated) or len(set(stated)) == 2:
            why = "names two currencies" if stated else "has no balance that can be read, and so no currency"
            what = f"The statement {why}: {len(draft.lines)} entries were left out. {_AGAIN}"
            self.problems.append(Problem(draft.place, what))
            return
        pending = draft.pending or not stated
        if not pending and (draft.opening is None or draft.closing is None):
            missing = "opening" if draft.opening is None else "closing"
            what = f"The statement has no {missing} balance that can be read; perhaps the file is cut off. {_AGAIN}"
            self.problems.append(Problem(draft.place, what))
        self.all_pending = self.all_pending and pending
        self.statements.append(
            Statement(
                account=draft.account,
                currency=currency,
                entries=tuple(self._read(draft, currency, is_booked=not pending)),
                number=draft.number,
                opening=draft.opening.amount if draft.opening and not pending else None,
                closing=draft.closing.amount if draft.closing and not pending else None,
                opened_on=draft.opening.on if draft.opening else None,
                closed_on=draft.closing.on if draft.closing else None,
            )
        )

    def _add(self, draft: _Draft, given: Field) -> None:
        try:
            if given.tag in ("25", "25P"):
                draft.account = account_number(given.value.replace("\n", ""))
            elif given.tag[:2] == "28":
                draft.number = plain(given.value.replace("\n", ""), 64)
            elif given.tag == "34F":
                draft.floor = currency_of(given.value)
            elif given.tag[:2] == "60":
                draft.opening = balance(given)
            elif given.tag[:2] == "62":
                draft.closing = balance(given)
            elif given.tag == "61":
                draft.lines.append((given, ""))
            elif given.tag == "86" and self._last in ("61", "86") and draft.lines and draft.closing is None:
                of, text = draft.lines[-1]
                draft.lines[-1] = (of, f"{text}\n{given.value}" if text else given.value)
        except BadInput as bad:
            draft.damaged = draft.damaged or given.tag[0] == "6"
            self._tell(given, f"{bad.sentence} {_AGAIN}")

    def _read(self, draft: _Draft, currency: str, *, is_booked: bool) -> Iterator[Entry]:
        for given, text in draft.lines:
            self._entries += 1
            if self._entries > MAX_ENTRIES:
                raise Refused(f"The file has more than {MAX_ENTRIES:,} entries. Ask the bank for shorter periods.")
            try:
                found = entry(given, text, currency, is_booked=is_booked)
                if found.amount:  # banks also send notices as entries over 0
                    yield found
            except BadInput as bad:
                self._tell(given, f"{bad.sentence} {_AGAIN}")

    def _tell(self, given: Field, sentence: str) -> None:
        self.problems.append(Problem(f"line {given.line}", sentence))


def _fields(text: str) -> Iterator[Field]:
    """The fields in order with their first line; what belongs to none, such as headers of the network, is left out."""
    lines = [_bare(line) for line in text.split("\n")]
    open_field: Field | None = None
    for number, line in enumerate(lines, start=1):
        found = _FIELD.match(line)
        ends = _TRAILER.fullmatch(line.strip()) is not None and not _is_text(open_field, lines, number)
        if found or ends or open_field is None:
            if open_field:
                yield open_field
            open_field = Field(number, found[1], found[2]) if found else None
            if _MT942.match(line):
                yield Field(number, "942", "")
            elif ends:
                yield Field(number, _END, "")
        elif len(open_field.value) < 10_000:
            open_field = Field(open_field.line, open_field.tag, f"{open_field.value}\n{line}")
    if open_field:
        yield open_field


def _is_text(open_field: Field | None, lines: list[str], after: int) -> bool:
    """Whether a lone dash is part of a text that was broken into lines: then the text goes on behind it."""
    if open_field is None or open_field.tag != "86":
        return False
    following = next((line for line in lines[after : after + 20] if line.strip()), "")
    return bool(following) and not following.startswith((":", "{", "-"))


def _bare(line: str) -> str:
    return line.strip("\r\0\1\2\3\x1a\ufeff")
