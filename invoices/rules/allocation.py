"""How a sum of money is spread over open documents. Pure: it sees amounts and dates only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """One open invoice: what is left of it, positive, in the payment's currency."""

    id: int
    due_on: date
    issued_on: date
    open_amount: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the money goes to one document."""

    id: int
    amount: Decimal


def oldest_first(amount: Decimal, documents: Iterable[OpenDocument]) -> tuple[list[Share], Decimal]:
    """The shares, oldest due date first (then issue date, then id), and the rest that no document could take (A6).

    All amounts positive; the shares and the rest add up to `amount` exactly. Raises BadInput for an amount of 0 or
    less."""
    if amount <= 0:
        raise BadInput("Enter an amount above zero.", code="amount_not_positive")
    rest, shares = amount, []
    for document in sorted(documents, key=lambda d: (d.due_on, d.issued_on, d.id)):
        part = min(rest, document.open_amount)
        if part > 0:
            shares.append(Share(document.id, part))
            rest -= part
    return shares, rest


def effective_day(
    *, source_on: date, document_on: date, freed_on: date | None = None, stated_on: date | None = None
) -> date:
    """The day an allocation takes effect: unless a later one is stated, the later of the payment's and the document's
    day, and not before `freed_on`, the last day on which something was taken back from either of them: until then the
    same money lay elsewhere, and putting it here again must not change that past (A2).

    Raises BadInput ('effective_too_early') for a stated day before that."""
    earliest = max(source_on, document_on, freed_on or date.min)
    if stated_on is not None and stated_on < earliest:
        raise BadInput(
            f"This cannot take effect before {format_date(earliest)}: until then the money or invoice was not there, "
            "or was used otherwise. Choose that day or a later one.",
            code="effective_too_early",
        )
    return stated_on or earliest
