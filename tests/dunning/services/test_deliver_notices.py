"""From a prepared run to the mail: looked at again, written, sent once, recorded."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail

from customers.models import Contact, Customer, Hold
from dunning.models import Notice, Policy
from invoices.models import Invoice
from invoices.services.make_promise import make_promise
from invoices.services.open_dispute import open_dispute
from tests import factories
from tests.dunning.conftest import deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def test_a_due_reminder_goes_out_as_one_mail_with_text_table_and_link(policy: Policy) -> None:
    who = factories.customer(name="Meyer Anlagenbau")
    factories.invoice(who, "1234.50", due_on=DAY - timedelta(days=1), number="R-7")
    run_on(policy)
    assert deliver() == {"accepted": 1}
    (sent,) = mail.outbox
    notice = Notice.objects.get()
    assert sent.to == [who.contacts.get().email]
    assert sent.subject == "Reminder: €1,234.50 open (R-7)"
    assert "R-7" in sent.body
    assert "/pay/" in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert sent.extra_headers["Message-ID"] == f"<{notice.message_id}>"
    assert notice.state == "accepted"
    assert notice.sent_on == DAY
    assert notice.pay_link is not None
    assert "€1,234.50" in notice.body_text
    assert "style=" in notice.body_html
    assert "<style" not in notice.body_html


def test_nothing_is_sent_twice_when_delivery_runs_again(policy: Policy) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    run_on(policy)
    deliver()
    assert deliver() == {}
    assert len(mail.outbox) == 1


def test_d32_a_payment_after_planning_cancels_the_notice_as_paid(policy: Policy) -> None:
    who = factories.customer()
    factories.invoice(who, "100.00", due_on=DAY - timedelta(days=1))
    run_on(policy)
    factories.payment(who, "100.00", shares="oldest")
    assert deliver() == {"cancelled": 1}
    notice = Notice.objects.get()
    assert (notice.state, notice.reason) == ("cancelled", "paid")
    assert mail.outbox == []


def test_r06_a_part_payment_after_planning_lowers_the_amount_asked(policy: Policy) -> None:
    who = factories.customer()
    factories.invoice(who, "100.00", due_on=DAY - timedelta(days=1))
    run_on(policy)
    factories.payment(who, "40.00", shares="oldest")
    assert deliver() == {"accepted": 1}
    assert Notice.objects.get().amount == Decimal("60.00")
    assert "€60.00" in mail.outbox[0].subject


def _dispute(who: Customer, invoice: Invoice) -> str:
    open_dispute(invoice=invoice, reason="quality", amount=Decimal("100.00"), opened_on=DAY, by="t")
    return "disputed"


def _promise(who: Customer, invoice: Invoice) -> str:
    make_promise(customer=who, items=[(invoice, None)], promised_on=DAY + timedelta(days=3), made_on=DAY, by="t")
    return "promised"


def _hold(who: Customer, invoice: Invoice) -> str:
    Hold.objects.create(customer=who, reason="legal", starts_on=DAY, ends_on=DAY + timedelta(days=30))
    return "on_hold"


def _lost_contact(who: Customer, invoice: Invoice) -> str:
    Contact.objects.filter(customer=who).update(health="bounced")
    return "no_address"


def _made_internal(who: Customer, invoice: Invoice) -> str:
    who.is_related_party = True
    who.save()
    return "related_party"


@pytest.mark.parametrize("change", [_dispute, _promise, _hold, _lost_contact, _made_internal])
def test_d33_what_lands_in_between_stops_the_notice_with_its_reason(
    policy: Policy, change: Callable[[Customer, Invoice], str]
) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00", due_on=DAY - timedelta(days=1))
    run_on(policy)
    code = change(who, invoice)
    assert deliver() == {"cancelled": 1}
    notice = Notice.objects.get()
    assert notice.reason == code
    assert notice.reason_text
    assert mail.outbox == []


def test_r06_a_contact_that_moved_is_written_to_at_the_new_address(policy: Policy) -> None:
    who = factories.customer()
    factories.invoice(who, due_on=DAY - timedelta(days=1))
    run_on(policy)
    Contact.objects.filter(customer=who).update(email="new@customer.example")
    deliver()
    assert mail.outbox[0].to == ["new@customer.example"]
    assert Notice.objects.get().to_address == "new@customer.example"


def test_a_policy_that_is_switched_off_keeps_its_notices_in_the_queue(policy: Policy) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    run_on(policy)
    Policy.objects.update(is_active=False)
    assert deliver() == {}
    assert Notice.objects.get().state == "approved"
    Policy.objects.update(is_active=True)
    assert deliver() == {"accepted": 1}


def test_d38_forty_overdue_invoices_make_one_message(policy: Policy) -> None:
    who = factories.customer()
    for days in range(1, 41):
        factories.invoice(who, "10.00", due_on=DAY - timedelta(days=days))
    run_on(policy)
    deliver()
    assert len(mail.outbox) == 1
    assert Notice.objects.get().items.count() == 40
    assert Notice.objects.get().amount == Decimal("400.00")


def test_two_currencies_make_two_letters_on_the_same_day(policy: Policy) -> None:
    who = factories.customer()
    factories.invoice(who, "10.00", due_on=DAY - timedelta(days=2))
    factories.invoice(who, "20.00", due_on=DAY - timedelta(days=2), currency="USD")
    run_on(policy)
    assert deliver() == {"accepted": 2}
    assert sorted(Notice.objects.values_list("currency", "amount")) == [("EUR", Decimal(10)), ("USD", Decimal(20))]


def test_the_last_step_lies_ready_as_a_pdf_letter(policy: Policy) -> None:
    policy.steps.exclude(channel="letter").delete()
    who = factories.customer(address="Werkstr. 1\n20095 Hamburg")
    factories.invoice(who, due_on=DAY - timedelta(days=60))
    run_on(policy)
    assert deliver() == {"accepted": 1}
    notice = Notice.objects.get()
    with notice.letter.open() as file:
        assert file.read(5) == b"%PDF-"
    assert len(notice.letter_digest) == 64
    assert mail.outbox == []


def test_r19_a_missing_address_becomes_a_call_and_is_never_silent(policy: Policy) -> None:
    who = factories.customer(email=None)
    factories.invoice(who, due_on=DAY - timedelta(days=1))
    run_on(policy)
    assert deliver() == {"accepted": 1}
    notice = Notice.objects.get()
    assert (notice.channel, notice.step_name) == ("call_task", "First reminder")
    assert "call" in notice.decision["sentence"]
    assert mail.outbox == []


def test_r18_a_german_contact_gets_every_label_number_and_date_in_german(policy: Policy) -> None:
    who = factories.customer(language="de-AT")
    factories.invoice(who, "1234.50", due_on=DAY - timedelta(days=1), number="R-7")
    run_on(policy)
    deliver()
    body = mail.outbox[0].body
    assert "1.234,50" in body
    assert "Fällig" in body or "fällig" in body
    for english in ("Invoice", "Due", "Total", "Hello", "Kind regards", "Mar "):
        assert english not in body
