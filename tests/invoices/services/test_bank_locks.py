"""Lines are locked before customers, by everybody: two people in the bank inbox never wait for each other for ever."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from invoices.models import BankLine, MatchSuggestion
from invoices.services.move_line import lock_line
from invoices.services.post_line import post_line
from invoices.services.split_line import Part, split_line
from invoices.services.suggest_matches import suggest_matches
from tests import factories
from tests.factories import DAY
from tests.invoices.bank_files import bank_line

LONGEST = 30


def suggested(line: BankLine, customer: Customer) -> BankLine:
    MatchSuggestion.objects.create(
        line=line, rank=1, customer=customer, score=60, shares=[], rest=line.amount, short=Decimal(0), reasons=[]
    )
    return line


def meanwhile(act: Callable[[], object]) -> None:
    """Somebody else does it, to the end, while this transaction holds its locks."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    other = threading.Thread(target=run, daemon=True)
    other.start()
    other.join(timeout=LONGEST)
    assert not other.is_alive(), "it waits for the line, whose holder will wait for the customer"


@pytest.mark.django_db(transaction=True)
def test_posting_one_line_does_not_wait_for_another_line_of_the_customer() -> None:
    acme = factories.customer(name="Acme Ltd")
    first, second = bank_line("50.00"), suggested(bank_line("60.00"), acme)
    with transaction.atomic():
        lock_line(second)
        meanwhile(lambda: post_line(line=first, customer=acme, by="test"))
        post_line(line=second, customer=acme, by="test")
    assert set(BankLine.objects.values_list("state", flat=True)) == {"posted"}


@pytest.mark.django_db(transaction=True)
def test_what_is_certain_does_not_wait_for_a_line_in_somebodys_hands() -> None:
    acme = factories.customer(name="Acme Ltd")
    factories.invoice(acme, "50.00", number="INV-770011")
    line = bank_line("50.00", "INV-770011", name="Acme Ltd")
    with transaction.atomic():
        lock_line(line)
        meanwhile(lambda: suggest_matches(lines=[line], on=DAY))
    line.refresh_from_db()
    assert line.state == "waiting"
    assert suggest_matches(lines=[line], on=DAY).posted == 1


@pytest.mark.django_db
def test_a_split_locks_the_line_before_its_customers() -> None:
    acme, line = factories.customer(name="Acme Ltd"), bank_line("50.00")
    with CaptureQueriesContext(connection) as seen:
        split_line(line=line, parts=[Part(acme, Decimal(50))], by="test")
    locks = [query["sql"] for query in seen if "FOR NO KEY UPDATE" in query["sql"]]
    assert "invoices_bankline" in locks[0]
    assert "customers_customer" in locks[1]
