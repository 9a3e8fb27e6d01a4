"""Plain functions that make rows for tests. Deterministic: numbers count up, dates are arguments, nothing is random."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from collections_app.accounts.models import Team, User
from collections_app.accounts.roles import Role
from customers.models import Contact, Customer, LegalEntity, PaymentTerms
from invoices.models import Invoice, Payment
from invoices.services.issue_invoice import issue_invoice
from invoices.services.record_payment import Shares, record_payment

_numbers = count(1)

DAY = date(2026, 3, 2)  # a Monday without holidays in the regions used here


def today() -> date:
    """The business day of the tests' entity right now; its evening is UTC's afternoon."""
    return timezone.now().astimezone(ZoneInfo("Europe/Berlin")).date()


def team(name: str = "Northern team") -> Team:
    """The team of that name."""
    return Team.objects.get_or_create(name=name)[0]


def user(role: Role = Role.ANALYST, *, username: str = "", of: Team | None = None, **fields: Any) -> User:
    """A person with a role, in the given team (the northern one by default). Password: their user name, thrice."""
    username = username or f"{role.value}{next(_numbers)}"
    made = User.objects.create_user(
        username,
        f"{username}@example.com",
        username * 3,
        role=role.value,
        **{"first_name": username.capitalize(), **fields},
    )
    made.teams.add(of or team())
    return made


def entity(code: str = "DE01", **fields: Any) -> LegalEntity:
    """The legal entity of that code: a German company in euros unless told otherwise."""
    defaults: dict[str, Any] = {
        "name": "Nordwind Handel GmbH",
        "team": team(),
        "currency": "EUR",
        "country": "DE",
        "holiday_region": "DE",
        "time_zone": "Europe/Berlin",
        "language": "en",
        "address": "Hafenstraße 1\n20457 Hamburg",
        "iban": "DE89370400440532013000",
        "bic": "COBADEFFXXX",
        "email": "accounts@nordwind.example",
    }
    return LegalEntity.objects.get_or_create(code=code, defaults={**defaults, **fields})[0]


def customer(*, of: LegalEntity | None = None, email: str | None = "", **fields: Any) -> Customer:
    """A customer with one primary contact; `email=None` makes a customer without any contact."""
    n = next(_numbers)
    selling = of or entity()
    made = Customer.objects.create(
        **{"number": f"C{n:05}", "name": f"Customer {n}", "entity": selling, "currency": selling.currency, **fields}
    )
    if email is not None:
        Contact.objects.create(
            customer=made,
            name="Pat Payable",
            email=email or f"ap{n}@customer{n}.example",
            phone="+49 40 1234",
            is_primary=True,
        )
    return made


def terms(days: int = 30) -> PaymentTerms:
    """Net terms of that many days."""
    return PaymentTerms.objects.get_or_create(code=f"N{days}", defaults={"name": f"{days} days net", "days": days})[0]


def invoice(
    who: Customer, total: str | Decimal = "100.00", *, due_on: date = DAY, issued_on: date | None = None, **fields: Any
) -> Invoice:
    """An issued invoice in the customer's currency, issued 30 days before it is due."""
    return issue_invoice(
        **{
            "entity": who.entity,
            "customer": who,
            "number": f"R{next(_numbers):06}",
            "issued_on": issued_on or due_on - timedelta(days=30),
            "due_on": due_on,
            "total": Decimal(total),
            "currency": who.currency,
            "by": "test",
            **fields,
        }
    )


def payment(
    who: Customer, amount: str | Decimal, *, received_on: date = DAY, shares: Shares | str = (), **fields: Any
) -> Payment:
    """A recorded payment of the customer, allocated as told."""
    return record_payment(
        **{
            "entity": who.entity,
            "customer": who,
            "amount": Decimal(amount),
            "currency": who.currency,
            "received_on": received_on,
            "shares": shares,
            "by": "test",
            **fields,
        }
    )
