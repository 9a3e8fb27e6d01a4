"""The small facts read in one round trip are what the statements say one by one."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers.models import Contact, Hold
from invoices.models import Promise
from invoices.services.make_promise import make_promise
from invoices.services.open_dispute import open_dispute
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity
from worklist.queries import facts_together
from worklist.queries.facts_together import STATEMENTS, small_facts

pytestmark = pytest.mark.django_db


def test_facts_read_together_are_the_facts_read_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    who = factories.customer(email="ann@example.com")
    bill, other, third = (factories.invoice(who, "100.50", due_on=DAY - timedelta(days=40)) for _ in range(3))
    factories.payment(who, "20.25", received_on=DAY - timedelta(days=3), shares=[])
    open_dispute(invoice=bill, reason="price", amount=Decimal("10.00"), text="", opened_on=DAY, actor=cast.collector)
    for item, on in ((other, DAY + timedelta(days=5)), (third, DAY - timedelta(days=9))):
        make_promise(
            customer=who, items=[(item, Decimal("50.00"))], promised_on=max(on, DAY), made_on=DAY, actor=cast.collector
        )
    Promise.objects.filter(items__invoice=third).update(state="broken", closed_on=DAY)
    Hold.objects.create(customer=who, reason=Hold.Reason.values[0], starts_on=DAY, ends_on=DAY + timedelta(days=3))
    for number in (20, 2):
        Activity.objects.create(
            customer=who, kind="call", outcome="reached", by=cast.collector, follow_up_on=DAY,
            happened_on=DAY - timedelta(days=number),
        )  # fmt: skip
    asked = {"ids": [who.pk], "on": DAY, "broken_days": 365}
    together = small_facts(asked)
    monkeypatch.setattr(facts_together, "FEW", 0)
    alone = small_facts(asked)
    assert together == alone
    assert set(alone) == set(STATEMENTS)
    assert Contact.objects.filter(customer=who).exists()
    assert not [name for name, rows in alone.items() if not rows and name != "notices"]
    assert [[type(value) for value in row] for row in together["credit"]] == [
        [type(value) for value in row] for row in alone["credit"]
    ]
