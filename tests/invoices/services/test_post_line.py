"""Settling bank lines: posting, splitting, parking, deductions, returns, undoing, learning, and the law behind them."""

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import InternalError

from collections_app.audit.models import AuditEntry
from collections_app.lib.dates import business_day
from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer
from invoices.models import (
    Adjustment,
    Allocation,
    BankLine,
    BankPosting,
    CurrencyRules,
    Dispute,
    Invoice,
    PayerAlias,
    Payment,
)
from invoices.queries.open_amounts import open_amount_now, unapplied_payments
from invoices.queries.verify_ledger import violations
from invoices.services.ignore_line import ignore_line
from invoices.services.mark_deduction import mark_deduction
from invoices.services.park_line import park_line
from invoices.services.post_line import post_line
from invoices.services.refund_payment import refund_payment
from invoices.services.reopen_line import reopen_line
from invoices.services.return_line import return_line
from invoices.services.split_line import Part, split_line
from invoices.services.undo_posting import undo_posting
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from tests.invoices.bank_files import account_of, bank_line

pytestmark = pytest.mark.django_db
TODAY = DAY + timedelta(days=10)


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Any) -> None:
    """Kept files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def acme(db: None) -> Customer:
    return factories.customer(name="Acme Ltd")


def left(invoice: Invoice) -> Decimal:
    return open_amount_now([invoice.pk])[invoice.pk]


def test_a_line_becomes_a_payment_put_against_its_invoices(acme: Customer, cast: Cast) -> None:
    invoice = factories.invoice(acme, "100.00")
    line = bank_line("120.00")
    posting = post_line(line=line, customer=acme, shares=[(invoice, Decimal(100))], score=95,
                        reasons=[{"code": "number", "points": 50, "sentence": "S"}], actor=cast.accountant)  # fmt: skip
    line.refresh_from_db()
    assert line.state == "posted"
    assert left(invoice) == 0
    assert posting.payment is not None
    assert (posting.payment.amount, posting.payment.received_on) == (Decimal(120), line.value_on)
    assert [row.open_amount for row in unapplied_payments(customer_id=acme.pk, as_of=TODAY)] == [Decimal(20)]  # type: ignore[attr-defined]
    assert (posting.score, posting.posted_by) == (95, cast.accountant)
    assert AuditEntry.objects.filter(action="bank_line.posted", customer_id=acme.pk).count() == 1


def test_d14_a_line_that_somebody_settled_meanwhile_is_a_conflict_that_names_them(acme: Customer, cast: Cast) -> None:
    line = bank_line("50.00")
    post_line(line=line, customer=acme, actor=cast.lead)
    with pytest.raises(Conflict, match="settled by Lead meanwhile"):
        post_line(line=line, customer=acme, actor=cast.accountant)
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_d14_of_two_people_who_post_one_line_together_one_wins(cast: Cast) -> None:
    acme, line = factories.customer(name="Acme Ltd"), bank_line("50.00")
    start, outcomes = threading.Barrier(2), []

    def post() -> None:
        try:
            start.wait(timeout=10)
            post_line(line=line, customer=acme, actor=cast.accountant)
            outcomes.append("posted")
        except Conflict as conflict:
            outcomes.append(conflict.code)
        finally:
            connections.close_all()

    people = [threading.Thread(target=post) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=30)
    assert sorted(outcomes) == ["line_settled", "posted"]
    assert Payment.objects.count() == 1


def test_a_line_is_split_among_customers_and_the_rest_waits(acme: Customer) -> None:
    other = factories.customer(name="Other Ltd")
    invoice = factories.invoice(other, "30.00")
    line = bank_line("100.00")
    first, second = split_line(
        line=line, parts=[Part(other, Decimal(30), [(invoice, None)]), Part(acme, Decimal(60))], by="test"
    )
    line.refresh_from_db()
    assert line.state == "waiting"
    assert (first.payment.customer, second.payment.customer) == (other, acme)  # type: ignore[union-attr]
    assert left(invoice) == 0
    with pytest.raises(Conflict, match=r"10\.00 of this line are left"):
        post_line(line=line, customer=acme, amount=Decimal(11))
    post_line(line=line, customer=acme)
    line.refresh_from_db()
    assert line.state == "posted"


def test_a_split_with_one_impossible_part_posts_nothing(acme: Customer) -> None:
    line = bank_line("100.00")
    with pytest.raises(Conflict):
        split_line(line=line, parts=[Part(acme, Decimal(60)), Part(factories.customer(), Decimal(60))], by="test")
    assert not Payment.objects.exists()


def test_money_of_a_known_customer_is_parked_as_unapplied(acme: Customer) -> None:
    line = park_line(line=bank_line("70.00"), customer=acme, note="asks which invoice", by="test")
    line.refresh_from_db()
    assert (line.state, line.note) == ("parked", "asks which invoice")
    assert Payment.objects.get().customer == acme
    with pytest.raises(Conflict):
        post_line(line=line, customer=acme)


def test_money_of_nobody_is_parked_with_a_note_and_taken_up_again(acme: Customer) -> None:
    line = bank_line("70.00")
    with pytest.raises(BadInput, match="Say why"):
        park_line(line=line, by="test")
    park_line(line=line, note="unknown payer", by="test")
    assert not Payment.objects.exists()
    reopen_line(line=line, by="test")
    park_line(line=line, note="unknown payer", by="test")
    post_line(line=line, customer=acme)
    line.refresh_from_db()
    assert line.state == "posted"


def test_what_is_no_receivable_is_set_aside_with_its_reason() -> None:
    line = bank_line("-5.00", "Fee")
    with pytest.raises(BadInput):
        ignore_line(line=line, reason=" ", by="test")
    ignore_line(line=line, reason="bank fee", by="test")
    with pytest.raises(Conflict, match="set aside as not receivables"):
        ignore_line(line=line, reason="again", by="test")
    reopen_line(line=line, by="test")
    line.refresh_from_db()
    assert line.state == "waiting"


def test_money_that_went_out_is_no_payment(acme: Customer) -> None:
    with pytest.raises(BadInput, match="went out"):
        post_line(line=bank_line("-5.00"), customer=acme)


def test_f10_a_short_payment_opens_a_dispute_over_what_is_missing(acme: Customer, cast: Cast) -> None:
    invoice = factories.invoice(acme, "100.00")
    line = bank_line("90.00")
    posting, dispute = mark_deduction(
        line=line, customer=acme, shares=[(invoice, None)], invoice=invoice, reason="quality", text="damaged", on=TODAY,
        actor=cast.accountant,
    )  # fmt: skip
    assert (dispute.amount, dispute.via, dispute.reason) == (Decimal(10), "short_payment", "quality")
    undo_posting(posting=posting, on=TODAY, actor=cast.accountant)
    dispute.refresh_from_db()
    assert dispute.state == "withdrawn"
    assert left(invoice) == Decimal(100)


def test_f10_a_deduction_on_a_fully_paid_invoice_posts_nothing(acme: Customer) -> None:
    invoice = factories.invoice(acme, "90.00")
    with pytest.raises(Conflict, match="Nothing is open"):
        mark_deduction(
            line=bank_line("90.00"),
            customer=acme,
            shares=[(invoice, None)],
            invoice=invoice,
            reason="quality",
            on=TODAY,
        )
    assert not Payment.objects.exists()
    assert not Dispute.objects.exists()


def test_a_match_undone_on_its_day_is_as_if_it_had_never_been(acme: Customer, settings: Any) -> None:
    invoice = factories.invoice(acme, "100.00", due_on=DAY + timedelta(days=5))
    line = bank_line("100.00")
    posting = post_line(line=line, customer=acme, shares=[(invoice, None)])
    day = business_day(now=posting.posted_at, time_zone=line.account.entity.time_zone)
    undo_posting(posting=posting, on=day, by="test")
    line.refresh_from_db()
    assert line.state == "waiting"
    assert left(invoice) == Decimal(100)
    assert set(Allocation.objects.filter(invoice=invoice).values_list("effective_on", flat=True)) == {line.value_on}
    again = post_line(line=line, customer=factories.customer())
    assert again.payment is not None
    assert again.payment.received_on == line.value_on
    assert violations() == []


def test_a_match_undone_later_leaves_the_days_before_as_they_were(acme: Customer) -> None:
    invoice = factories.invoice(acme, "100.00")
    line = bank_line("100.00")
    posting = post_line(line=line, customer=acme, shares=[(invoice, None)])
    later = posting.posted_at.date() + timedelta(days=20)
    undo_posting(posting=posting, on=later, by="test")
    reversal = Allocation.objects.get(invoice=invoice, amount__lt=0)
    assert reversal.effective_on == later
    again = post_line(line=line, customer=acme, shares=[(invoice, None)])
    assert again.payment is not None
    assert again.payment.received_on == later


def test_undoing_takes_small_differences_and_discounts_along(acme: Customer) -> None:
    CurrencyRules.objects.create(currency="EUR", under_tolerance=1, over_tolerance=1)
    short = factories.invoice(acme, "100.00")
    over = factories.invoice(acme, "50.00")
    first = post_line(line=bank_line("99.99"), customer=acme, shares=[(short, None)])
    second = post_line(line=bank_line("50.02"), customer=acme, shares=[(over, None)])
    assert left(short) == left(over) == 0
    assert first.adjustments.get() == Adjustment.objects.get()
    for posting in (first, second):
        undo_posting(posting=posting, on=posting.posted_at.date(), by="test")
    assert (left(short), left(over)) == (Decimal(100), Decimal(50))
    assert not unapplied_payments(customer_id=acme.pk, as_of=TODAY).exists()
    assert violations() == []


def test_d89_money_that_moved_on_is_not_undone(acme: Customer) -> None:
    posting = post_line(line=bank_line("100.00"), customer=acme)
    assert posting.payment is not None
    refund_payment(payment=posting.payment, amount=Decimal(40), paid_on=TODAY, by="test")
    with pytest.raises(Conflict, match="went out again"):
        undo_posting(posting=posting, on=TODAY, by="test")


def test_d89_a_match_is_undone_once(acme: Customer) -> None:
    posting = post_line(line=bank_line("10.00"), customer=acme)
    undo_posting(posting=posting, on=TODAY, by="test")
    with pytest.raises(Conflict, match="undone before"):
        undo_posting(posting=posting, on=TODAY, by="test")


def test_a_returned_payment_reopens_its_invoice_and_can_be_undone(acme: Customer) -> None:
    invoice = factories.invoice(acme, "100.00")
    payment = factories.payment(acme, "100.00", shares=[(invoice, None)])
    line = bank_line("-100.00", reversal=True)
    posting = return_line(line=line, payment=payment, by="test")
    line.refresh_from_db()
    assert line.state == "posted"
    assert left(invoice) == Decimal(100)
    undo_posting(posting=posting, on=TODAY, by="test")
    assert left(invoice) == 0
    with pytest.raises(BadInput, match="came in"):
        return_line(line=bank_line("5.00"), payment=payment)


def test_payers_are_learned_from_matches_and_forgotten_when_undone(acme: Customer) -> None:
    first = post_line(line=bank_line("1.00"), customer=acme)
    post_line(line=bank_line("2.00"), customer=acme)
    learned = dict(PayerAlias.objects.values_list("value", "times"))
    assert learned == {"GB33BUKB20201555555555": 2, "ACME LTD": 2}
    undo_posting(posting=first, on=TODAY, by="test")
    assert set(PayerAlias.objects.values_list("times", flat=True)) == {1}
    undo_posting(posting=BankPosting.objects.get(undone_at=None), on=TODAY, by="test")
    assert not PayerAlias.objects.exists()


def test_our_own_accounts_are_no_payers(acme: Customer) -> None:
    second = factories.entity("FR01", iban="FR7630006000011234567890189")
    account_of(second)
    post_line(line=bank_line("1.00", payer=second.iban, name=""), customer=acme)
    assert not PayerAlias.objects.exists()


def test_the_law_refuses_more_postings_than_the_line_holds(acme: Customer) -> None:
    line = bank_line("50.00")
    post_line(line=line, customer=acme)
    payment = factories.payment(acme, "0.01")
    with pytest.raises(IntegrityError, match="more would be posted"), transaction.atomic():
        BankPosting.objects.create(line=line, payment=payment)


def test_the_law_refuses_another_direction_currency_or_entity(acme: Customer) -> None:
    line = bank_line("50.00")
    other = factories.customer(of=factories.entity("FR01", iban=""))
    for payment in (factories.payment(other, "1.00"), factories.payment(acme, "1.00", currency="USD")):
        with pytest.raises(IntegrityError, match="another direction"), transaction.atomic():
            BankPosting.objects.create(line=line, payment=payment)
    with pytest.raises(IntegrityError, match="another direction"), transaction.atomic():
        BankPosting.objects.create(line=bank_line("-1.00"), payment=factories.payment(acme, "1.00"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoices_bankposting SET score = 3",
        "DELETE FROM invoices_bankposting",
        "UPDATE invoices_bankline SET amount = 1",
        "DELETE FROM invoices_bankline",
    ],
)
def test_d18_postings_and_lines_refuse_raw_sql(acme: Customer, statement: str) -> None:
    post_line(line=bank_line("50.00"), customer=acme)
    with pytest.raises(InternalError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_d18_an_undone_posting_stays_undone(acme: Customer) -> None:
    posting = post_line(line=bank_line("50.00"), customer=acme)
    undo_posting(posting=posting, on=TODAY, by="test")
    with pytest.raises(InternalError, match="pgtrigger"), transaction.atomic():
        BankPosting.objects.filter(pk=posting.pk).update(undone_at=None)
    assert BankLine.objects.get().state == "waiting"
