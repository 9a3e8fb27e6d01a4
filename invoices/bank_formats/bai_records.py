"""Cuts a BAI2 file into records with their fields, and reads the values in them.

Must not know how records belong together. Banks break the rules of the format: several records on one line, a record
over several lines without the code of a continuation, no slash at its end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bai2.constants import TypeCodes

from collections_app.lib.currencies import quantum
from collections_app.lib.dates import parse_date
from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.money import MAX_AMOUNT

_CODES = "01|02|03|16|49|88|98|99"
_START = re.compile(rf"\s*({_CODES}),(.*)", re.DOTALL)
_TOGETHER = re.compile(rf"/[ \t]+(?=(?:{_CODES}),)")
_AMOUNT = re.compile(r"([+-]?)(\d{1,20})")
_RANGES = (("1", "credit"), ("2", "credit"), ("3", "credit"), ("4", "debit"), ("5", "debit"), ("6", "debit"),
           ("92", "credit"), ("93", "credit"), ("94", "credit"), ("95", "credit"),
           ("96", "debit"), ("97", "debit"), ("98", "debit"), ("99", "debit"))  # fmt: skip
_REVERSAL = re.compile(r"return|revers|reject|charge-?back", re.IGNORECASE)


@dataclass(slots=True)
class Record:
    """One logical record: its code, the line it begins on, its text, and the texts of its continuations."""

    line: int
    code: str
    text: str
    more: list[str] = field(default_factory=list)

    @property
    def fields(self) -> list[str]:
        """The fields of the record and its continuations, without blanks around them."""
        return [each.strip() for text in (self.text, *self.more) for each in text.split(",")]

    @property
    def size(self) -> int:
        """How many physical records this is, as trailers count them."""
        return 1 + len(self.more)


def records(text: str) -> Iterator[Record]:
    """The logical records in order. What stands before the first code is left out."""
    last: Record | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        for piece in _TOGETHER.split(line.strip("\r\0\x1a\ufeff")):
            start = _START.match(piece)
            if start is None:
                _lengthen(last, piece)
            elif start[1] != "88":
                if last:
                    yield last
                last = Record(number, start[1], _without_slash(start[2]))
            elif last:
                last.more.append(_without_slash(start[2]))
    if last:
        yield last


def signed(text: str, currency: str) -> Decimal:
    """The amount that these smallest units are; 0 when empty. Raises BadInput."""
    if not text:
        return Decimal(0)
    found = _AMOUNT.fullmatch(text)
    amount = Decimal(found[2]) * quantum(currency) if found else MAX_AMOUNT + 1
    if found is None or amount > MAX_AMOUNT:
        raise BadInput(f"{quoted(text)} is not an amount in the smallest units of {currency}.")
    return -amount if found[1] == "-" and amount else amount


def units(text: str) -> Decimal:
    """The amount in the units it is written in, for control totals; 0 for what is no number, told elsewhere."""
    return Decimal(text) if re.fullmatch(r"[+-]?\d{1,25}", text) else Decimal(0)


def day(text: str) -> date:
    """The day written as YYMMDD, or YYYYMMDD. Raises BadInput."""
    return parse_date(f"20{text}" if len(text) == 6 else text, order="ymd")


def direction(code: str) -> int:
    """1 for a credit, -1 for a debit, 0 for information without money. Raises BadInput for a code that is neither."""
    known = TypeCodes.get(code)
    side = known.transaction.value if known and known.transaction else ""
    if side == "misc":
        return 0
    if not side and len(code) == 3:
        side = next((each for start, each in _RANGES if code.startswith(start)), "")
    if side not in ("credit", "debit"):
        raise BadInput(f"The type code {quoted(code)} says neither that money came in nor that it went out.")
    return 1 if side == "credit" else -1


def description(code: str) -> str:
    """What the code means, in the words of the standard; empty for a bank's own codes."""
    known = TypeCodes.get(code)
    return str(known.description) if known else ""


def takes_back(code: str) -> bool:
    """Whether the code says that an earlier movement is returned or reversed."""
    return _REVERSAL.search(description(code)) is not None


def _lengthen(record: Record | None, piece: str) -> None:
    """Adds a line without code to the record it was torn from."""
    if record is None or not piece.strip() or len(record.text) > 10_000:
        return
    if record.more:
        record.more[-1] += f" {_without_slash(piece)}"
    else:
        record.text += f" {_without_slash(piece)}"


def _without_slash(text: str) -> str:
    bare = text.rstrip()
    return bare[:-1] if bare.endswith("/") else bare
