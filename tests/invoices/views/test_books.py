"""The nightly look at the books: green when they agree, every finding with what to do when not, and who is told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import BusinessClock
from invoices.models import AgingSnapshot, Allocation, Invoice, LedgerCheck, WebhookEvent
from invoices.queries.books import findings
from invoices.services.check_books import check_books
from invoices.services.take_aging_snapshot import take_aging_snapshot
from invoices.tasks import check_due_books
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from tests.invoices.seeded_books import DAYS, FIRST, SeededBooks

pytestmark = pytest.mark.django_db

BANNER = "The books do not agree with themselves"


@pytest.fixture(autouse=True)
def today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def wrong_snapshot(code: str = "DE01") -> None:
    """A stored aging that says a euro less than the ledger gives."""
    who = factories.customer(of=factories.entity(code))
    invoice = factories.invoice(who, "100.00")
    AgingSnapshot.objects.create(
        as_of=DAY, entity=who.entity, customer=who, currency="EUR", not_due=Decimal(99), days_1_30=0, days_31_60=0,
        days_61_90=0, days_91_120=0, days_over_120=0, total=Decimal(99), disputed=0, documents=1,
        taken_at=Invoice.objects.get(pk=invoice.pk).recorded_at + timedelta(hours=1),
    )  # fmt: skip


def early_allocation() -> None:
    """An allocation that counts from a day before its invoice, as only a superuser can write it."""
    who = factories.customer()
    invoice = factories.invoice(who, "100.00", due_on=DAY, issued_on=DAY)
    payment = factories.payment(who, "100.00", received_on=DAY - timedelta(days=3))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    Allocation.objects.create(
        customer=who, payment=payment, invoice=invoice, currency="EUR", amount=Decimal(100),
        effective_on=DAY - timedelta(days=3),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_i3_books_with_everything_in_them_agree_on_every_day() -> None:
    SeededBooks(7).write(customers_per_entity=4, invoices_per_customer=8)
    for entity in (factories.entity(), factories.entity("US01")):
        take_aging_snapshot(entity=entity, as_of=FIRST + timedelta(days=DAYS))
    assert findings(FIRST + timedelta(days=DAYS), days=20) == []


def test_i3_an_allocation_before_its_invoice_is_found_on_the_days_between() -> None:
    early_allocation()
    found = findings(DAY, days=5)
    assert [finding.day for finding in found] == [DAY - timedelta(days=back) for back in (1, 2, 3)]
    assert found[0].sentence == (
        "On 2026-03-01 the open items of DE01 add up to 0 EUR, but documents less money give -100 EUR."
    )


def test_the_nightly_task_looks_once_a_day_and_stores_what_it_found() -> None:
    wrong_snapshot()
    assert check_due_books() == 1
    assert check_due_books() == 0
    (check,) = LedgerCheck.objects.all()
    assert (check.ok, check.as_of, check.days) == (False, DAY, 7)
    assert "says 99" in check.findings[0]["sentence"]


def test_without_a_legal_entity_there_are_no_books_to_look_at() -> None:
    assert check_due_books() == 0
    assert not LedgerCheck.objects.exists()


def test_a_stored_look_cannot_be_changed() -> None:
    check = check_books(as_of=DAY, actor=None, by="test")
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerCheck.objects.filter(pk=check.pk).update(ok=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        check.delete()


def test_the_page_is_green_with_the_last_look_and_there_is_no_banner(client: Client, cast: Cast) -> None:
    factories.entity()
    client.force_login(cast.accountant)
    assert "The books were not checked yet" in client.get(reverse("books")).content.decode()
    check_due_books()
    body = client.get(reverse("books")).content.decode()
    assert "In order" in body
    assert "The last 7 days agree." in body
    assert BANNER not in body


def test_every_finding_says_what_to_do_and_a_banner_tells_those_who_can_act(client: Client, cast: Cast) -> None:
    wrong_snapshot()
    early_allocation()
    check_due_books()
    for person, told in ((cast.lead, True), (cast.accountant, True), (cast.admin, True), (cast.collector, False)):
        client.force_login(person)
        assert (BANNER in client.get(reverse("aging")).content.decode()) is told
    client.force_login(cast.accountant)
    body = client.get(reverse("books")).content.decode()
    assert "says 99" in body
    assert "add up to 100 EUR, but documents less money give 0 EUR" in body
    assert body.count("verify_ledger") == 4


def test_i11_findings_of_another_team_are_counted_but_not_shown(client: Client, cast: Cast) -> None:
    wrong_snapshot()
    check_due_books()
    client.force_login(cast.stranger)
    body = client.get(reverse("books")).content.decode()
    assert "says 99" not in body
    assert "And one finding with a legal entity of another team." in body


def test_a_person_can_have_the_books_checked_at_once(client: Client, cast: Cast) -> None:
    factories.invoice(factories.customer(), "10.00")
    client.force_login(cast.accountant)
    response = client.post(reverse("books_check"), follow=True)
    assert "The books of the last 2 days agree." in response.content.decode()
    assert LedgerCheck.objects.get().days == 2


def test_i9_provider_events_that_need_a_person_are_listed_with_their_reason(client: Client, cast: Cast) -> None:
    for state, number in (("review", "e1"), ("dead", "e2"), ("done", "e3"), ("waiting", "e4")):
        WebhookEvent.objects.create(
            provider="test", event_id=number, body="{}", state=state, reason=f"Because {number}"
        )
    client.force_login(cast.accountant)
    body = client.get(reverse("books")).content.decode()
    assert [number for number in ("e1", "e2", "e3", "e4") if f"Because {number}" in body] == ["e1", "e2"]


def test_d98_the_number_of_queries_does_not_grow_with_rows(client: Client, cast: Cast) -> None:
    client.force_login(cast.accountant)
    counts = []
    for wanted in (3, 30):
        for number in range(wanted):
            check_books(as_of=DAY - timedelta(days=number), days=1, actor=None, by="test")
            WebhookEvent.objects.create(provider="test", event_id=f"{wanted}-{number}", body="{}", state="dead")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("books")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
