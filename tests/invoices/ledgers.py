"""Random ledgers for properties of aging, written to the database and told to the pure rule from one description."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import strategies as st

from customers.models import Customer, CustomerMerge
from invoices.models import (
    Adjustment,
    Allocation,
    CreditNote,
    Dispute,
    Instalment,
    Invoice,
    Payment,
    PaymentPlan,
    PlanItem,
    Promise,
    PromiseItem,
)
from invoices.rules.aging import LedgerDocument, Part, Used

FIRST = date(2026, 1, 1)
CURRENCIES = ("EUR", "GBP")
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Word:
    """A dispute, promise or plan over part of an invoice: from a day on, for some days or without an end."""

    begun: int
    lasts: int | None
    amount: Decimal
    lag: int

    def covers(self, as_of: date, known: date | None) -> bool:
        """Whether it counts at the end of that day, as known at the end of the other."""
        ended = self.lasts is not None and day_of(self.begun + self.lasts) <= as_of
        return day_of(self.begun) <= as_of and not ended and _is_known(self.begun + self.lag, known)


@dataclass(frozen=True)
class Doc:
    """One document of customer `who` (0 or 1); days count from FIRST, `lag` from its day to the recording. An
    adjustment is no open item, only a source of allocations. `parts` are instalments, (days until due, amount)."""

    kind: str
    who: int
    currency: str
    amount: Decimal
    on: int
    due_after: int
    status: str
    lag: int = 0
    parts: tuple[tuple[int, Decimal], ...] = ()
    dispute: Word | None = None
    promise: Word | None = None
    plan: Word | None = None


@dataclass(frozen=True)
class Share:
    """An allocation from one document to another, by place; `part` is the instalment it names; `undone` the days until
    its reversal. It is recorded `lag` days after its day, and so is the reversal."""

    source: int
    target: int
    amount: Decimal
    on: int
    undone: int | None
    part: int | None
    lag: int

    def rows(self) -> Iterator[tuple[Decimal, int, int]]:
        """Amount, effective day and day of recording of each row it makes."""
        yield self.amount, self.on, self.on + self.lag
        if self.undone is not None:
            yield -self.amount, self.on + self.undone, self.on + self.undone + self.lag


@dataclass
class Ledger:
    """Documents and what was put against what. `merged` says when customer 1 was merged into 0: (day, lag)."""

    docs: list[Doc]
    shares: list[Share] = field(default_factory=list)
    merged: tuple[int, int] | None = None

    def documents(self, as_of: date, known: date | None = None) -> dict[tuple[int, str], list[LedgerDocument]]:
        """The pure rule's documents by account and currency, as of a day and as known at the end of another."""
        found: dict[tuple[int, str], list[LedgerDocument]] = {}
        for place, doc in enumerate(self.docs):
            if doc.kind == "adjustment" or not _is_known(doc.on + doc.lag, known):
                continue
            used = [
                Used(amount, day_of(day), share.part if share.target == place else None)
                for share in self.shares
                if place in (share.source, share.target)
                for amount, day, recorded in share.rows()
                if _is_known(recorded, known)
            ]
            aged = doc.on if doc.kind == "payment" else doc.on + doc.due_after
            document = LedgerDocument(
                1 if doc.kind == "invoice" else -1,
                doc.amount,
                day_of(doc.on),
                day_of(aged),
                tuple(used),
                doc.dispute.amount if doc.dispute and doc.dispute.covers(as_of, known) else _ZERO,
                counts=doc.status == "issued",
                parts=tuple(Part(day_of(doc.on + due), amount) for due, amount in doc.parts),
                on_plan=self._to_come(place, doc.plan, as_of, known),
                promised=self._to_come(place, doc.promise, as_of, known),
            )
            found.setdefault((self._account(doc.who, as_of, known), doc.currency), []).append(document)
        return found

    def write(self, customers: list[Customer]) -> None:
        """Nothing; afterwards the ledger is in the database, for the customers given."""
        if self.merged is not None:
            day, lag = self.merged
            CustomerMerge.objects.create(
                absorbed=customers[1], survivor=customers[0], merged_on=day_of(day), recorded_at=moment(day + lag)
            )
            Customer.objects.filter(pk=customers[1].pk).update(merged_into=customers[0])
        rows = [self._row(place, doc, customers[doc.who]) for place, doc in enumerate(self.docs)]
        parts = {place: list(row.instalments.all()) for place, row in enumerate(rows) if isinstance(row, Invoice)}
        for share in self.shares:
            self._allocate(share, rows, parts.get(share.target, []))
        for place, doc in enumerate(self.docs):
            invoice = rows[place]
            if isinstance(invoice, Invoice):
                _words(place, doc, invoice)

    def _account(self, who: int, as_of: date, known: date | None) -> int:
        if self.merged is None or day_of(self.merged[0]) > as_of or not _is_known(sum(self.merged), known):
            return who
        return 0

    def _to_come(self, place: int, word: Word | None, as_of: date, known: date | None) -> Decimal:
        """What is left of a promise or plan after the payments since then."""
        if word is None or not word.covers(as_of, known):
            return _ZERO
        paid: defaultdict[int, Decimal] = defaultdict(Decimal)
        for share in self.shares:
            if share.target != place or self.docs[share.source].kind != "payment":
                continue
            for amount, day, recorded in share.rows():
                since = day > word.begun or recorded > word.begun + word.lag
                if since and day_of(day) <= as_of and _is_known(recorded, known):
                    paid[share.source] += amount
        came = sum((max(_ZERO, amount) for amount in paid.values()), _ZERO)  # one that bounced is worth nothing
        return max(_ZERO, word.amount - came)

    def _row(self, place: int, doc: Doc, customer: Customer) -> Any:
        common: dict[str, Any] = {"entity": customer.entity, "customer": customer, "currency": doc.currency}
        common["recorded_at"] = moment(doc.on + doc.lag)
        if doc.kind == "payment":
            return Payment.objects.create(**common, amount=doc.amount, received_on=day_of(doc.on))
        if doc.kind == "adjustment":
            facts = {"kind": "write_off", "effective_on": day_of(doc.on), "reason": "test"}
            return Adjustment.objects.create(**common, **facts, amount=doc.amount)
        facts = {"issued_on": day_of(doc.on), "due_on": day_of(doc.on + doc.due_after), "number": f"N{place}"}
        if doc.kind == "credit_note":
            return CreditNote.objects.create(**common, **facts, status=doc.status, total=doc.amount)
        made = Invoice.objects.create(**common, **facts, status="draft", total=doc.amount)
        for position, (due, amount) in enumerate(doc.parts, start=1):
            Instalment.objects.create(invoice=made, position=position, due_on=day_of(doc.on + due), amount=amount)
        if doc.status != "draft":
            made.status = doc.status
            made.save()
        return made

    def _allocate(self, share: Share, rows: list[Any], parts: list[Instalment]) -> None:
        source = rows[share.source]
        side = {Payment: "payment", CreditNote: "credit_note", Adjustment: "adjustment"}[type(source)]
        common = {
            side: source,
            "invoice": rows[share.target],
            "instalment": None if share.part is None else parts[share.part],
            "customer": source.customer,
            "currency": source.currency,
        }
        first = None
        for amount, day, recorded in share.rows():
            made = Allocation.objects.create(
                **common, amount=amount, effective_on=day_of(day), recorded_at=moment(recorded), reverses=first
            )
            first = first or made


def day_of(number: int) -> date:
    """The day with this number, counted from FIRST."""
    return FIRST + timedelta(days=number)


def moment(number: int) -> datetime:
    """Noon of that day: the same calendar day in every zone the tests use."""
    return datetime.combine(day_of(number), time(12), tzinfo=UTC)


def _is_known(recorded: int, known: date | None) -> bool:
    return known is None or day_of(recorded) <= known


def _words(place: int, doc: Doc, invoice: Invoice) -> None:
    who = {"customer": invoice.customer, "currency": doc.currency}
    for kind, word in (("dispute", doc.dispute), ("promise", doc.promise), ("plan", doc.plan)):
        if word is None:
            continue
        begun, ended = day_of(word.begun), None if word.lasts is None else day_of(word.begun + word.lasts)
        told = {**who, "recorded_at": moment(word.begun + word.lag)}
        if kind == "dispute":
            state = "open" if ended is None else "rejected"
            about: dict[str, Any] = {"reference": f"D{place}", "reason": "price", "amount": word.amount}
            about |= {"opened_on": begun, "answer_by": begun, "closed_on": ended, "state": state}
            Dispute.objects.create(invoice=invoice, **told, **about)
        elif kind == "promise":
            state = "open" if ended is None else "broken"
            days = {"made_on": begun, "promised_on": begun, "closed_on": ended, "state": state}
            made = Promise.objects.create(amount=word.amount, **told, **days)
            item = {"invoice": invoice, "customer": invoice.customer, "amount": word.amount}
            PromiseItem.objects.create(promise=made, live=ended is None, **item)
        else:
            state = "active" if ended is None else "cancelled"
            plan = PaymentPlan.objects.create(agreed_on=begun, ended_on=ended, state=state, **told)
            PlanItem.objects.create(plan=plan, invoice=invoice, amount=word.amount, live=ended is None)


_amounts = st.integers(1, 500_000).map(lambda cents: Decimal(cents) / 100)
_lags = st.sampled_from((0, 0, 0, 5, 40))


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """A ledger of up to 12 documents of two customers in two currencies, allocated within its laws."""
    docs = draw(st.lists(_docs(), min_size=1, max_size=12))
    ledger = Ledger(docs, merged=draw(st.none() | st.tuples(st.integers(0, 250), _lags)))
    left = [doc.amount for doc in docs]
    left_of_part = [[amount for _, amount in doc.parts] for doc in docs]
    for source, doc in enumerate(docs):
        if doc.kind == "invoice" or doc.status != "issued":
            continue
        for target, other in enumerate(docs):
            fits = other.kind == "invoice" and other.status == "issued" and other.currency == doc.currency
            together = other.who == doc.who or ledger.merged is not None
            if not (fits and together) or not draw(st.booleans()):
                continue
            part = draw(st.sampled_from((None, *range(len(other.parts)))))
            room = min(left[source], left[target], *([] if part is None else [left_of_part[target][part]]))
            amount = room if draw(st.booleans()) else (room / 2).quantize(Decimal("0.01"))
            if amount <= 0:
                continue
            day = max(doc.on, other.on) + draw(st.integers(0, 60))
            undone = draw(st.none() | st.integers(0, 60))
            # Room is kept for a reversed row too, because the laws of the database look at each statement.
            left[source] -= amount
            left[target] -= amount
            if part is not None:
                left_of_part[target][part] -= amount
            ledger.shares.append(Share(source, target, amount, day, undone, part, draw(_lags)))
    return ledger


@st.composite
def _docs(draw: st.DrawFn) -> Doc:
    kind = draw(st.sampled_from(("invoice", "invoice", "invoice", "credit_note", "payment", "adjustment")))
    amount = draw(_amounts)
    statuses = ("issued", "issued", "issued", "draft", "voided")
    doc: dict[str, Any] = {"parts": (), "dispute": None, "promise": None, "plan": None}
    if kind == "invoice":
        doc = {name: draw(st.none() | _words_of_invoices()) for name in ("dispute", "promise", "plan")}
        doc["parts"] = draw(st.just(()) | _parts(amount))
    return Doc(
        kind,
        draw(st.integers(0, 1)),
        draw(st.sampled_from(CURRENCIES)),
        amount,
        draw(st.integers(0, 250)),
        draw(st.integers(0, 90)),
        "issued" if kind in ("payment", "adjustment") else draw(st.sampled_from(statuses)),
        draw(_lags),
        **doc,
    )


@st.composite
def _words_of_invoices(draw: st.DrawFn) -> Word:
    return Word(draw(st.integers(0, 200)), draw(st.none() | st.integers(0, 90)), draw(_amounts), draw(_lags))


@st.composite
def _parts(draw: st.DrawFn, amount: Decimal) -> tuple[tuple[int, Decimal], ...]:
    """Two or three instalments that add up to the amount, or none when it is too small to part."""
    first = (amount / draw(st.integers(2, 4))).quantize(Decimal("0.01"))
    if not _ZERO < first < amount:
        return ()
    days = sorted(draw(st.lists(st.integers(0, 120), min_size=2, max_size=2)))
    return tuple(zip(days, (first, amount - first), strict=True))


as_of_days = st.integers(0, 420).map(day_of)


@contextmanager
def undone() -> Iterator[None]:
    """A database in which nothing of the block remains, for one example of many in a test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
