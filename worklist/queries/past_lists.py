"""The list as it stood on past days, with what became of the money: from a file of items, or from our own ledger. It
reads; nothing is written, and the score of a day sees the facts of that day only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection

from collections_app.lib.errors import BadInput, Refusal
from collections_app.lib.rates import ecb_rate
from customers.import_sources.base import ItemRow, Options
from customers.import_sources.files import open_table
from customers.import_sources.registry import import_sources, source_for
from worklist.queries.facts import customer_facts
from worklist.queries.ranking import REFERENCE, rank
from worklist.rules.captured import LATE_DAYS, Outcome, Standing
from worklist.rules.replay import Document, Replay
from worklist.rules.score import score

_ZERO = Decimal(0)
# Per account and currency, of the documents open on the day: how much, how old, and what was still open on the due day,
# 30 days after it and 30 days after the day. What lies beyond `known_on` nobody knows, and it is not counted as late.
_STOOD = """
SELECT COALESCE(c.merged_into_id, c.id), doc.currency, SUM(doc.open), MAX(doc.days),
       SUM(doc.open * GREATEST(doc.days, 0)),
       COALESCE(SUM(doc.at_due) FILTER (WHERE doc.due_on < %(known_on)s), 0),
       COALESCE(SUM(doc.after_due) FILTER (WHERE doc.due_on + 30 < %(known_on)s), 0),
       COALESCE(SUM(doc.after_day) FILTER (WHERE doc.due_on < %(on)s::date + 30), 0)
FROM (
    SELECT i.customer_id, i.currency, i.due_on, %(on)s::date - i.due_on AS days,
           i.total - COALESCE(SUM(a.amount) FILTER (WHERE a.effective_on <= %(on)s), 0) AS open,
           i.total - COALESCE(SUM(a.amount) FILTER (WHERE a.effective_on <= GREATEST(%(on)s, i.due_on)), 0) AS at_due,
           i.total - COALESCE(SUM(a.amount) FILTER (
               WHERE a.effective_on <= GREATEST(%(on)s, i.due_on + 30)), 0) AS after_due,
           i.total - COALESCE(SUM(a.amount) FILTER (WHERE a.effective_on <= %(on)s::date + 30), 0) AS after_day
    FROM invoices_invoice i LEFT JOIN invoices_allocation a ON a.invoice_id = i.id AND a.effective_on <= %(known_on)s
    WHERE i.status = 'issued' AND i.issued_on <= %(on)s GROUP BY i.id
) AS doc JOIN customers_customer c ON c.id = doc.customer_id
WHERE doc.open > 0 GROUP BY 1, 2
"""
_FIRST = "SELECT MIN(effective_on) FROM invoices_allocation WHERE invoice_id IS NOT NULL AND payment_id IS NOT NULL"


class FilePast:
    """The past of a file of items, as an export of the day `known_on` tells it. Needs no database."""

    def __init__(self, path: Path, *, source: str = "", known_on: date | None = None) -> None:
        """Raises BadInput where the file cannot be read, has wrong rows, several currencies or nothing to pay."""
        documents, currencies = _documents(path, source)
        if len(currencies) != 1:
            raise BadInput(
                f"{path.name} has items in {len(currencies)} currencies; a replay needs one. Load it with load_dataset "
                "and replay it with --own, which converts.",
                code="several_currencies",
            )
        self.currency = currencies.pop()
        self.first = min(row.paid_on or date.max for row in documents)
        latest = max(max(row.issued_on, row.paid_on or row.issued_on) for row in documents)
        self.known_on = known_on or latest + timedelta(days=1)
        self._replay = Replay(documents, currency=self.currency, known_on=self.known_on)

    def day(self, on: date) -> list[Standing]:
        """The customers with something to pay at the end of the day, with their scores and what became of it."""
        return [replace(standing, score=score(facts).score) for facts, standing in self._replay.day(on)]


class OwnPast:
    """The past of our own ledger up to the business day `known_on`, in euros."""

    currency = REFERENCE

    def __init__(self, *, known_on: date) -> None:
        """Raises BadInput where nobody has paid anything yet."""
        self.known_on = known_on
        with connection.cursor() as cursor:
            cursor.execute(_FIRST)
            first = cursor.fetchone()[0]
        if first is None:
            raise BadInput("Nobody has paid anything yet, so there is no past to replay.", code="no_past")
        self.first: date = first

    def day(self, on: date) -> list[Standing]:
        """The customers with something to pay at the end of the day, with their scores and what became of it."""
        stood = self._stood(on)
        return [
            replace(stood[placed.facts.customer_id], customer=placed.facts.number,
                    score=rank(score(placed.facts, placed.strategy), on))
            for placed in customer_facts(None, on=on)
            if placed.facts.customer_id in stood
        ]  # fmt: skip

    def _stood(self, on: date) -> dict[int, Standing]:
        asked = {"on": on, "known_on": self.known_on}
        per_currency: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(_STOOD, asked)
            for pk, *row in cursor.fetchall():
                per_currency[pk].append(tuple(row))
        return {pk: _joined(rows, on) for pk, rows in per_currency.items()}


def replayed_days(past: FilePast | OwnPast, *, every: str, since: date | None, until: date | None) -> list[date]:
    """The days to replay, oldest first: each day, Monday or first of a month from a quarter after the first payment to
    30 days before the end of what is known. Raises BadInput where none is left."""
    day = since or min(past.first, past.known_on) + timedelta(days=90)
    last = min(until or date.max, past.known_on - LATE_DAYS - timedelta(days=1))
    found = []
    while day <= last:
        if every == "day" or (every == "week" and day.weekday() == 0) or (every == "month" and day.day == 1):
            found.append(day)
        day += timedelta(days=1)
    if not found:
        raise BadInput(
            f"Between {since or past.first} and {last} there is no day to replay: a day needs some history before it "
            "and 30 known days after it. Choose other days.",
            code="no_days",
        )
    return found


def _joined(rows: Sequence[tuple[Any, ...]], on: date) -> Standing:
    """The rows of one customer, one per currency, in euros; what has no rate is left out."""
    sums, oldest = [_ZERO] * 5, -10_000
    for currency, amount, days, amount_age, *outcome in rows:
        rate = _rate(currency, on)
        oldest = max(oldest, days)
        for at, figure in enumerate((amount, amount_age, *outcome)):
            sums[at] += figure * rate
    amount, amount_age, late, late_30, unpaid_30 = sums
    return Standing("", amount, oldest, amount_age, Outcome(late, late_30, unpaid_30))


def _rate(currency: str, on: date) -> Decimal:
    if currency == REFERENCE:
        return Decimal(1)
    try:
        return ecb_rate(currency, REFERENCE, on).rate
    except Refusal:
        return _ZERO


def _documents(path: Path, source: str) -> tuple[list[Document], set[str]]:
    table = open_table(path, Options())
    if source and source not in import_sources():
        raise BadInput(f"There is no kind of file {source!r}. Choose one of {', '.join(import_sources())}.")
    adapter = source_for(table, source)
    found, currencies = [], set()
    for row in adapter.read(table, adapter.complete(table, Options(source=adapter.code))):
        if isinstance(row, ItemRow):
            currencies.add(row.currency)
            found.append(_document(row))
    if not any(not row.is_credit for row in found):
        raise BadInput(f"{path.name} holds nothing to pay. Choose another file.", code="empty_file")
    return found, currencies


def _document(row: ItemRow) -> Document:
    settled = row.settled_on if row.settled is None or row.settled >= row.amount else None
    return Document(row.customer.number, row.amount, row.is_credit, row.issued_on, row.due_on, settled)
