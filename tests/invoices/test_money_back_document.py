"""The worked table of docs/algorithms/allocation.md about money that goes out and comes back, repeated."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from invoices.models import Refund
from invoices.queries.open_amounts import open_invoices, unapplied_payments
from invoices.queries.verify_ledger import violations
from invoices.services.charge_back import charge_back
from invoices.services.return_payment import return_payment
from invoices.services.undo_refund import undo_refund
from tests import factories
from tests.tables import table

pytestmark = pytest.mark.django_db

STORY = table("algorithms/allocation.md", "day", "what happened", "open A", "open B", "unapplied")


def test_the_worked_story_comes_out_and_every_day_stays_as_it_was() -> None:
    assert [row[1].split()[0] for row in STORY] == ["payment", "30.00", "70.00", "dispute", "the"]
    who = factories.customer()
    days = [date.fromisoformat(row[0]) for row in STORY]
    a, b = (factories.invoice(who, total, issued_on=days[0], due_on=days[0]) for total in ("60.00", "40.00"))
    payment = factories.payment(who, "120.00", received_on=days[0], shares=[(a, None), (b, None)])

    def back(kind: str, day: date) -> Callable[[], object]:
        return lambda: undo_refund(refund=Refund.objects.get(kind=kind), on=day, reason="back", by="test")

    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: return_payment(payment=payment, amount=Decimal(30), returned_on=days[1], by="test"),
        lambda: charge_back(payment=payment, amount=Decimal(70), charged_back_on=days[2], by="test"),
        back("chargeback", days[3]),
        back("returned", days[4]),
    ]

    def figures(day: date) -> list[Decimal]:
        rows: Any = open_invoices(customer_id=who.pk, as_of=day)
        opened = {row.pk: row.open_amount for row in rows}
        left: Any = unapplied_payments(customer_id=who.pk, as_of=day)
        return [
            opened.get(a.pk, Decimal(0)),
            opened.get(b.pk, Decimal(0)),
            sum((row.open_amount for row in left), Decimal(0)),
        ]

    for step, day, line in zip(steps, days, STORY, strict=True):
        step()
        assert figures(day) == [Decimal(figure) for figure in line[2:]]
    assert [figures(day) for day in days] == [[Decimal(figure) for figure in line[2:]] for line in STORY]
    assert violations() == []
