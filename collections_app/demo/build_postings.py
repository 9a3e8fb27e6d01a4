"""Writes the rarer documents and postings of the demo through the services that people use: instalments, early-payment
terms, a debit note, a small difference, a write-off that two people decided, and one that waits."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from collections_app.demo.build_ledger import Told
from collections_app.demo.build_people import Cast
from customers.models import Customer, PaymentTerms
from invoices.models import Adjustment, CurrencyRules, Invoice
from invoices.services.approve import approve
from invoices.services.issue_invoice import issue_invoice
from invoices.services.record_payment import record_payment
from invoices.services.request_approval import request_approval

# Short by, over by, and from where on two people decide.
_RULES = {"EUR": ("0.05", "0.05", "250"), "GBP": ("0.05", "0.05", "200"), "USD": ("0.05", "0.05", "250")}


def build_postings(cast: Cast, told: list[Told], *, today: date) -> None:
    """Nothing; the postings are written, on customers who otherwise pay, so that nobody's story changes."""
    _settings()
    payers = _payers(cast)
    _instalments(next(payers), next(payers), today)
    _discount(next(payers), today)
    _debit_note(next(payers), today)
    _small_difference(next(payers), today)
    _written_off(next(payers), cast, today)
    _waiting(cast, told, today)


def _settings() -> None:
    CurrencyRules.objects.bulk_create(
        CurrencyRules(
            currency=currency,
            under_tolerance=Decimal(under),
            over_tolerance=Decimal(over),
            approval_over=Decimal(limit),
        )
        for currency, (under, over, limit) in _RULES.items()
    )
    for code, name, kind, days in (
        ("EOM1", "End of next month", PaymentTerms.Kind.END_OF_MONTH, 1),
        ("15TH", "15th of the following month", PaymentTerms.Kind.NTH_FOLLOWING, 15),
    ):
        PaymentTerms.objects.create(code=code, name=name, kind=kind, days=days)
    PaymentTerms.objects.create(
        code="2-10-30", name="2 % within 10 days, 30 days net", days=30, discount_percent=Decimal(2), discount_days=10
    )


def _payers(cast: Cast) -> Iterator[Customer]:
    """Customers of the first entity who pay in euros and on time."""
    return (
        customer
        for customer in cast.customers
        if cast.characters[customer.pk].code == "model"
        and customer.entity_id == cast.entities[0].pk
        and customer.currency == "EUR"
    )


def _issued(customer: Customer, number: str, total: str, issued_on: date, **more: Any) -> Invoice:
    text = more.pop("text", "Control cabinets")
    return issue_invoice(
        entity=customer.entity, customer=customer, number=number, issued_on=issued_on, total=Decimal(total),
        currency=customer.currency, text=text, lines=[{"text": text, "quantity": "1", "amount": total}], by="demo",
        **more,
    )  # fmt: skip


def _paid(invoice: Invoice, amount: str, received_on: date) -> None:
    record_payment(
        entity=invoice.entity, customer=invoice.customer, amount=Decimal(amount), currency=invoice.currency,
        received_on=received_on, shares=[(invoice, Decimal(amount))], reference=invoice.number, by="demo",
    )  # fmt: skip


def _instalments(first: Customer, second: Customer, today: date) -> None:
    days = [today + timedelta(days=offset) for offset in (-20, 10, 40)]
    parts = list(zip(days, (Decimal("4000.00"), Decimal("4000.00"), Decimal("4000.00")), strict=True))
    begun = _issued(
        first, "NW-60001", "12000.00", today - timedelta(days=50), instalments=parts, text="Line 3, rebuilt"
    )
    _paid(begun, "4000.00", today - timedelta(days=21))
    later = [(today + timedelta(days=30), Decimal("2500.00")), (today + timedelta(days=60), Decimal("2500.00"))]
    _issued(second, "NW-60002", "5000.00", today - timedelta(days=5), instalments=later)


def _discount(customer: Customer, today: date) -> None:
    issued_on = today - timedelta(days=18)
    terms = (Decimal(2), issued_on + timedelta(days=10))
    taken = _issued(customer, "NW-60003", "3400.00", issued_on, due_on=issued_on + timedelta(days=30), discount=terms)
    _paid(taken, "3332.00", issued_on + timedelta(days=9))


def _debit_note(customer: Customer, today: date) -> None:
    _issued(
        customer, "NW-60004", "96.00", today - timedelta(days=3), kind=Invoice.Kind.DEBIT_NOTE,
        due_on=today + timedelta(days=27), text="Freight charged on",
    )  # fmt: skip


def _small_difference(customer: Customer, today: date) -> None:
    short = _issued(customer, "NW-60005", "780.03", today - timedelta(days=40), due_on=today - timedelta(days=10))
    _paid(short, "780.00", today - timedelta(days=11))


def _written_off(customer: Customer, cast: Cast, today: date) -> None:
    lost = _issued(
        customer, "NW-60006", "640.00", today - timedelta(days=300), due_on=today - timedelta(days=270),
        text="Spare parts, branch closed since",
    )  # fmt: skip
    asked = request_approval(
        kind=Adjustment.Kind.WRITE_OFF, entity=lost.entity, customer=customer, currency=lost.currency,
        shares=[(lost, lost.total)], effective_on=today - timedelta(days=12),
        reason="Branch closed, claim not found by the receiver", actor=cast.users["accountant"], by="demo",
    )  # fmt: skip
    approve(approval=asked, actor=cast.users["manager"], by="demo")


def _waiting(cast: Cast, told: list[Told], today: date) -> None:
    """The oldest open invoice of somebody insolvent; it stays open until a second person agrees."""
    item = next(item for item in told if cast.characters[item.customer.pk].code == "insolvent" and not item.story.paid)
    request_approval(
        kind=Adjustment.Kind.WRITE_OFF, entity=item.invoice.entity, customer=item.customer,
        currency=item.invoice.currency, shares=[(item.invoice, item.invoice.total)], effective_on=today,
        reason="Insolvency proceedings opened, no assets", actor=cast.users["accountant"], by="demo",
    )  # fmt: skip
