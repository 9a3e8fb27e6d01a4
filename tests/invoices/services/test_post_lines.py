"""Many lines at once: the same rows as one by one, a fixed number of statements, and what is left to others."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collections_app.audit.models import AuditEntry
from customers.models import Customer
from invoices.models import Allocation, BankLine, BankPosting, Invoice, PayerAlias, Payment
from invoices.queries.verify_ledger import violations
from invoices.services.post_line import post_line
from invoices.services.post_lines import Match, post_lines
from invoices.services.undo_posting import undo_posting
from tests import factories
from tests.factories import DAY
from tests.invoices.bank_files import Paid, bank_line, imported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Any) -> None:
    """Kept files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path


def matches_of(count: int) -> list[Match]:
    """As many lines, each of the exact amount of an invoice of one of three customers."""
    customers = [factories.customer() for _ in range(min(count, 3))]
    imported(*(Paid(f"{n}.00", bank=f"M{BankLine.objects.count()}-{n}") for n in range(1, count + 1)))
    lines = list(BankLine.objects.select_related("account").order_by("-pk")[:count])
    invoices = [factories.invoice(customers[n % 3 % len(customers)], line.amount) for n, line in enumerate(lines)]
    return [
        Match(line, invoice.customer_id, [(invoice, invoice.total)], 99, [{"code": "number"}])
        for line, invoice in zip(lines, invoices, strict=True)
    ]


def written() -> list[Sequence[object]]:
    """What was posted, as far as it does not depend on who came first."""
    payments = Payment.objects.order_by("amount").values_list(
        "amount", "currency", "received_on", "method", "reference", "entity_id", "bank_posting__by_itself",
        "bank_posting__score", "allocations__amount", "allocations__effective_on", "bank_posting__line__state",
    )  # fmt: skip
    aliases = PayerAlias.objects.order_by("kind", "times").values_list("kind", "value", "times", "last_on")
    log = AuditEntry.objects.filter(action__in=("payment.recorded", "allocation.made", "bank_line.posted"))
    return [*payments, *aliases, sorted(log.values_list("action", "subject_type"))]


def test_many_lines_at_once_write_what_one_by_one_would() -> None:
    matches = matches_of(4)
    assert post_lines(matches=matches, by="test") == {match.line.pk for match in matches}
    assert [row[0] for row in written()[:4]] == [Decimal(n) for n in (1, 2, 3, 4)]
    assert violations() == []
    for posting in BankPosting.objects.all():
        undo_posting(posting=posting, on=DAY, by="test")
    assert not PayerAlias.objects.exists()


def test_one_by_one_writes_the_same() -> None:
    matches = matches_of(4)
    post_lines(matches=matches[:2], by="test")
    for match in matches[2:]:
        customer = Customer.objects.get(pk=match.customer_id)
        post_line(line=match.line, customer=customer, shares=match.shares, score=99, reasons=match.reasons,
                  by_itself=True, by="test")  # fmt: skip
    rows = written()
    assert len({row[1:8] for row in rows[:4]}) == 1
    assert [row[0] == row[8] for row in rows[:4]] == [True] * 4
    assert rows[-1] == sorted(
        [("payment.recorded", "invoices.payment"), ("allocation.made", "invoices.allocation"),
         ("bank_line.posted", "invoices.bankline")] * 4
    )  # fmt: skip


def test_the_number_of_statements_does_not_depend_on_the_number_of_lines() -> None:
    few, many = matches_of(3), matches_of(60)
    with CaptureQueriesContext(connection) as asked:
        post_lines(matches=few, by="test")
    with CaptureQueriesContext(connection) as again:
        assert len(post_lines(matches=many, by="test")) == 60
    assert len(again) == len(asked) <= 25


def test_what_needs_more_thought_is_left_alone() -> None:
    acme = factories.customer()
    invoice = factories.invoice(acme, "100.00")
    line = bank_line("100.00")
    short, part = bank_line("99.00"), bank_line("150.00")
    wrong = [
        Match(short, acme.pk, [(invoice, Decimal(99))], 99),  # something stays open
        Match(part, acme.pk, [(invoice, Decimal(100))], 99),  # something stays unapplied
        Match(line, factories.customer().pk, [(invoice, Decimal(100))], 99),  # another customer's
        Match(line, acme.pk, [], 99),
    ]
    assert post_lines(matches=wrong, by="test") == set()
    other = bank_line("100.00")
    twice = [Match(line, acme.pk, [(invoice, Decimal(100))], 99), Match(other, acme.pk, [(invoice, Decimal(100))], 99)]
    assert post_lines(matches=twice, by="test") == {line.pk}
    assert post_lines(matches=twice, by="test") == set()
    assert Allocation.objects.filter(invoice=invoice).count() == 1


def test_an_undone_line_is_left_to_the_service_that_knows_since_when_its_money_is_free() -> None:
    (match,) = matches_of(1)
    post_lines(matches=[match], by="test")
    undo_posting(posting=BankPosting.objects.get(), on=DAY, by="test")
    assert post_lines(matches=[match], by="test") == set()
    assert Invoice.objects.get().allocations.count() == 2
