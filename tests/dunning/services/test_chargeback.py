"""D17: a chargeback reopens an invoice with its original due date, and reminders go on where they had stopped."""

from datetime import timedelta

import pytest
from django.core import mail

from dunning.models import Notice, NoticeItem, Policy
from invoices.services.charge_back import charge_back
from invoices.services.undo_refund import undo_refund
from tests import factories
from tests.dunning.conftest import deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db

DUE = DAY - timedelta(days=8)


def test_d17_reminders_go_on_at_the_next_step_counted_from_the_original_due_date(policy: Policy) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00", due_on=DUE)
    run_on(policy)
    assert deliver() == {"accepted": 1}
    payment = factories.payment(who, "100.00", received_on=DAY + timedelta(days=1), shares=[(invoice, None)])
    assert run_on(policy, DAY + timedelta(days=14)).notices.count() == 0
    charge_back(payment=payment, charged_back_on=DAY + timedelta(days=20), by="test")
    run_on(policy, DAY + timedelta(days=21))
    first, second = Notice.objects.order_by("pk")
    assert (second.step_position, second.cycle) == (first.step_position + 1, first.cycle)
    item = NoticeItem.objects.get(notice=second)
    assert (item.due_on, item.days_late) == (DUE, 29)


def test_d17_no_second_mail_on_the_day_of_the_first(policy: Policy) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00", due_on=DUE)
    run_on(policy)
    deliver()
    payment = factories.payment(who, "100.00", received_on=DAY, shares=[(invoice, None)])
    charge_back(payment=payment, charged_back_on=DAY, by="test")
    run_on(policy)
    deliver()
    assert len(mail.outbox) == 1


def test_d17_a_dispute_won_after_planning_stops_the_notice_as_paid(policy: Policy) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00", due_on=DUE)
    payment = factories.payment(who, "100.00", received_on=DUE, shares=[(invoice, None)])
    gone = charge_back(payment=payment, charged_back_on=DAY, by="test")
    run_on(policy)
    undo_refund(refund=gone, on=DAY, reason="won", by="test")
    assert deliver() == {"cancelled": 1}
    assert Notice.objects.get().reason == "paid"
