"""The history of months: from snapshots where they are stored, from the ledger where not, and what each leads to."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import AgingSnapshot
from invoices.queries.aging_documents import documents_behind
from invoices.queries.aging_sql import AgingScope
from invoices.queries.aging_stored import History, aging_history
from invoices.queries.aging_trend import aging_trend, month_ends
from invoices.services.take_aging_snapshot import take_aging_snapshot
from tests import factories
from tests.factories import DAY
from tests.invoices.seeded_books import DAYS, FIRST, SeededBooks

pytestmark = pytest.mark.django_db

MONTHS = month_ends(DAY, 4)


def history(scope: AgingScope, days: Sequence[date] = MONTHS) -> History:
    return aging_history(scope, days, known={})


def test_snapshots_and_ledger_give_the_same_history_of_books_that_were_never_back_dated() -> None:
    SeededBooks(3).write(customers_per_entity=3, invoices_per_customer=6)
    last = FIRST + timedelta(days=DAYS)
    days = month_ends(last, 6)
    for entity in (factories.entity(), factories.entity("US01")):
        for day in days[:-1]:
            take_aging_snapshot(entity=entity, as_of=day)
    found = history(AgingScope(last), days)
    assert found.stored == frozenset(days[:-1])
    assert found.currencies == aging_trend(AgingScope(last), days)


def test_d50_a_stored_month_keeps_what_was_known_and_leads_to_documents_that_add_up_to_it() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00", due_on=MONTHS[0])
    take_aging_snapshot(entity=who.entity, as_of=MONTHS[2])
    # The clock of one transaction stands still; what follows is recorded later.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE invoices_agingsnapshot SET taken_at = taken_at - interval '1 hour'")
        for table in ("invoice", "payment", "allocation"):
            cursor.execute(f"UPDATE invoices_{table} SET recorded_at = recorded_at - interval '2 hours'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    factories.payment(who, "30.00", received_on=MONTHS[1], shares=[(invoice, None)])
    found = history(AgingScope(DAY)).currencies["EUR"]
    assert [sum(found[day]) for day in MONTHS] == [100, 70, 100, 70]
    stored = AgingScope(MONTHS[2], stored=True, currency="EUR")
    assert documents_behind(stored).sums[0].open == Decimal(100)
    assert documents_behind(AgingScope(MONTHS[2], currency="EUR")).sums[0].open == Decimal(70)


def test_a_day_counts_as_stored_only_when_every_entity_with_documents_has_it() -> None:
    first, second = factories.customer(), factories.customer(of=factories.entity("UK01"))
    factories.invoice(first, "100.00", due_on=MONTHS[0])
    take_aging_snapshot(entity=first.entity, as_of=MONTHS[2])
    assert history(AgingScope(DAY)).stored == {MONTHS[2]}
    factories.invoice(second, "50.00", due_on=MONTHS[0])
    assert history(AgingScope(DAY)).stored == frozenset()
    assert history(AgingScope(DAY, entity_ids=(first.entity.pk,))).stored == {MONTHS[2]}


def test_another_basis_or_knowledge_is_never_answered_from_snapshots() -> None:
    who = factories.customer()
    factories.invoice(who, "100.00", due_on=MONTHS[0])
    take_aging_snapshot(entity=who.entity, as_of=MONTHS[2])
    assert AgingSnapshot.objects.exists()
    assert history(AgingScope(DAY, known_on=DAY)).stored == frozenset()


def test_what_the_caller_knows_is_not_asked_again() -> None:
    who = factories.customer()
    factories.invoice(who, "100.00", due_on=MONTHS[0])
    for day in MONTHS[:-1]:
        take_aging_snapshot(entity=who.entity, as_of=day)
    known = {DAY: {"EUR": (Decimal(0), *[Decimal(1)] * 5)}}
    with CaptureQueriesContext(connection) as queries:
        found = aging_history(AgingScope(DAY), MONTHS, known=known)
    assert len(queries) == 2
    assert found.currencies["EUR"][DAY] == known[DAY]["EUR"]
    assert sum(found.currencies["EUR"][MONTHS[1]]) == 100
