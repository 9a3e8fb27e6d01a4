"""What one account page shows, one small statement per section. Scoping is the view's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from collections_app.web.aging_scale import AGING_STEPS, step_for_days
from customers.models import Contact, Customer, Hold
from invoices.models import Dispute, Promise
from worklist.queries import account_sql as sql


class OpenItem(NamedTuple):
    """One open invoice, with its dispute and promise if any; amounts in `currency`."""

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
    promises: Sequence[Mapping[str, Any]]
    disputes: Sequence[Mapping[str, Any]]

    @property
    def open_promises(self) -> int:
        """How many promises are open."""
        return sum(row["state"] == Promise.State.OPEN for row in self.promises)

    @property
    def open_disputes(self) -> int:
        """How many disputes are open."""
        return sum(row["state"] == Dispute.State.OPEN for row in self.disputes)


def account(customer: Customer, *, on: date) -> Account:
    """The account of the customer as of the day, inclusive; seven statements, however large it is."""
    asked = {"id": customer.pk, "on": on}
    items = [OpenItem(*row) for row in _tuples(sql.OPEN_ITEMS, asked)]
    return Account(
        customer=customer,
        on=on,
        items=items,
        totals=_totals(items, {row[0]: row[1] for row in _tuples(sql.CREDITS, asked)}),
        contacts=_labelled(_rows(sql.CONTACTS, asked), part=Contact.Part, health=Contact.Health),
        holds=_labelled(_rows(sql.HOLDS, asked), reason=Hold.Reason),
        pinned=_rows(sql.PINNED, asked),
        promises=_labelled(_rows(sql.PROMISES, asked), state=Promise.State),
        disputes=_labelled(_rows(sql.DISPUTES, asked), state=Dispute.State, reason=Dispute.Reason),
    )


def _totals(items: Sequence[OpenItem], credit: Mapping[str, Decimal]) -> list[CurrencyTotal]:
    zero = Decimal(0)
    found = []
    for currency in sorted({row.currency for row in items} | set(credit)):
        mine = [row for row in items if row.currency == currency]
        by_age = {step.key: zero for step in AGING_STEPS}
        for row in mine:
            by_age[step_for_days(row.late).key] += row.open
        overdue = sum((row.open for row in mine if row.late), zero)
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


def _rows(statement: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
