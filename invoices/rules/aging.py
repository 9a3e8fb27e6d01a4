"""The rule of aging: what is open on a day, which bucket it lies in, and how credits are shown. Pure: no clock, no SQL.

The SQL of `invoices.queries` must give what these functions give; a test compares both on random ledgers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from collections_app.lib.dates import days_late
from invoices.rules.buckets import BUCKETS, DEFAULT, Bucket, BucketSet
from invoices.rules.claims import Share, Split, open_shares, splits

_ZERO = Decimal(0)


class Basis(StrEnum):
    """The day an item is aged by."""

    DUE = "due"  # its due date; a payment by the day it was received
    INVOICE = "invoice"  # the date of the document; the first bucket then holds what is dated the very day


class Credits(StrEnum):
    """How open credits and unapplied cash are shown (A7). The total is the same in each mode."""

    OWN = "own"  # negative, in the bucket of their own date
    OLDEST = "oldest"  # netted against the oldest bucket backwards, the rest into not due
    COLUMN = "column"  # in a column of their own; buckets hold claims only


def bucket_of(due_on: date, as_of: date) -> Bucket:
    """The bucket of an item due on `due_on`, seen at the end of `as_of`. Due today is not overdue (R13)."""
    return DEFAULT.at(days_late(due_on, as_of))


def aged_by(due_on: date | None, document_on: date) -> date:
    """The day an item is aged by: its due date, else the date of the document, so that no item is dropped (A5)."""
    return document_on if due_on is None else due_on


@dataclass(frozen=True, slots=True)
class Used:
    """One allocation row: `amount` of a document used up (negative: given back) from `effective_on`, inclusive.

    `instalment` is the place, from 0, of the instalment it names; None fills the oldest first."""

    amount: Decimal
    effective_on: date
    instalment: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment of an invoice."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LedgerDocument:
    """An invoice (`sign` +1), or a credit note or payment (`sign` −1). `amount` is positive, in one currency.

    `counts` is False for drafts and voided documents, which never enter an aging (A3). `parts` are the instalments,
    oldest first. `disputed`, `on_plan` and `promised` are what is so on the day that is asked for."""

    sign: int
    amount: Decimal
    document_on: date
    due_on: date | None
    used: tuple[Used, ...] = ()
    disputed: Decimal = _ZERO
    counts: bool = True
    parts: tuple[Part, ...] = ()
    on_plan: Decimal = _ZERO
    promised: Decimal = _ZERO


@dataclass(frozen=True, slots=True)
class Claim:
    """An open item: a document, or one instalment. `open` is signed, `days` count from the day it is aged by."""

    days: int
    open: Decimal
    split: Split | None  # None for credits


@dataclass(frozen=True, slots=True)
class Aging:
    """Signed sums per bucket key; `credits` is what lies outside the buckets (only in the mode "column").

    `documents` counts documents with something open; one with several open instalments counts once."""

    buckets: Mapping[str, Decimal] = field(default_factory=lambda: {bucket.key: _ZERO for bucket in BUCKETS})
    credits: Decimal = _ZERO
    disputed: Decimal = _ZERO
    on_plan: Decimal = _ZERO
    promised: Decimal = _ZERO
    collectable: Decimal = _ZERO
    documents: int = 0

    @property
    def total(self) -> Decimal:
        """The sum of the buckets and of the credits beside them, which is the balance (A4)."""
        return sum(self.buckets.values(), self.credits)


def open_amount(document: LedgerDocument, as_of: date) -> Decimal:
    """What is left of the document at the end of `as_of`, 0 or more: its amount less the rows effective by then (A1).

    0 before the document's own date and for documents that do not count."""
    if not document.counts or document.document_on > as_of:
        return _ZERO
    return document.amount - _used(document, as_of)


def claims_of(document: LedgerDocument, as_of: date, basis: Basis = Basis.DUE) -> Iterator[Claim]:
    """The open items of a document at the end of `as_of`: one, or one per instalment with something open."""
    left = open_amount(document, as_of)
    if not left:
        return
    days = [aged_by(document.due_on, document.document_on)]
    opens: Sequence[Decimal] = [left]
    if document.parts:
        days = [part.due_on for part in document.parts]
        shares = [Share(part.amount, _used(document, as_of, place)) for place, part in enumerate(document.parts)]
        opens = open_shares(shares, _used(document, as_of) - sum((share.named for share in shares), _ZERO))
    marks = {"disputed": document.disputed, "on_plan": document.on_plan, "promised": document.promised}
    for day, amount, split in zip(days, opens, splits(opens, **marks), strict=True):
        aged_on = day if basis is Basis.DUE else document.document_on
        if amount:
            yield Claim(days_late(aged_on, as_of), document.sign * amount, split if document.sign > 0 else None)


def aging_of_ledger(
    documents: Iterable[LedgerDocument],
    as_of: date,
    *,
    basis: Basis = Basis.DUE,
    credits: Credits = Credits.OWN,
    buckets: BucketSet = DEFAULT,
) -> Aging:
    """The aging of one customer's documents with one entity in one currency at the end of `as_of`."""
    open_by_document = [list(claims_of(document, as_of, basis)) for document in documents]
    claims = [claim for found in open_by_document for claim in found]
    own = credits is Credits.OWN
    sums = {bucket.key: _ZERO for bucket in buckets.all}
    for claim in claims:
        if own or claim.open > 0:
            sums[buckets.at(claim.days).key] += claim.open
    credit = sum((claim.open for claim in claims if claim.open < 0), _ZERO)
    divided = [claim.split for claim in claims if claim.split]
    return Aging(
        net_oldest_first(sums, -credit) if credits is Credits.OLDEST else sums,
        credit if credits is Credits.COLUMN else _ZERO,
        disputed=sum((split.disputed for split in divided), _ZERO),
        on_plan=sum((split.on_plan for split in divided), _ZERO),
        promised=sum((split.promised for split in divided), _ZERO),
        collectable=sum((split.collectable for split in divided), _ZERO),
        documents=sum(1 for found in open_by_document if found),
    )


def net_oldest_first(sums: Mapping[str, Decimal], credit: Decimal) -> dict[str, Decimal]:
    """The bucket sums, not due first, with `credit` (0 or more) taken off the oldest backwards. What no bucket can bear
    is taken off the first one, which may become negative."""
    found = dict(sums)
    first, *late = found
    for key in reversed(late):
        taken = min(found[key], credit)
        found[key] -= taken
        credit -= taken
    found[first] -= credit
    return found


def _used(document: LedgerDocument, as_of: date, place: int | None = None) -> Decimal:
    rows = (row for row in document.used if row.effective_on <= as_of)
    return sum((row.amount for row in rows if place is None or row.instalment == place), _ZERO)
