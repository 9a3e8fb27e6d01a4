"""The statement of account: each posting with its balance, and a closing balance that is the aging of the day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from customers.models import Customer, CustomerMerge
from customers.queries.accounts import account_ids_on
from invoices.models import Adjustment, Allocation, Invoice, Refund
from invoices.queries.balance import balances
from invoices.queries.statement import Statement, statement_of
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.reverse_allocation import reverse_allocation
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db

FIRST = DAY - timedelta(days=60)


def of(customer: Customer, as_of: date, from_on: date = FIRST) -> Statement:
    return statement_of(customer, from_on=from_on, as_of=as_of)


def write_off(customer: Customer, invoice: Invoice, amount: str, on: date) -> Allocation:
    adjustment = Adjustment.objects.create(
        entity=customer.entity, customer=customer, kind="write_off", currency="EUR", amount=Decimal(amount),
        effective_on=on, reason="Insolvent",
    )  # fmt: skip
    return Allocation.objects.create(
        customer=customer, adjustment=adjustment, invoice=invoice, currency="EUR", amount=Decimal(amount),
        effective_on=on,
    )  # fmt: skip


@pytest.fixture
def busy() -> Customer:
    """A customer with everything: paid, part paid, credited, overpaid and refunded, written off and recovered."""
    customer = factories.customer(number="K-7")
    paid = factories.invoice(customer, "100.00", due_on=DAY - timedelta(days=20))
    factories.payment(customer, "100.00", received_on=DAY - timedelta(days=15), shares=[(paid, None)])
    factories.invoice(customer, "250.00", due_on=DAY)
    lost = factories.invoice(customer, "40.00", due_on=DAY - timedelta(days=25))
    gone = write_off(customer, lost, "40.00", DAY - timedelta(days=5))
    reverse_allocation(allocation=gone, effective_on=DAY + timedelta(days=2), reason="Paid after all", actor=None)
    issue_credit_note(
        entity=customer.entity, customer=customer, number="CN-1", issued_on=DAY - timedelta(days=1),
        total=Decimal("30.00"), currency="EUR", by="test",
    )  # fmt: skip
    over = factories.payment(customer, "75.00", received_on=DAY)
    refund = Refund.objects.create(
        entity=customer.entity, customer=customer, currency="EUR", amount=Decimal("25.00"), paid_on=DAY
    )
    Allocation.objects.create(
        customer=customer, payment=over, refund=refund, currency="EUR", amount=Decimal("25.00"),
        effective_on=DAY + timedelta(days=1),
    )  # fmt: skip
    factories.invoice(customer, "9000", currency="JPY", due_on=DAY)
    return customer


def test_every_posting_stands_in_order_with_the_balance_after_it(busy: Customer) -> None:
    part = of(busy, DAY + timedelta(days=2)).parts[0]
    assert part.currency == "EUR"
    told = [(row.kind, row.amount, row.balance) for row in part.period.postings]
    euros = [(kind, str(amount), str(balance)) for kind, amount, balance in told]
    assert euros == [
        ("invoice", "40.00", "40.00"),
        ("invoice", "100.00", "140.00"),
        ("invoice", "250.00", "390.00"),
        ("payment", "-100.00", "290.00"),
        ("adjustment_write_off", "-40.00", "250.00"),
        ("credit_note", "-30.00", "220.00"),
        ("payment", "-75.00", "145.00"),
        ("refund_refund", "25.00", "170.00"),
        ("adjustment_write_off", "40.00", "210.00"),
    ]


def test_the_closing_balance_is_the_aging_of_the_day_to_the_cent(busy: Customer) -> None:
    for offset in range(-70, 12, 3):
        day = DAY + timedelta(days=offset)
        parts = of(busy, day).parts
        stated = {part.currency: part.period.closing for part in parts if part.period.closing}
        aged = {row.currency: row.balance for row in balances(customer_id=busy.pk, as_of=day)}
        assert stated == {code: amount for code, amount in aged.items() if amount}, day
        assert all(part.open - part.credit == part.period.closing for part in parts)
        assert all(sum(part.by_age.values()) == part.open for part in parts)


def test_the_opening_balance_is_the_closing_one_of_the_day_before(busy: Customer) -> None:
    for offset in range(-40, 5):
        day = DAY + timedelta(days=offset)
        before = {part.currency: part.period.closing for part in of(busy, day - timedelta(days=1)).parts}
        opening = {part.currency: part.period.opening for part in of(busy, day, from_on=day).parts}
        assert {c: a for c, a in opening.items() if a} == {c: a for c, a in before.items() if a}


def test_a_merge_brings_the_absorbed_account_from_its_day_on() -> None:
    old, new = factories.customer(), factories.customer()
    factories.invoice(old, "10.00", due_on=DAY)
    factories.invoice(new, "5.00", due_on=DAY)
    CustomerMerge.objects.create(absorbed=old, survivor=new, merged_on=DAY)
    before, after = DAY - timedelta(days=1), DAY
    assert [part.period.closing for part in of(old, before).parts] == [Decimal("10.00")]
    assert of(old, after).parts == []
    assert [part.period.closing for part in of(new, before).parts] == [Decimal("5.00")]
    assert [part.period.closing for part in of(new, after).parts] == [Decimal("15.00")]
    assert account_ids_on(new.pk, after) == (old.pk, new.pk)


def test_a_chain_of_merges_counts_its_latest_row() -> None:
    first, second, third = factories.customer(), factories.customer(), factories.customer()
    CustomerMerge.objects.create(absorbed=first, survivor=second, merged_on=DAY)
    CustomerMerge.objects.create(absorbed=first, survivor=third, merged_on=DAY + timedelta(days=5))
    CustomerMerge.objects.create(absorbed=second, survivor=third, merged_on=DAY + timedelta(days=5))
    assert account_ids_on(second.pk, DAY + timedelta(days=4)) == (first.pk, second.pk)
    assert account_ids_on(second.pk, DAY + timedelta(days=5)) == ()
    assert account_ids_on(third.pk, DAY + timedelta(days=5)) == (first.pk, second.pk, third.pk)
