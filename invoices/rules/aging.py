"""The rule of aging: which bucket an open item lies in, and how a ledger adds up to an aging. Pure: no clock, no SQL.

The SQL of `invoices.queries` is made from `BUCKETS` and must give what these functions give; a test compares both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from collections_app.lib.dates import days_late

# How credits and unapplied cash are shown (A7): negative, in the bucket of their own date. Printed on every report.
CREDIT_MODE = "own"


@dataclass(frozen=True, slots=True)
class Bucket:
    """One step of lateness: the days late from `first` to `last`, both inclusive; None is open-ended.

    `key` is the name in JSON and addresses, `column` the field of the snapshot."""

    key: str
    column: str
    first: int | None
    last: int | None


NOT_DUE = Bucket("not_due", "not_due", None, 0)
BUCKETS = (
    NOT_DUE,
    Bucket("1-30", "days_1_30", 1, 30),
    Bucket("31-60", "days_31_60", 31, 60),
    Bucket("61-90", "days_61_90", 61, 90),
    Bucket("91-120", "days_91_120", 91, 120),
    Bucket("120+", "days_over_120", 121, None),
)
OVERDUE = BUCKETS[1:]
OVER_90 = BUCKETS[4:]
# Buckets that are asked for together, by the word in addresses.
BUCKET_GROUPS: Mapping[str, tuple[Bucket, ...]] = {
    **{bucket.key: (bucket,) for bucket in BUCKETS},
    "overdue": OVERDUE,
    "over-90": OVER_90,
}
BUCKET_OF_KEY: Mapping[str, Bucket] = {bucket.key: bucket for bucket in BUCKETS}


def bucket_of(due_on: date, as_of: date) -> Bucket:
    """The bucket of an item due on `due_on`, seen at the end of `as_of`. Due today is not overdue (R13)."""
    return bucket_of_days(days_late(due_on, as_of))


def bucket_of_days(days: int) -> Bucket:
    """The bucket for a number of days late; 0 and negative numbers are not due."""
    return next(bucket for bucket in BUCKETS if bucket.last is None or days <= bucket.last)


def aged_by(due_on: date | None, document_on: date) -> date:
    """The day an item is aged by: its due date, else the date of the document, so that no item is dropped (A5)."""
    return document_on if due_on is None else due_on


@dataclass(frozen=True, slots=True)
class Used:
    """One allocation row: `amount` of a document used up (negative: given back) from `effective_on`, inclusive."""

    amount: Decimal
    effective_on: date


@dataclass(frozen=True, slots=True)
class LedgerDocument:
    """An invoice (`sign` +1), or a credit note or payment (`sign` −1). `amount` is positive, in one currency.

    `counts` is False for drafts and voided documents, which never enter an aging (A3)."""

    sign: int
    amount: Decimal
    document_on: date
    due_on: date | None
    used: tuple[Used, ...] = ()
    disputed: Decimal = Decimal(0)
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Aging:
    """Signed sums per bucket key, their total, what of it is disputed, and how many documents are open."""

    buckets: Mapping[str, Decimal] = field(default_factory=lambda: dict.fromkeys(BUCKET_OF_KEY, Decimal(0)))
    disputed: Decimal = Decimal(0)
    documents: int = 0

    @property
    def total(self) -> Decimal:
        """The sum of the buckets, which is the balance (A4)."""
        return sum(self.buckets.values(), Decimal(0))


def open_amount(document: LedgerDocument, as_of: date) -> Decimal:
    """What is left of the document at the end of `as_of`, 0 or more: its amount less the rows effective by then (A1).

    0 before the document's own date and for documents that do not count."""
    if not document.counts or document.document_on > as_of:
        return Decimal(0)
    used = (row.amount for row in document.used if row.effective_on <= as_of)
    return document.amount - sum(used, Decimal(0))


def aging_of_ledger(documents: Iterable[LedgerDocument], as_of: date) -> Aging:
    """The aging of these documents of one currency at the end of `as_of`. Disputes count up to what is open (A8)."""
    sums = dict.fromkeys(BUCKET_OF_KEY, Decimal(0))
    disputed, count = Decimal(0), 0
    for document in documents:
        left = open_amount(document, as_of)
        if not left:
            continue
        sums[bucket_of(aged_by(document.due_on, document.document_on), as_of).key] += document.sign * left
        disputed += min(document.disputed, left)
        count += 1
    return Aging(sums, disputed, count)
