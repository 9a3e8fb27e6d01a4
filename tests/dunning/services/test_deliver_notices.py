"""From a prepared run to the mail: looked at again, written, sent once, recorded."""

import re
import smtplib
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from collections_app.lib.dates import business_day as calendar_day
from customers.models import BusinessClock, Contact, Customer, Hold
from dunning.models import Notice, Policy
from dunning.queries.decisions import decide_about
from dunning.queries.facts import facts_about
from invoices.models import Invoice, PaySession, PaySessionItem
from invoices.services.close_dispute import close_dispute
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
    assert "prefers-color-scheme: dark" in notice.body_html  # the one rule that cannot be an attribute


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


def test_r01_an_invoice_left_off_at_the_last_look_has_not_had_the_step(policy: Policy) -> None:
    who = factories.customer()
    lead = factories.invoice(who, "100.00", due_on=DAY - timedelta(days=9))
    other = factories.invoice(who, "70.00", due_on=DAY - timedelta(days=8))
    run_on(policy)
    opened = open_dispute(invoice=lead, reason="quality", amount=Decimal("100.00"), opened_on=DAY, by="t")
    deliver()
    assert lead.number not in mail.outbox[0].body
    assert _sent_steps(policy, who) == {lead.number: 0, other.number: 2}
    close_dispute(dispute=opened, state="rejected", resolution="x", closed_on=DAY, actor=factories.user())
    factories.payment(who, "70.00", shares=[(other, Decimal("70.00"))])
    run_on(policy, DAY + timedelta(days=7))
    deliver()
    assert [notice.step_position for notice in Notice.objects.filter(state="accepted").order_by("as_of")] == [2, 2]
    assert "slipped through" in mail.outbox[1].body


def _sent_steps(policy: Policy, who: Customer) -> dict[str, int]:
    (account,) = facts_about(policy, [who.pk], DAY + timedelta(days=1)).accounts
    return {item.number: item.sent_step for item in account.items}


def test_w05_the_token_of_the_pay_link_is_in_the_mail_and_nowhere_else(policy: Policy) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    run_on(policy)
    deliver()
    (found,) = set(re.findall(r"/pay/([\w-]+)/", str(mail.outbox[0].body)))
    notice = Notice.objects.get()
    assert len(found) > 40
    assert found not in notice.body_text + notice.body_html


def test_d43_a_worker_that_was_away_does_not_write_in_the_evening(policy: Policy) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    run_on(policy)
    today = calendar_day(now=timezone.now(), time_zone="Europe/Berlin")
    BusinessClock.objects.update(pinned_on=None, shift_days=(DAY - today).days)
    evening = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
    assert deliver(evening) == {"postponed": 1}
    assert Notice.objects.get().due_at == datetime(2026, 3, 3, 7, tzinfo=UTC)  # 8:00 in Berlin


def test_r16_a_customer_who_begins_to_pay_by_debit_is_not_reminded_any_more(policy: Policy) -> None:
    who = factories.customer()
    factories.invoice(who, due_on=DAY - timedelta(days=1))
    run_on(policy)
    Customer.objects.filter(pk=who.pk).update(autopay=True)
    assert deliver() == {"cancelled": 1}
    assert Notice.objects.get().reason == "autopay"


def test_r19_after_a_refused_address_the_next_run_asks_for_a_call(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_such_user(self: EmailBackend, messages: object) -> int:
        raise smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})

    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    run_on(policy)
    monkeypatch.setattr(EmailBackend, "send_messages", no_such_user)
    assert deliver() == {"failed": 1}
    run_on(policy, DAY + timedelta(days=1))
    assert deliver() == {"accepted": 1}
    assert list(Notice.objects.order_by("as_of").values_list("channel", "state")) == [
        ("email", "failed"),
        ("call_task", "accepted"),
    ]


@pytest.mark.parametrize(("age", "code"), [(9, "in_flight"), (11, "propose")])
def test_w03_a_payment_that_was_never_heard_of_again_stops_reminders_for_ten_days_only(
    policy: Policy, age: int, code: str
) -> None:
    who = factories.customer()
    owed = factories.invoice(who, due_on=DAY - timedelta(days=20))
    began = datetime.combine(DAY - timedelta(days=age), time(), UTC)
    session = PaySession.objects.create(
        reference="P-1", customer=who, entity=who.entity, gateway="test", currency="EUR", amount=Decimal(100),
        state="processing", created_at=began,
    )  # fmt: skip
    PaySessionItem.objects.create(pay_session=session, invoice=owed, customer=who, amount=Decimal(100))
    ((_, _, decision),) = decide_about(policy, [who.pk], DAY)
    assert decision.code == code


def test_p02_when_a_promised_part_has_arrived_the_rest_is_asked_for_at_once(policy: Policy) -> None:
    who = factories.customer()
    owed = factories.invoice(who, "100.00", due_on=DAY - timedelta(days=9))
    later = DAY + timedelta(days=10)
    make_promise(customer=who, items=[(owed, Decimal(50))], promised_on=later, made_on=DAY, by="t")
    ((_, _, before),) = decide_about(policy, [who.pk], DAY)
    factories.payment(who, "50.00", shares="oldest")
    ((_, _, after),) = decide_about(policy, [who.pk], DAY)
    assert (before.amount, after.amount) == (Decimal(50), Decimal(50))
