"""The book that the ledger machine keeps for itself, and the small world it plays in."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from collections_app.accounts.models import User
from collections_app.accounts.roles import Role
from customers.models import Customer
from invoices.models import CurrencyRules
from tests import factories


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
