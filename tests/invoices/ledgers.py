"""Random ledgers for properties of aging, written to the database and told to the pure rule from one description."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import strategies as st

from customers.models import Customer
from invoices.models import Allocation, CreditNote, Dispute, Invoice, Payment
from invoices.rules.aging import LedgerDocument, Used

FIRST = date(2026, 1, 1)
CURRENCIES = ("EUR", "GBP")


@dataclass(frozen=True)
class Doc:
    """One document of customer `who` (0 or 1); days count from FIRST."""

    kind: str
    who: int
    currency: str
    amount: Decimal
    on: int
    due_after: int
    status: str
    dispute: tuple[int, int, int, Decimal] | None  # opened, closed after, length, amount


@dataclass
class Ledger:
    """Documents, and allocations as (source, target, amount, effective day, day of reversal or None)."""

    docs: list[Doc]
    allocations: list[tuple[int, int, Decimal, int, int | None]] = field(default_factory=list)

    def documents(self, as_of: date) -> dict[tuple[int, str], list[LedgerDocument]]:
        """The pure rule's documents by customer and currency; disputes as they stand at `as_of`."""
        found: dict[tuple[int, str], list[LedgerDocument]] = {}
        for place, doc in enumerate(self.docs):
            used = []
            for source, target, amount, day, undone in self.allocations:
                if place in (source, target):
                    used.append(Used(amount, _day(day)))
                    if undone is not None:
                        used.append(Used(-amount, _day(undone)))
            aged = doc.on if doc.kind == "payment" else doc.on + doc.due_after
            found.setdefault((doc.who, doc.currency), []).append(
                LedgerDocument(
                    1 if doc.kind == "invoice" else -1,
                    doc.amount,
                    _day(doc.on),
                    _day(aged),
                    tuple(used),
                    _disputed(doc, as_of),
                    counts=doc.status == "issued",
                )
            )
        return found

    def write(self, customers: list[Customer]) -> None:
        """Nothing; afterwards the ledger is in the database, for the customers given."""
        rows = [self._row(place, doc, customers[doc.who]) for place, doc in enumerate(self.docs)]
        for row in rows:
            row.save(force_insert=True)
        for source, target, amount, day, undone in self.allocations:
            side = "payment" if isinstance(rows[source], Payment) else "credit_note"
            common = {
                side: rows[source],
                "invoice": rows[target],
                "customer": customers[self.docs[target].who],
                "currency": self.docs[target].currency,
            }
            made = Allocation.objects.create(**common, amount=amount, effective_on=_day(day))
            if undone is not None:
                Allocation.objects.create(**common, amount=-amount, effective_on=_day(undone), reverses=made)
        for place, doc in enumerate(self.docs):
            invoice = rows[place]
            if doc.dispute and isinstance(invoice, Invoice):
                opened, closed, length, amount = doc.dispute
                Dispute.objects.create(
                    customer=customers[doc.who], invoice=invoice, reference=f"D{place}", reason="price",
                    currency=doc.currency, amount=amount, opened_on=_day(opened), answer_by=_day(opened),
                    state="rejected" if closed else "open", closed_on=_day(opened + length) if closed else None,
                )  # fmt: skip

    def _row(self, place: int, doc: Doc, customer: Customer) -> Invoice | CreditNote | Payment:
        common = {"entity": customer.entity, "customer": customer, "currency": doc.currency}
        if doc.kind == "payment":
            return Payment(**common, amount=doc.amount, received_on=_day(doc.on))
        model = Invoice if doc.kind == "invoice" else CreditNote
        dates = {"issued_on": _day(doc.on), "due_on": _day(doc.on + doc.due_after)}
        return model(**common, **dates, number=f"N{place}", status=doc.status, total=doc.amount)


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def _disputed(doc: Doc, as_of: date) -> Decimal:
    if doc.dispute is None:
        return Decimal(0)
    opened, closed, length, amount = doc.dispute
    is_open = _day(opened) <= as_of and (not closed or _day(opened + length) > as_of)
    return amount if is_open else Decimal(0)


_amounts = st.integers(1, 500_000).map(lambda cents: Decimal(cents) / 100)


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """A ledger of up to 12 documents of two customers in two currencies, allocated within its laws."""
    docs = draw(st.lists(_docs(), min_size=1, max_size=12))
    ledger = Ledger(docs)
    left = [doc.amount for doc in docs]
    for source, doc in enumerate(docs):
        if doc.kind == "invoice" or doc.status != "issued":
            continue
        for target, other in enumerate(docs):
            fits = other.kind == "invoice" and other.status == "issued"
            if not fits or (other.who, other.currency) != (doc.who, doc.currency) or not draw(st.booleans()):
                continue
            room = min(left[source], left[target])
            amount = room if draw(st.booleans()) else (room / 2).quantize(Decimal("0.01"))
            if amount <= 0:
                continue
            day = max(doc.on, other.on) + draw(st.integers(0, 60))
            undone = day + draw(st.integers(0, 60)) if draw(st.booleans()) else None
            # Room is kept for a reversed row too, because the laws of the database look at each statement.
            left[source] -= amount
            left[target] -= amount
            ledger.allocations.append((source, target, amount, day, undone))
    return ledger


@st.composite
def _docs(draw: st.DrawFn) -> Doc:
    kind = draw(st.sampled_from(("invoice", "invoice", "credit_note", "payment")))
    dispute = None
    if kind == "invoice" and draw(st.booleans()):
        dispute = (draw(st.integers(0, 200)), draw(st.integers(0, 1)), draw(st.integers(0, 90)), draw(_amounts))
    return Doc(
        kind,
        draw(st.integers(0, 1)),
        draw(st.sampled_from(CURRENCIES)),
        draw(_amounts),
        draw(st.integers(0, 250)),
        draw(st.integers(0, 90)),
        "issued" if kind == "payment" else draw(st.sampled_from(("issued", "issued", "issued", "draft", "voided"))),
        dispute,
    )


as_of_days = st.integers(0, 420).map(_day)


@contextmanager
def undone() -> Iterator[None]:
    """A database in which nothing of the block remains, for one example of many in a test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
