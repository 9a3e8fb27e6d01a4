"""The facts of the score that history, contracts and models tell, read from the database."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from customers.models import Customer
from invoices.models import Invoice, LatePrediction
from invoices.services.open_dispute import open_dispute
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity
from worklist.queries.facts import customer_facts
from worklist.rules.facts import CustomerFacts, Reactions, Slice

pytestmark = pytest.mark.django_db


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def facts(who: Customer, on: date = DAY) -> CustomerFacts:
    (placed,) = customer_facts([who.pk], on=on)
    return placed.facts


def late(amount: str = "1000.00", days: int = 40, **more: Any) -> tuple[Customer, Invoice]:
    who = factories.customer(**more)
    return who, factories.invoice(who, amount, due_on=day(-days))


def contact(who: Customer, cast: Cast, number: int, kind: str = "mail", outcome: str = "") -> None:
    Activity.objects.create(customer=who, kind=kind, outcome=outcome, by=cast.collector, happened_on=day(number))


def test_open_money_lies_in_bands_of_days_late_and_disputed_money_in_the_same() -> None:
    who, oldest = late("16.00", 31)
    for amount, days in (("8.00", 30), ("4.00", 11), ("2.00", 10), ("1.00", 0), ("1.00", -9)):
        factories.invoice(who, amount, due_on=day(-days))
    open_dispute(invoice=oldest, amount=Decimal("5.00"), reason="price", opened_on=DAY, by="test")
    (row,) = facts(who).exposures
    assert row.open == Slice(Decimal(2), Decimal(2), Decimal(4), Decimal(8), Decimal(16))
    assert row.disputed == Slice(older=Decimal(5))


def test_the_habit_counts_paid_and_open_invoices_by_how_late_they_came() -> None:
    who, _ = late("10.00", 16)
    for due, paid in ((-300, -300), (-200, -189), (-100, -69), (-500, -400)):
        invoice = factories.invoice(who, "10.00", due_on=day(due))
        factories.payment(who, "10.00", received_on=day(paid), shares=[(invoice, Decimal(10))])
    own = facts(who).habit.own
    assert (own.paid, own.paid_over, own.open_over) == (3, (2, 2, 1, 1, 1), (1, 1, 0))


def test_contacts_count_by_what_followed_within_two_weeks(cast: Cast) -> None:
    who, invoice = late()
    for number in (-60, -40, -20):
        contact(who, cast, number)
    contact(who, cast, -50, "call", "reached")
    contact(who, cast, -50, "call", "voicemail")  # the same day again
    contact(who, cast, -30, "call", "no_answer")  # nobody heard anything
    contact(who, cast, -2, "call", "reached")  # too early to say
    factories.payment(who, "1.00", received_on=day(-55), shares=[(invoice, Decimal(1))])
    factories.payment(who, "1.00", received_on=day(-26), shares=[(invoice, Decimal(1))])
    known = facts(who)
    assert known.reactions == Reactions(calls=1, calls_answered=0, mails=3, mails_answered=2)
    assert known.unanswered_since == day(-20)
    assert known.unanswered_days == 20
    assert facts(who, day(-27)).reactions == Reactions(calls=1, mails=1, mails_answered=1)


def test_any_answer_ends_the_silence_and_contacts_of_the_other_quarter_are_forgotten(cast: Cast) -> None:
    who, invoice = late("1000.00", 200)
    contact(who, cast, -100)
    assert facts(who).unanswered_since is None
    contact(who, cast, -9)
    assert facts(who).unanswered_days == 9
    open_dispute(invoice=invoice, amount=None, reason="price", opened_on=day(-1), by="test")
    assert facts(who).unanswered_since is None
    contact(who, cast, 0)
    assert facts(who).unanswered_days == 0


def test_the_insurers_next_deadline_is_that_of_the_oldest_item_whose_day_is_not_over() -> None:
    who, _ = late("10.00", 70, insurer_days=60, insured_amount=Decimal(500), credit_limit=Decimal(900))
    assert facts(who).tell_insurer_by is None
    factories.invoice(who, "10.00", due_on=day(-58))
    factories.invoice(who, "10.00", due_on=day(-5))
    known = facts(who)
    assert known.tell_insurer_by == day(2)
    assert (known.insured, known.credit_limit) == (Decimal(500), Decimal(900))


def test_the_newest_prediction_of_a_month_counts_by_amount_for_what_is_not_due_yet() -> None:
    who, overdue = late()
    first, second = (factories.invoice(who, amount, due_on=day(20)) for amount in ("100.00", "300.00"))
    factories.invoice(who, "50.00", due_on=day(20))  # of which no model has said anything
    for invoice, made, probability in (
        (first, -20, "0.90"),
        (first, -1, "0.50"),
        (first, 1, "0.10"),
        (second, -3, "0.25"),
        (overdue, -3, "0.99"),
    ):
        LatePrediction.objects.create(
            invoice=invoice, made_on=day(made), model="test", probability=Decimal(probability)
        )
    (row,) = facts(who).exposures
    assert (row.predicted, row.predicted_late) == (Decimal(400), Decimal(125))
    assert facts(who, day(40)).exposures[0].predicted == 0  # by then they are due, and the prediction is old
