"""What every import source promises: neutral rows of open items, with typed values and declared problems only.

Must not write anything, and must not know which documents exist already: services compare and write."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.dates import DateOrder
from collections_app.lib.errors import BadInput
from customers.rules.import_problems import RowProblem, SkippedRow

Cell = str | date | Decimal  # spreadsheets know dates and numbers; text files know text only


class FileRefused(BadInput):
    """The file as a whole cannot be read; nothing of it was stored."""

    default_code = "file_refused"


class MoreNeeded(BadInput):
    """The file allows several readings; `fields` names the options that somebody must choose, `so_far` has the rest."""

    default_code = "options_needed"
    so_far: "Options | None" = None


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read. Empty values mean: detect; what cannot be detected is asked for by MoreNeeded.

    `mapping` is field name -> header. `today` is the day that a part paid already counts as paid, when the file does
    not say; `terms_days` stand between issue and due date where the file has one of them only."""

    source: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    currency: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    terms_days: int = 30
    today: date | None = None

    def as_json(self) -> dict[str, Any]:
        """The options as plain JSON."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in {**asdict(self), "mapping": dict(self.mapping)}.items()
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Options":
        """The options from `as_json`; unknown names are ignored."""
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        if isinstance(values.get("today"), str):
            values["today"] = date.fromisoformat(values["today"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What a file says about a customer; empty where it says nothing. The first row of a number counts."""

    number: str
    name: str = ""
    country: str = ""
    language: str = ""
    terms_code: str = ""
    terms_name: str = ""
    risk_class: str = ""
    address: str = ""
    email: str = ""


class ItemRow(NamedTuple):
    """One document. `amount` is positive; `is_credit` tells the side. `settled` of it was settled on `settled_on`.
    `tax_total` is the tax within the amount; `discount_percent` may be kept back by who pays by `discount_until`.

    `entity` is the code of the legal entity, empty when the file does not name one."""

    line: int
    entity: str
    customer: CustomerFacts
    is_credit: bool
    kind: str
    number: str
    issued_on: date
    due_on: date
    due_on_assumed: bool
    currency: str
    amount: Decimal
    settled: Decimal | None = None
    settled_on: date | None = None
    po_number: str = ""
    text: str = ""
    tax_total: Decimal = Decimal(0)
    discount_percent: Decimal = Decimal(0)
    discount_until: date | None = None


Outcome = ItemRow | RowProblem | SkippedRow


class Table(ABC):
    """A file as header and rows. `rows` starts anew at every call and holds one row in memory at a time."""

    headers: tuple[str, ...]

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Line number (the header is on line 1 or later) and cells; blank rows are left out. Raises FileRefused."""

    def all_rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Like `rows`, but from the first row on, for tables whose header stands further down or is missing."""
        yield 1, self.headers
        yield from self.rows()


class ImportSource(ABC):
    """One kind of file. A new one is a subclass in a file of its own and a line in the settings, nothing else."""

    code: str
    label: str
    names_entities = False  # whether rows name their legal entity by themselves
    notes: tuple[str, ...] = ()  # what is assumed, told wherever the file is shown

    @abstractmethod
    def recognises(self, headers: Sequence[str]) -> bool:
        """Whether a file with these headers is surely of this kind."""

    @abstractmethod
    def complete(self, table: Table, options: Options) -> Options:
        """The options with everything filled in that the whole file proves. Raises MoreNeeded for the rest."""

    @abstractmethod
    def read(self, table: Table, options: Options) -> Iterator[Outcome]:
        """A row, problem or reason to skip per row of the table, in order, never an exception for one bad row.

        `options` come from `complete`. Raises FileRefused when columns are missing or the file breaks off."""
