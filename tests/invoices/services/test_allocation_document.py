"""The worked tables of docs/algorithms/allocation.md, read from the file and repeated with the services."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from customers.models import Customer
from invoices.models import Invoice, Payment
from invoices.queries.aging import aging_totals
from invoices.queries.aging_documents import documents_behind
from invoices.queries.aging_sql import AgingScope
from invoices.queries.open_amounts import open_invoices
from invoices.rules.allocation import OpenDocument, effective_day, oldest_first
from invoices.rules.claims import Share, open_shares
from invoices.services.allocate import allocate
from invoices.services.reverse_allocation import reverse_allocation
from tests import factories
from tests.tables import table

pytestmark = pytest.mark.django_db

DOCUMENT = "algorithms/allocation.md"
DAYS = table(DOCUMENT, "payment received", "invoice issued", "stated", "effective on")
OLDEST = table(DOCUMENT, "due on", "open before", "gets")
PARTS = table(DOCUMENT, "payment", "for part", "open part 1", "open part 2", "open part 3")
ACCOUNT = table(DOCUMENT, "day", "done", "open A", "open B", "unapplied")


def test_the_document_holds_its_tables() -> None:
    assert (len(DAYS), len(OLDEST), len(ACCOUNT), len(PARTS)) == (4, 3, 5, 5)


@pytest.mark.parametrize(("received", "issued", "stated", "effective"), DAYS)
def test_a02_an_allocation_takes_effect_on_the_later_day(
    received: str, issued: str, stated: str, effective: str
) -> None:
    day = effective_day(
        source_on=date.fromisoformat(received),
        document_on=date.fromisoformat(issued),
        stated_on=date.fromisoformat(stated) if stated else None,
    )
    assert day == date.fromisoformat(effective)


def test_a06_the_oldest_invoice_is_paid_first() -> None:
    documents = [
        OpenDocument(place, date.fromisoformat(due_on), date(2026, 8, 1), Decimal(before))
        for place, (due_on, before, _) in enumerate(OLDEST)
    ]
    shares, rest = oldest_first(Decimal("700.00"), reversed(documents))
    assert [(share.id, share.amount) for share in shares] == [
        (place, Decimal(gets)) for place, (_, _, gets) in enumerate(OLDEST)
    ]
    assert rest == 0


def test_the_worked_account_comes_out_and_stays_as_it_was() -> None:
    who = factories.customer(email=None)
    days = [date.fromisoformat(day) for day, *_ in ACCOUNT]
    a, b = (factories.invoice(who, total, issued_on=days[0], due_on=days[0]) for total in ("1000.00", "500.00"))
    steps = _steps(who, a, b, days)
    for step, day, line in zip(steps, days, ACCOUNT, strict=True):
        step()
        assert _figures(who, a, b, day) == tuple(Decimal(figure) for figure in line[2:])
    for day, line in zip(days, ACCOUNT, strict=True):
        assert _figures(who, a, b, day) == tuple(Decimal(figure) for figure in line[2:]), f"asked later for {day}"


def test_a06_money_fills_the_earliest_instalment_unless_it_names_one() -> None:
    amounts = [Decimal(amount) for amount in PARTS[0][2:]]
    named, unnamed = [Decimal(0)] * 3, Decimal(0)
    for payment, part, *still_open in PARTS:
        if part:
            named[int(part) - 1] += Decimal(payment)
        else:
            unnamed += Decimal(payment)
        shares = [Share(amount, taken) for amount, taken in zip(amounts, named, strict=True)]
        assert open_shares(shares, unnamed) == [Decimal(figure) for figure in still_open]


def _steps(who: Customer, a: Invoice, b: Invoice, days: list[date]) -> list[Callable[[], object]]:
    def paid() -> Payment:
        return Payment.objects.get(customer=who)

    def put_on_b(amount: str, day: date) -> object:
        return allocate(source=paid(), shares=[(b, Decimal(amount))], effective_on=day, by="test")

    return [
        lambda: None,
        lambda: factories.payment(who, "800.00", received_on=days[1], shares=[(a, Decimal("600.00"))]),
        lambda: put_on_b("200.00", days[2]),
        lambda: reverse_allocation(
            allocation=paid().allocations.get(invoice=a),
            effective_on=days[3],
            reason="meant for B",
            actor=None,
            by="test",
        ),
        lambda: put_on_b("300.00", days[4]),
    ]


def _figures(who: Customer, a: Invoice, b: Invoice, day: date) -> tuple[Decimal, Decimal, Decimal]:
    """Open A, open B and unapplied: by the documents of one customer, checked against those of the aging."""
    rows: Any = open_invoices(customer_id=who.pk, as_of=day)
    opened = {row.pk: row.open_amount for row in rows}
    behind = documents_behind(AgingScope(day, customers=Customer.objects.filter(pk=who.pk))).rows
    assert {row.id: row.open for row in behind if row.kind == "invoice"} == opened
    unapplied = -sum((row.open for row in behind if row.kind == "payment"), Decimal(0))
    assert aging_totals(AgingScope(day)).currencies["EUR"].total == sum(opened.values(), -unapplied)
    return opened.get(a.pk, Decimal(0)), opened.get(b.pk, Decimal(0)), unapplied
