"""The fee of a reminder from its proposal to its document: decided with the notice, claimed once it left, waived when
the notice is recalled."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import close_old_connections, connection
from django.utils import timezone

from customers.models import Customer
from dunning.models import Notice, Policy, Step
from dunning.queries.late import earlier_fees
from dunning.rules.fees import EarlierFees
from dunning.services.claim_due_fees import claim_due_fees
from dunning.services.install_policy import install_standard_policy
from invoices.models import Invoice, LateClaim
from invoices.queries.open_amounts import open_amount_now
from tests import factories
from tests.dunning.conftest import deliver, pin, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def charging(policy: Policy, fee: str = Step.Fee.FIXED, amount: str | None = "5.00", **step: object) -> Policy:
    """The policy with a fee on every step after the due date."""
    policy.steps.filter(offset_days__gt=0).update(
        fee=fee, fee_amount=None if amount is None else Decimal(amount), **step
    )
    return policy


def danish_policy() -> Policy:
    pin(DAY)
    entity = factories.entity("DK01", country="DK", currency="DKK", holiday_region="DK", time_zone="Europe/Copenhagen")
    return charging(install_standard_policy(entity), Step.Fee.LAW, None, days_to_pay=10)


def late_invoice(total: str = "500.00", days: int = 10, policy: Policy | None = None) -> Invoice:
    who = factories.customer(of=policy.entity if policy else None)
    return factories.invoice(who, total, due_on=DAY - timedelta(days=days))


def fees_of(invoice: Invoice) -> list[Invoice]:
    return list(Invoice.objects.filter(claims_for=invoice, kind="fee").order_by("pk"))


def test_l10_the_fee_is_on_the_letter_and_in_the_books_only_after_it_left(policy: Policy) -> None:
    charging(policy)
    invoice = late_invoice()
    run_on(policy)
    notice = Notice.objects.get()
    assert (notice.fee_amount, notice.fee_for_id, notice.amount) == (Decimal(5), invoice.pk, Decimal(500))
    assert notice.decision["fee"]["code"] == "fee"
    assert notice.decision["fee"]["why"].endswith("5.00, fixed for this step.")
    assert claim_due_fees(on=DAY) == 0
    assert deliver() == {"accepted": 1}
    assert "505.00" in mail.outbox[0].body
    assert fees_of(invoice) == []
    assert claim_due_fees(on=DAY) == 1
    [fee] = fees_of(invoice)
    notice.refresh_from_db()
    assert (fee.total, fee.issued_on, fee.due_on, notice.fee_invoice_id) == (Decimal(5), DAY, notice.pay_by, fee.pk)
    assert fee.late_claim.source == f"notice:{notice.pk}"
    call_command("verify_ledger", "--format", "json")


def test_l10_a_sweep_that_runs_twice_claims_once(policy: Policy) -> None:
    charging(policy)
    invoice = late_invoice()
    run_on(policy)
    deliver()
    assert [claim_due_fees(on=DAY) for _ in range(3)] == [1, 0, 0]
    assert len(fees_of(invoice)) == 1


def test_l10_a_crash_between_document_and_notice_leaves_one_document(policy: Policy) -> None:
    charging(policy)
    invoice = late_invoice()
    run_on(policy)
    deliver()
    claim_due_fees(on=DAY)
    Notice.objects.update(fee_invoice=None)
    assert claim_due_fees(on=DAY) == 1
    assert [fee.pk for fee in fees_of(invoice)] == [Notice.objects.get().fee_invoice_id]


def test_l10_a_cancelled_failed_or_unknown_notice_claims_nothing(policy: Policy) -> None:
    charging(policy)
    late_invoice()
    run_on(policy)
    for state in ("cancelled", "failed", "unknown", "proposed"):
        Notice.objects.update(state=state)
        assert claim_due_fees(on=DAY) == 0
    assert not LateClaim.objects.exists()


def test_r06_a_fee_falls_away_when_its_invoice_was_paid_before_the_letter_left(policy: Policy) -> None:
    charging(policy)
    lead = late_invoice(days=10)
    other = factories.invoice(lead.customer, "300.00", due_on=DAY - timedelta(days=9))
    run_on(policy)
    assert Notice.objects.get().fee_for_id == lead.pk
    factories.payment(lead.customer, "500.00", received_on=DAY, shares=[(lead, None)])
    assert deliver() == {"accepted": 1}
    notice = Notice.objects.get()
    assert (notice.amount, notice.fee_amount) == (Decimal(300), Decimal(0))
    assert claim_due_fees(on=DAY) == 0
    assert (fees_of(lead), fees_of(other)) == ([], [])


def test_a_step_without_a_fee_asks_nothing_of_the_database(policy: Policy) -> None:
    late_invoice()
    run_on(policy)
    notice = Notice.objects.get()
    assert (notice.fee_amount, notice.fee_for_id, "fee" in notice.decision) == (Decimal(0), None, False)


def test_l06_danish_reminders_cost_a_hundred_kroner_three_times_at_most() -> None:
    policy = danish_policy()
    policy.steps.filter(channel="call_task").update(channel="email")  # a call asks for no fee
    invoice = late_invoice(policy=policy)
    Customer.objects.update(address="Bredgade 1\n1260 København")  # so that the last letter can be posted
    day, asked = DAY, []
    for _ in range(60):
        pin(day)
        run_on(policy, day)
        if deliver():
            claim_due_fees(on=day)
            notice = Notice.objects.filter(customer=invoice.customer).latest("pk")
            asked.append((f"{notice.fee_amount:.0f}", notice.decision["fee"]["code"]))
        day += timedelta(days=1)
    assert asked == [("100", "fee"), ("0", "too_soon"), ("100", "fee"), ("100", "fee"), ("0", "too_many")]
    assert len(fees_of(invoice)) == 3
    call_command("verify_ledger", "--format", "json")


def test_l06_fees_join_a_later_letter_and_bear_no_fee_themselves(policy: Policy) -> None:
    charging(policy)
    invoice = late_invoice()
    run_on(policy)
    deliver()
    claim_due_fees(on=DAY)
    later = DAY + timedelta(days=21)
    run_on(policy, later)
    notice = Notice.objects.latest("pk")
    assert notice.fee_for_id == invoice.pk
    assert {item.invoice_id for item in notice.items.all()} == {invoice.pk, fees_of(invoice)[0].pk}


def test_interest_is_named_with_the_letter_and_not_asked_for(policy: Policy) -> None:
    policy.steps.update(with_interest=True)
    invoice = late_invoice("1000.00", days=10)
    run_on(policy)
    notice = Notice.objects.get()
    assert (notice.interest_amount, notice.amount) == (Decimal("2.81"), Decimal(1000))
    deliver()
    assert "2.81" in mail.outbox[0].body
    assert Invoice.objects.filter(claims_for=invoice).count() == 0


def test_a_recalled_notice_costs_nothing(policy: Policy) -> None:
    charging(policy)
    invoice = late_invoice()
    run_on(policy)
    deliver()
    claim_due_fees(on=DAY)
    Notice.objects.update(recalled_at=timezone.now())
    claim_due_fees(on=DAY)
    [fee] = fees_of(invoice)
    assert open_amount_now([fee.pk]) == {fee.pk: 0}
    assert earlier_fees([invoice.pk]) == {}
    assert claim_due_fees(on=DAY) == 0


def test_a_notice_that_was_recalled_before_the_sweep_is_never_charged(policy: Policy) -> None:
    charging(policy)
    invoice = late_invoice()
    run_on(policy)
    deliver()
    Notice.objects.update(recalled_at=timezone.now())
    assert claim_due_fees(on=DAY) == 0
    assert fees_of(invoice) == []


def test_earlier_fees_are_those_that_left(policy: Policy) -> None:
    charging(policy)
    invoice = late_invoice()
    run_on(policy)
    assert earlier_fees([invoice.pk]) == {}
    deliver()
    assert earlier_fees([invoice.pk]) == {invoice.pk: EarlierFees(1, DAY)}


@pytest.mark.django_db(transaction=True)
def test_l10_two_sweeps_at_once_claim_each_fee_once() -> None:
    pin(DAY)
    policy = charging(install_standard_policy(factories.entity()))
    invoices = [late_invoice() for _ in range(6)]
    run_on(policy)
    deliver()
    claimed: list[int] = []

    def sweep() -> None:
        try:
            claimed.append(claim_due_fees(on=DAY))
        finally:
            close_old_connections()
            connection.close()

    workers = [threading.Thread(target=sweep) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(claimed) == 6
    assert [len(fees_of(invoice)) for invoice in invoices] == [1] * 6
