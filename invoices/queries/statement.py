"""The statement of one account: its postings by legal entity and currency, what is open at the end, and by what age.

A posting counts on the day it takes effect, and so do refunds and adjustments: by their allocations, as in the aging.
The closing balance is therefore the account's aging of that day, credits included, whatever happened in between."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from collections_app.lib.dates import days_late
from collections_app.lib.money import Money
from collections_app.web.aging_scale import AGING_STEPS, step_for_days
from customers.models import Customer, LegalEntity
from customers.queries.accounts import account_ids_on
from invoices.models import CreditNote, Payment
from invoices.queries.open_amounts import with_open_credit, with_unapplied
from invoices.queries.open_claims import OpenClaim, open_claims
from invoices.rules.statement import Period, Posting, period

_POSTINGS = """
SELECT entity_id, currency, day, kind, id, reference, note, amount, due_on FROM (
    SELECT entity_id, currency, issued_on AS day, kind, id, number AS reference, po_number AS note, total AS amount,
           due_on, 1 AS place FROM invoices_invoice WHERE customer_id = ANY(%(ids)s) AND status = 'issued'
    UNION ALL
    SELECT entity_id, currency, issued_on, 'credit_note', id, number, text, -total, NULL, 2
    FROM invoices_creditnote WHERE customer_id = ANY(%(ids)s) AND status = 'issued'
    UNION ALL
    SELECT entity_id, currency, received_on, 'payment', id, reference, '', -amount, NULL, 3
    FROM invoices_payment WHERE customer_id = ANY(%(ids)s)
    UNION ALL
    SELECT r.entity_id, a.currency, a.effective_on, 'refund_' || r.kind, r.id, r.reference, '', SUM(a.amount), NULL, 4
    FROM invoices_allocation a JOIN invoices_refund r ON r.id = a.refund_id
    WHERE a.customer_id = ANY(%(ids)s) AND a.adjustment_id IS NULL GROUP BY r.id, a.currency, a.effective_on
    UNION ALL
    SELECT d.entity_id, a.currency, a.effective_on, 'adjustment_' || d.kind, d.id, '', d.reason, -SUM(a.amount), NULL, 5
    FROM invoices_allocation a JOIN invoices_adjustment d ON d.id = a.adjustment_id
    WHERE a.customer_id = ANY(%(ids)s) AND a.invoice_id IS NOT NULL GROUP BY d.id, a.currency, a.effective_on
) AS posting WHERE day <= %(as_of)s AND amount <> 0"""
_LISTED = f"SELECT * FROM ({_POSTINGS} AND day >= %(from_on)s ORDER BY entity_id, currency, day, place, id) AS listed"  # noqa: S608
_BEFORE = f"""SELECT entity_id, currency, SUM(amount) FROM ({_POSTINGS} AND day < %(from_on)s) AS earlier
    GROUP BY entity_id, currency"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class OpenCredit:
    """Money or a credit note that is not put against anything; `left` is positive."""

    kind: str  # payment or credit_note
    id: int
    reference: str
    on: date
    left: Decimal


@dataclass(frozen=True, slots=True)
class StatementPart:
    """The account with one legal entity in one currency."""

    entity: LegalEntity
    currency: str
    period: Period
    items: Sequence[OpenClaim]
    credits: Sequence[OpenCredit]
    by_age: Mapping[str, Decimal]  # open items by key of the aging scale

    @property
    def open(self) -> Decimal:
        """What is open of invoices at the end, credits left aside."""
        return sum((item.open for item in self.items), Decimal(0))

    @property
    def credit(self) -> Decimal:
        """What is unused of money and credit notes at the end, positive."""
        return sum((row.left for row in self.credits), Decimal(0))


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of a customer from the beginning of `from_on` to the end of `as_of`."""

    customer: Customer
    from_on: date
    as_of: date
    parts: Sequence[StatementPart]

    @property
    def lines(self) -> int:
        """How many postings it lists."""
        return sum(len(part.period.postings) for part in self.parts)


def statement_of(customer: Customer, *, from_on: date, as_of: date) -> Statement:
    """The statement of the account that the customer held on `as_of`, merges included; seven statements of SQL."""
    ids = list(account_ids_on(customer.pk, as_of))
    asked = {"ids": ids, "from_on": from_on, "as_of": as_of}
    opening = {(entity, currency): amount for entity, currency, amount in _rows(_BEFORE, asked)}
    postings: dict[tuple[int, str], list[Posting]] = defaultdict(list)
    for entity, currency, on, kind, pk, reference, note, amount, due_on in _rows(_LISTED, asked):
        exact = Money(amount, currency).amount
        postings[entity, currency].append(Posting(on, kind, pk, reference, note, exact, due_on=due_on))
    items: dict[tuple[int, str], list[OpenClaim]] = defaultdict(list)
    for item in open_claims(customer_ids=ids, as_of=as_of):
        items[item.entity_id, item.currency].append(item)
    credits = _credits(ids, as_of)
    entities = LegalEntity.objects.in_bulk()
    keys = {*opening, *postings, *items, *credits}
    parts = []
    for entity_id, currency in sorted(keys, key=lambda key: (entities[key[0]].code, key[1])):
        key = (entity_id, currency)
        before = Money(opening.get(key, Decimal(0)), currency).amount
        found = period(before, postings[key])
        if before or found.postings:
            mine = items[key]
            parts.append(StatementPart(entities[entity_id], currency, found, mine, credits[key], _by_age(mine, as_of)))
    return Statement(customer, from_on, as_of, parts)


def _credits(ids: Sequence[int], as_of: date) -> dict[tuple[int, str], list[OpenCredit]]:
    found: dict[tuple[int, str], list[OpenCredit]] = defaultdict(list)
    money: Any = with_unapplied(Payment.objects.filter(customer_id__in=ids), as_of=as_of)
    for row in money.filter(open_amount__gt=0).order_by("received_on", "pk"):
        credit = OpenCredit("payment", row.pk, row.reference, row.received_on, row.open_amount)
        found[row.entity_id, row.currency].append(credit)
    notes: Any = with_open_credit(CreditNote.objects.filter(customer_id__in=ids), as_of=as_of)
    for row in notes.filter(open_amount__gt=0).order_by("issued_on", "pk"):
        credit = OpenCredit("credit_note", row.pk, row.number, row.issued_on, row.open_amount)
        found[row.entity_id, row.currency].append(credit)
    return found


def _by_age(items: Sequence[OpenClaim], as_of: date) -> dict[str, Decimal]:
    ages = {step.key: Decimal(0) for step in AGING_STEPS}
    for item in items:
        ages[step_for_days(days_late(item.due_on, as_of)).key] += item.open
    return ages


def _rows(sql: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
