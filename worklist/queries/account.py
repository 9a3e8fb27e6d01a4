"""What one account page shows, one small statement per section. Scoping is the view's."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from collections_app.web.aging_scale import AGING_STEPS, step_for_days
from customers.models import Contact, Customer, Hold
from customers.queries.accounts import account_ids
from invoices.models import Dispute, DisputeCase, Promise
from worklist.models import Activity
from worklist.queries import account_sql as sql


class OpenPart(NamedTuple):
    """One open instalment of an invoice."""

    position: int
    due_on: date
    open: Decimal
    late: int


class OpenItem(NamedTuple):
    """One open invoice, with its dispute and promise if any; amounts in `currency`. One in instalments falls due, and
    is late, as the oldest of its open `parts` does."""

    id: int
    number: str
    kind: str
    issued_on: date
    due_on: date
    currency: str
    total: Decimal
    open: Decimal
    late: int
    dispute: str | None
    disputed: Decimal | None
    promised_on: date | None
    po_number: str
    in_parts: bool = False
    parts: tuple[OpenPart, ...] = ()

    @property
    def slices(self) -> Sequence[tuple[Decimal, int]]:
        """What is open and how late it is: once, or per instalment."""
        return [(part.open, part.late) for part in self.parts] or [(self.open, self.late)]


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """One currency of the account: open invoices, the overdue part, unused credit and cash (positive), and the age."""

    currency: str
    open: Decimal
    overdue: Decimal
    credit: Decimal
    by_age: Mapping[str, Decimal]

    @property
    def balance(self) -> Decimal:
        """What the customer owes after unused credit."""
        return self.open - self.credit


@dataclass(frozen=True, slots=True)
class Account:
    """Everything the sections show. Rows are mappings by column name."""

    customer: Customer
    on: date
    items: Sequence[OpenItem]
    totals: Sequence[CurrencyTotal]
    contacts: Sequence[Mapping[str, Any]]
    holds: Sequence[Mapping[str, Any]]
    pinned: Sequence[Mapping[str, Any]]
    follow_ups: Sequence[Mapping[str, Any]]
    messages: Sequence[Mapping[str, Any]]
    promises: Sequence[Mapping[str, Any]]
    disputes: Sequence[Mapping[str, Any]]

    @property
    def open_promises(self) -> int:
        """How many promises are open."""
        return sum(row["state"] == Promise.State.OPEN for row in self.promises)

    @property
    def open_disputes(self) -> int:
        """How many disputes are open."""
        return sum(row["stage"] != DisputeCase.Stage.CLOSED for row in self.disputes)


def account(customer: Customer, *, on: date) -> Account:
    """The account of the customer as of the day, inclusive; three statements, or four with instalments, however large
    it is. Documents of customers that were merged into this one belong to it."""
    absorbed = getattr(customer, "absorbed_ids", None)
    ids = account_ids(customer.pk) if absorbed is None else (customer.pk, *absorbed)
    asked = {"ids": list(ids), "on": on}
    sections = _sections(asked)
    items = _with_parts([OpenItem(*row) for row in _tuples(sql.OPEN_ITEMS, asked)], on)
    return Account(
        customer=customer,
        on=on,
        items=items,
        totals=_totals(items, {row[0]: row[1] for row in _tuples(sql.CREDITS, asked)}),
        contacts=_labelled(sections["contacts"], part=Contact.Part, health=Contact.Health),
        holds=_labelled(sections["holds"], reason=Hold.Reason),
        pinned=sections["pinned"],
        follow_ups=_labelled(sections["follow_ups"], kind=Activity.Kind),
        messages=sections["messages"],
        promises=_labelled(sections["promises"], state=Promise.State),
        disputes=_labelled(
            sections["disputes"], stage=DisputeCase.Stage, outcome=DisputeCase.Outcome, reason=Dispute.Reason
        ),
    )


def _with_parts(items: list[OpenItem], on: date) -> list[OpenItem]:
    split = [row.id for row in items if row.in_parts]
    if not split:
        return items
    parts: dict[int, list[OpenPart]] = {}
    for invoice_id, *part in _tuples(sql.PARTS, {"invoices": split, "on": on}):
        parts.setdefault(invoice_id, []).append(OpenPart(*part))
    whole = [
        row._replace(parts=tuple(parts[row.id]), due_on=parts[row.id][0].due_on, late=parts[row.id][0].late)
        if row.id in parts
        else row
        for row in items
    ]
    return sorted(whole, key=lambda row: (row.due_on, row.id))


def _totals(items: Sequence[OpenItem], credit: Mapping[str, Decimal]) -> list[CurrencyTotal]:
    zero = Decimal(0)
    found = []
    for currency in sorted({row.currency for row in items} | set(credit)):
        mine = [row for row in items if row.currency == currency]
        by_age = {step.key: zero for step in AGING_STEPS}
        for part, late in (slice_ for row in mine for slice_ in row.slices):
            by_age[step_for_days(late).key] += part
        overdue = sum((part for row in mine for part, late in row.slices if late), zero)
        found.append(
            CurrencyTotal(currency, sum((row.open for row in mine), zero), overdue, credit.get(currency, zero), by_age)
        )
    return sorted(found, key=lambda row: -row.open)


def _labelled(rows: list[dict[str, Any]], **choices: Any) -> list[dict[str, Any]]:
    """The rows with `<column>_label` beside each coded column."""
    for row in rows:
        for column, labels in choices.items():
            row[f"{column}_label"] = labels(row[column]).label
    return rows


def _tuples(statement: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


_SECTIONS = " UNION ALL ".join(
    f"SELECT '{name}', (SELECT json_agg(found)::text FROM ({statement}) found)"  # noqa: S608 (statements of ours)
    for name, statement in (
        ("contacts", sql.CONTACTS),
        ("holds", sql.HOLDS),
        ("messages", sql.MESSAGES),
        ("pinned", sql.PINNED),
        ("follow_ups", sql.FOLLOW_UPS),
        ("promises", sql.PROMISES),
        ("disputes", sql.DISPUTES),
    )
)


def _sections(asked: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The small tables in one round trip. Amounts are exact decimals, columns named `..._on` or `..._by` days."""
    return {name: [_revived(row) for row in _read(text)] for name, text in _tuples(_SECTIONS, asked)}


def _read(text: str | None) -> list[dict[str, Any]]:
    return list(json.loads(text, parse_float=Decimal)) if text else []


def _revived(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if value and name.endswith(("_on", "_by")) else value
        for name, value in row.items()
    }
