"""What a bank format gives back: statements with their entries, and the places that could not be read. Adapters beside
this file return these rows; they must not touch the database, the network or the clock.

An adapter is one file with two functions. `sniff(content)` says whether the content is of its format, without raising.
`parse(content)` returns a `ParsedFile`, or raises `Refused` when nothing of the file can be trusted; a single bad entry
is a `Problem` with its place, and never loses the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.dates import DateOrder
from collections_app.lib.errors import BadInput


class Refused(BadInput):
    """The whole file is refused: the sentence says why and what to do next, `position` where, if one place is to blame.

    The place need not be repeated in the sentence: whoever shows one shows the other. `fields` names the `Choices`
    that would let the file be read, with a sentence each."""

    default_code = "file_refused"

    def __init__(
        self, sentence: str, *, position: str = "", code: str | None = None, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence, code=code, fields=fields)
        self.position = position


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person says of a file that does not say it by itself; what is empty, the file must prove.

    `columns` is what a column holds -> its header, with the names of `csv_words.FIELDS`."""

    account: str = ""
    currency: str = ""
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of an account. `amount` is signed, in `currency`: positive is money that came in.

    A batch booking whose parts add up to it comes as its parts; one whose parts do not, as one entry. So the entries
    of a statement add up to its closing less its opening balance."""

    position: str  # where it stands in the file, for people: "line 12", "statement 1, entry 3, part 2"
    booked_on: date
    amount: Decimal
    currency: str
    value_on: date | None = None
    counterparty_name: str = ""
    counterparty_account: str = ""  # IBAN without blanks, or the number as given
    reference: str = ""  # structured creditor reference: RF, QRR, OGM, KID, viite
    text: str = ""  # what the payer wrote, whitespace collapsed
    end_to_end_id: str = ""
    bank_reference: str = ""  # the bank's own id of the entry
    is_reversal: bool = False  # takes back an earlier entry (returned debit, cancelled booking)
    is_booked: bool = True  # False: pending or announced, not to be posted


@dataclass(frozen=True, slots=True)
class Problem:
    """A place that could not be read, with a sentence that tells what to do.

    `explains_gap` is False where no entry can have been lost: such a problem excuses no statement for not adding up."""

    position: str
    sentence: str
    explains_gap: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """The entries of one account in one currency. Balances are signed; None where the file states none."""

    account: str  # IBAN without blanks, or the number as given
    currency: str
    entries: tuple[Entry, ...]
    number: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    opened_on: date | None = None
    closed_on: date | None = None

    @property
    def difference(self) -> Decimal | None:
        """Closing less opening less all booked entries: 0 when they lead from one to the other, None when a balance is
        missing."""
        if self.opening is None or self.closing is None:
            return None
        booked = sum((entry.amount for entry in self.entries if entry.is_booked), Decimal(0))
        return self.closing - self.opening - booked


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """One file as read. `format` is a short name for people with its version: "camt.053.001.08", "MT940"."""

    format: str
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class BankFormat:
    """One adapter as registered: its code, its name for people, and its two functions.

    `read_with` is there for formats that leave questions open (which currency, day or month first): it takes answers.
    `parse` asks by refusing with `fields`."""

    code: str
    name: str
    sniff: Callable[[bytes], bool]
    parse: Callable[[bytes], ParsedFile]
    read_with: Callable[[bytes, Choices], ParsedFile] | None = None
