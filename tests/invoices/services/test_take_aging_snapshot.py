"""The daily snapshot: by set, once per entity and day even when two beats come at once, and provably right."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings

from collections_app.audit.models import AuditEntry
from customers.models import BusinessClock
from invoices.models import AgingSnapshot, Invoice
from invoices.queries.aging_days import LONGEST_CATCH_UP, due_snapshots
from invoices.queries.verify_aging import violations
from invoices.rules.buckets import BUCKETS
from invoices.services.take_aging_snapshot import take_aging_snapshot
from invoices.tasks import take_due_aging_snapshots
from tests import factories
from tests.factories import DAY
from tests.invoices.ledgers import Ledger, as_of_days, ledgers, undone

pytestmark = pytest.mark.django_db


def pin(day: date) -> None:
    BusinessClock.objects.update_or_create(pk=1, defaults={"pinned_on": day})


def test_it_stores_one_row_per_customer_and_currency_and_says_so_in_the_log() -> None:
    who = factories.customer()
    factories.invoice(who, "100.00", due_on=DAY - timedelta(days=31))
    factories.invoice(who, "5.00", currency="GBP")
    assert take_aging_snapshot(entity=who.entity, as_of=DAY) == 2
    row = AgingSnapshot.objects.get(currency="EUR")
    assert (row.days_31_60, row.total, row.documents) == (Decimal(100), Decimal(100), 1)
    entry = AuditEntry.objects.get(action="aging.snapshot_taken")
    assert entry.payload == {"as_of": DAY.isoformat(), "rows": 2}


def test_the_same_day_is_stored_once_even_after_new_facts() -> None:
    who = factories.customer()
    factories.invoice(who, "100.00")
    assert take_aging_snapshot(entity=who.entity, as_of=DAY) == 1
    factories.invoice(factories.customer(), "50.00")
    assert take_aging_snapshot(entity=who.entity, as_of=DAY) == 0
    assert AuditEntry.objects.filter(action="aging.snapshot_taken").count() == 1


def test_its_statements_do_not_grow_with_customers() -> None:
    counts = []
    for day in (DAY, DAY + timedelta(days=1)):
        for _ in range(10):
            factories.invoice(factories.customer(email=None), "1.00")
        with CaptureQueriesContext(connection) as queries:
            take_aging_snapshot(entity=factories.entity(), as_of=day)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_stored_day_cannot_be_changed() -> None:
    who = factories.customer()
    factories.invoice(who, "100.00")
    take_aging_snapshot(entity=who.entity, as_of=DAY)
    for change in (
        lambda: AgingSnapshot.objects.update(total=0),
        lambda: AgingSnapshot.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_tick_stores_today_and_is_done() -> None:
    pin(DAY)
    factories.invoice(factories.customer(), "100.00")
    assert take_due_aging_snapshots() == 1
    assert take_due_aging_snapshots() == 0
    assert AgingSnapshot.objects.get().as_of == DAY


def test_the_tick_catches_up_missed_days_but_not_those_before_the_first() -> None:
    who = factories.customer()
    factories.invoice(who, "100.00", due_on=DAY - timedelta(days=300))
    pin(DAY)
    take_due_aging_snapshots()
    pin(DAY + timedelta(days=3))
    assert [day for _, day in due_snapshots()] == [DAY + timedelta(days=n) for n in (1, 2, 3)]
    assert take_due_aging_snapshots() == 3
    pin(DAY + timedelta(days=100))
    assert len(list(due_snapshots())) == 1, f"what lies more than {LONGEST_CATCH_UP} days back is recomputed when asked"


def test_a_day_without_anything_open_is_looked_at_once() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    factories.payment(who, "100.00", shares=[(invoice, None)])
    pin(DAY)
    assert len(list(due_snapshots())) == 1
    assert take_due_aging_snapshots() == 0
    assert list(due_snapshots()) == []


def test_an_entity_without_documents_owes_no_snapshot() -> None:
    factories.entity()
    assert list(due_snapshots()) == []


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_store_one_day() -> None:
    pin(DAY)
    for _ in range(30):
        factories.invoice(factories.customer(email=None), "10.00")
    start = Barrier(4)

    def beat(_: int) -> int:
        start.wait()
        try:
            return int(take_due_aging_snapshots())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        stored = sorted(pool.map(beat, range(4)))
    assert stored == [0, 0, 0, 30]
    assert AgingSnapshot.objects.count() == 30
    assert AuditEntry.objects.filter(action="aging.snapshot_taken").count() == 1


@given(ledger=ledgers(), as_of=as_of_days)
@settings(max_examples=30)
def test_d50_what_was_stored_is_what_a_recomputation_gives(ledger: Ledger, as_of: date) -> None:
    with undone():
        customers = [factories.customer(email=None), factories.customer(email=None)]
        ledger.write(customers)
        take_aging_snapshot(entity=customers[0].entity, as_of=as_of)
        assert violations(as_of) == []
        for row in AgingSnapshot.objects.all():
            assert row.total == sum(getattr(row, bucket.column) for bucket in BUCKETS)


def test_d50_a_back_dated_payment_is_no_violation() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    take_aging_snapshot(entity=who.entity, as_of=DAY)
    factories.payment(who, "100.00", received_on=DAY - timedelta(days=1), shares=[(invoice, None)])
    assert violations(DAY) == []


def test_a_snapshot_that_differs_from_the_ledger_is_told_in_a_sentence() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    AgingSnapshot.objects.create(
        as_of=DAY, entity=who.entity, customer=who, currency="EUR", not_due=Decimal(99), days_1_30=0, days_31_60=0,
        days_61_90=0, days_91_120=0, days_over_120=0, total=Decimal(99), disputed=0, documents=1,
        taken_at=Invoice.objects.get(pk=invoice.pk).recorded_at + timedelta(hours=1),
    )  # fmt: skip
    (sentence,) = violations(DAY)
    assert f"customer {who.pk} with DE01 in EUR says 99" in sentence
    assert "gives 100" in sentence
