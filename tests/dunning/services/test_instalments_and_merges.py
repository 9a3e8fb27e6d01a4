"""Reminders of invoices in instalments, and of an account that two customers make up."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail

from customers.models import Customer
from customers.services.merge_customers import merge_customers
from dunning.models import Notice, NoticeItem, Policy
from dunning.queries.decisions import decide_about
from invoices.models import Dispute, Invoice
from invoices.services.open_dispute import open_dispute
from tests import factories
from tests.dunning.conftest import deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def in_instalments(who: Customer, *parts: tuple[int, str]) -> Invoice:
    """An invoice whose instalments fall due so many days before (negative) or after DAY."""
    due = [(DAY + timedelta(days=days), Decimal(amount)) for days, amount in parts]
    total = sum((amount for _, amount in due), Decimal(0))
    return factories.invoice(who, total, due_on=due[-1][0], issued_on=DAY - timedelta(days=120), instalments=due)


def items_of(notice: Notice) -> list[tuple[str, Decimal, int]]:
    rows = NoticeItem.objects.filter(notice=notice).order_by("due_on", "pk")
    return [(row.number, row.asked_amount, row.days_late) for row in rows]


def test_a06_each_instalment_is_reminded_of_when_it_is_late_itself(policy: Policy) -> None:
    who = factories.customer()
    invoice = in_instalments(who, (-40, "10"), (-8, "20"), (22, "30"))
    factories.payment(who, "12", received_on=DAY, shares=[(invoice, None)])
    run_on(policy)
    notice = Notice.objects.get(customer=who)
    assert items_of(notice) == [(f"{invoice.number}/2", Decimal(18), 8)]
    assert notice.cycle == f"{invoice.pk}/{invoice.instalments.get(position=2).pk}"
    assert deliver() == {"accepted": 1}
    assert f"{invoice.number}/2" in str(mail.outbox[0].body)


def test_r01_the_steps_of_one_instalment_are_not_those_of_the_next(policy: Policy) -> None:
    who = factories.customer()
    invoice = in_instalments(who, (-8, "20"), (2, "30"))
    run_on(policy)
    deliver()
    run_on(policy, DAY + timedelta(days=21))
    first, second = Notice.objects.filter(customer=who).order_by("pk")
    assert second.step_position == first.step_position + 1
    assert [number for number, _, _ in items_of(first)] == [f"{invoice.number}/1"]
    assert items_of(second) == [(f"{invoice.number}/1", Decimal(20), 29), (f"{invoice.number}/2", Decimal(30), 19)]


def test_d19_a_payment_posts_normally_to_two_instalments_of_one_letter(policy: Policy) -> None:
    who = factories.customer()
    invoice = in_instalments(who, (-40, "10"), (-20, "20"))
    run_on(policy)
    assert [asked for _, asked, _ in items_of(Notice.objects.get(customer=who))] == [Decimal(10), Decimal(20)]
    deliver()
    paid = factories.payment(who, "30", shares="oldest")
    assert [(row.invoice_id, row.amount) for row in paid.allocations.all()] == [(invoice.pk, Decimal(30))]
    assert decide_about(policy, [who.pk], DAY) == []


def test_r10_a_dispute_lies_on_the_oldest_instalment_and_the_rest_is_asked_for(policy: Policy) -> None:
    who = factories.customer()
    invoice = in_instalments(who, (-40, "10"), (-20, "20"))
    open_dispute(invoice=invoice, amount=Decimal(15), reason=Dispute.Reason.PRICE, opened_on=DAY, by="test")
    run_on(policy)
    assert items_of(Notice.objects.get(customer=who)) == [(f"{invoice.number}/2", Decimal(15), 20)]


def test_two_customers_that_are_one_account_get_one_letter(policy: Policy) -> None:
    gone, stays = factories.customer(), factories.customer()
    lost, own = factories.invoice(gone, "40", due_on=DAY - timedelta(days=9)), factories.invoice(stays, "60")
    factories.payment(gone, "15", received_on=DAY - timedelta(days=30))
    merge_customers(absorbed=gone, survivor=stays, merged_on=DAY, on=DAY, reason="One company", actor=None)
    run_on(policy, DAY + timedelta(days=9))
    notice = Notice.objects.get()
    assert (notice.customer, notice.amount) == (stays, Decimal(85))
    assert [number for number, _, _ in items_of(notice)] == [lost.number, own.number]


def test_a_notice_of_a_customer_that_was_merged_meanwhile_stays_here(policy: Policy) -> None:
    gone, stays = factories.customer(), factories.customer()
    factories.invoice(gone, "40", due_on=DAY - timedelta(days=9))
    run_on(policy)
    merge_customers(absorbed=gone, survivor=stays, merged_on=DAY, on=DAY, reason="One company", actor=None)
    assert deliver() == {"cancelled": 1}
    assert Notice.objects.get().reason == "merged"
    assert mail.outbox == []
