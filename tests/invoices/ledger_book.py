"""The book that the ledger machine keeps for itself, and the small world it plays in."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from collections_app.accounts.models import User
from collections_app.accounts.roles import Role
from customers.models import Customer
from invoices.models import CurrencyRules
from invoices.queries.aging import aging_of
from invoices.queries.aging_sql import AgingScope
from tests import factories

LIMITS = (0, 30, 60, 90, 120)  # last days late of each bucket but the last; written here once more on purpose


@dataclass(frozen=True)
class World:
    """Three customers of two legal entities, and two people who may post: one asks, the other approves."""

    customers: tuple[Customer, ...]
    asks: User
    approves: User


@dataclass
class Document:
    """One row of the machine's own book. `sign` is +1 for claims, −1 for money and credits."""

    sign: int
    customer: int
    entity: int
    currency: str
    amount: Decimal
    on: date
    due: list[tuple[date, Decimal]]  # (day it ages by, amount) of each part


@dataclass
class Book:
    """What the machine believes, by table and id, and what each account must owe from the amounts alone."""

    documents: dict[tuple[str, int], Document] = field(default_factory=dict)
    owed: dict[tuple[int, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    merges: list[tuple[int, int, date]] = field(default_factory=list)

    def account(self, customer: int, on: date) -> int:
        """Whose account the customer's documents belonged to on that day."""
        for absorbed, survivor, since in self.merges:
            if customer == absorbed and since <= on:
                customer = survivor
        return customer


def world() -> World:
    """The world of one run, with tolerances and a limit for euros and no rules for dollars."""
    other = factories.entity("SE01", name="Nordwind AB", country="SE", holiday_region="SE")
    CurrencyRules.objects.create(
        currency="EUR", under_tolerance=Decimal("0.50"), over_tolerance=Decimal("0.50"), approval_over=Decimal(50)
    )
    who = (factories.customer(), factories.customer(), factories.customer(of=other))
    return World(who, asks=factories.user(Role.MANAGER), approves=factories.user(Role.MANAGER))


def told(scope: AgingScope) -> dict[tuple[int, int, str], list[Decimal]]:
    """The product's aging: six sums per entity, account and currency."""
    found = {}
    for row in aging_of(scope):
        found[row.entity_id, row.customer_id, row.currency] = list(row.amounts.buckets)
        assert sum(row.amounts.buckets) == row.amounts.total, f"I4: buckets of {row} on {scope.as_of}"
    return found


def nth_of(rows: list[Any], nth: int) -> Any:
    """The nth of the rows, counted round; None of none."""
    return rows[nth % len(rows)] if rows else None


def bucket_of(late: int) -> int:
    """The place of the bucket for so many days late, 0 to 5."""
    return next((place for place, last in enumerate(LIMITS) if late <= last), 5)


def row_of(sql: str) -> tuple[Any, ...]:
    """The one row of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found: tuple[Any, ...] = cursor.fetchone()
    return found


def one_of(sql: str) -> int:
    """The one number of a statement."""
    return int(row_of(sql)[0])
