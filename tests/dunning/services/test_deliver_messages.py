"""Mails by hand leave through the one gate: once, after one more look, within the budget, as they were shown."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import timezone

from collections_app.lib.errors import BadInput, Conflict
from customers.models import Contact, ContactTouch, Customer, LegalEntity, OutgoingRules
from customers.services.note_contact import note_contact
from customers.services.place_hold import place_hold
from customers.services.save_outgoing_rules import OutgoingChange, save_outgoing_rules
from dunning.models import OwnMessage, OwnMessageItem
from dunning.queries.contacts import last_manual_contacts
from dunning.queries.threads import thread_of
from dunning.rules.incoming.mail import read_mail
from dunning.services.deliver_messages import deliver_messages
from dunning.services.receive_message import receive_message
from dunning.services.send_message import SEND_DELAY, send_message
from dunning.services.withdraw_message import withdraw_message
from invoices.models import PayLink
from invoices.services.make_promise import make_promise
from invoices.services.open_dispute import open_dispute
from tests import factories
from tests.dunning.conftest import pin
from tests.dunning.own_messages import deliver, sent, written
from tests.factories import DAY

pytestmark = pytest.mark.django_db(transaction=True)

LINK = re.compile(r"http://[^\s\"<]+/pay/[A-Za-z0-9_-]{43}/")


@pytest.fixture(autouse=True)
def monday() -> None:
    pin(DAY)


@pytest.fixture
def who() -> Customer:
    return factories.customer(name="Meyer & Söhne")


def overdue(who: Customer, amount: str = "119.00", days: int = 10):  # type: ignore[no-untyped-def]
    return factories.invoice(who, amount, due_on=DAY - timedelta(days=days))


def html_of(message: mail.EmailMessage) -> str:
    assert isinstance(message, mail.EmailMultiAlternatives)
    return str(message.alternatives[0][0])


def state() -> tuple[str, str]:
    row = OwnMessage.objects.get()
    return row.state, row.reason


def test_u08_it_waits_at_least_ten_seconds_and_then_leaves_once(who: Customer) -> None:
    sent(who, overdue(who))
    assert timedelta(seconds=10) <= SEND_DELAY
    assert deliver(timedelta(seconds=9)) == {}
    assert deliver() == {"accepted": 1}
    assert deliver() == {}
    assert len(mail.outbox) == 1


def test_d44_what_leaves_is_what_was_shown_but_for_the_link(who: Customer, client: Client) -> None:
    invoice = overdue(who)
    shown = written(who, invoice).words
    assert shown is not None
    sent(who, invoice)
    deliver()
    (message,) = mail.outbox
    text, html = str(message.body), html_of(message)
    link = LINK.search(text)
    assert link is not None
    sample = re.search(r"http://\S+/pay/\S+/", shown.text)
    assert sample is not None
    assert text == shown.text.replace(sample.group(), link.group())
    assert html == shown.html.replace(sample.group(), link.group())
    assert message.subject == shown.subject == "Our invoices"
    assert "Dear Pat Payable," in text
    assert "€119.00" in text
    assert client.get("/" + link.group().split("/", 3)[3]).status_code == 200
    kept = OwnMessage.objects.get()
    assert link.group() not in kept.body_text + kept.body_html
    assert (kept.state, kept.amount, kept.sent_on) == ("accepted", Decimal("119.00"), DAY)


def test_a_person_wrote_it_so_machines_may_answer(who: Customer) -> None:
    sent(who)
    deliver()
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "no"
    assert mail.outbox[0].reply_to == ["accounts@nordwind.example"]


def test_the_pdfs_of_the_invoices_and_the_statement_go_with_it_in_the_customers_language(who: Customer) -> None:
    invoice = factories.invoice(who, "119.00", number="2026-1", due_on=DAY - timedelta(days=10))
    sent(who, invoice, language="de", attaches_invoices=True, attaches_statement=True)
    deliver()
    names = [each.filename for each in mail.outbox[0].attachments]
    assert names == ["Rechnung-2026-1.pdf", "Kontoauszug-2026-03-02.pdf"]
    assert all(each.content.startswith(b"%PDF") for each in mail.outbox[0].attachments)
    kept = OwnMessage.objects.get().attachments
    assert [one["name"] for one in kept] == names
    assert all(len(one["sha256"]) == 64 for one in kept)


def test_d39_everybody_gets_one_copy(who: Customer) -> None:
    boss = Contact.objects.create(customer=who, name="Boss", email="boss@customer.example")
    same = Contact.objects.create(customer=who, name="Same box", email="BOSS@customer.example")
    sent(who, copies=(boss, same))
    deliver()
    assert mail.outbox[0].cc in (["boss@customer.example"], ["BOSS@customer.example"])


def test_pressing_twice_sends_once(who: Customer) -> None:
    words = written(who, overdue(who))
    first = send_message(written=words, accepted=(), now=timezone.now())
    words.message.pk = None
    second = send_message(written=words, accepted=(), now=timezone.now() + timedelta(seconds=1))
    assert first.pk == second.pk
    assert OwnMessageItem.objects.count() == 1
    deliver()
    assert len(mail.outbox) == 1


def test_a_form_whose_mail_was_taken_back_or_says_something_else_sends_nothing_in_silence(who: Customer) -> None:
    words = written(who, overdue(who))
    first = send_message(written=words, accepted=(), now=timezone.now())
    other = written(who, token=first.token, by=first.written_by, subject="Other words")
    with pytest.raises(Conflict, match="on their way already"):
        send_message(written=other, accepted=("contact_budget",), now=timezone.now())
    withdraw_message(message=first, actor=factories.user(), now=timezone.now())
    with pytest.raises(Conflict, match="taken back"):
        send_message(written=words, accepted=(), now=timezone.now())
    assert OwnMessage.objects.count() == 1


def test_taken_back_it_never_leaves_and_afterwards_it_is_too_late(who: Customer) -> None:
    actor = factories.user()
    withdraw_message(message=sent(who), actor=actor, now=timezone.now())
    assert deliver() == {}
    again = sent(who)
    deliver()
    with pytest.raises(Conflict, match="left already"):
        withdraw_message(message=again, actor=actor, now=timezone.now())
    assert len(mail.outbox) == 1


# --- the last look ---------------------------------------------------------------------------------------------------


def test_d32_what_was_paid_meanwhile_keeps_it_here(who: Customer) -> None:
    invoice, other = overdue(who), overdue(who, "50.00")
    sent(who, invoice, other)
    factories.payment(who, "119.00", shares=[(invoice, Decimal("119.00"))])
    assert deliver() == {"cancelled": 1}
    assert state() == ("cancelled", "paid_meanwhile")
    assert mail.outbox == []


def test_r06_another_amount_than_its_writer_saw_keeps_it_here(who: Customer) -> None:
    invoice = overdue(who)
    sent(who, invoice)
    factories.payment(who, "19.00", shares=[(invoice, Decimal("19.00"))])
    assert deliver() == {"cancelled": 1}
    assert state() == ("cancelled", "changed")


def test_d33_a_dispute_a_promise_or_a_hold_of_meanwhile_keeps_it_here(who: Customer) -> None:
    actor = factories.user()
    invoices = [overdue(who, number) for number in ("10.00", "20.00")]
    sent(who, invoices[0])
    open_dispute(invoice=invoices[0], amount=Decimal("5.00"), reason="quality", text="", opened_on=DAY, actor=actor)
    assert deliver() == {"cancelled": 1}
    assert OwnMessage.objects.latest("pk").reason == "changed", "the disputed part is not asked for any more"
    sent(who, invoices[1])
    make_promise(
        customer=who, items=[(invoices[1], None)], promised_on=DAY + timedelta(days=3), made_on=DAY, note="",
        actor=actor,
    )  # fmt: skip
    assert deliver() == {"cancelled": 1}
    assert OwnMessage.objects.latest("pk").reason == "promised"
    sent(who, invoices[1], accepted=["promised"])
    place_hold(customer=who, actor=actor, reason="legal", starts_on=DAY, ends_on=DAY + timedelta(days=9))
    assert deliver() == {"cancelled": 1}
    assert OwnMessage.objects.latest("pk").reason == "hold"
    assert mail.outbox == []


def test_what_its_writer_was_told_and_accepted_lets_it_leave(who: Customer) -> None:
    actor, invoice = factories.user(), overdue(who)
    make_promise(
        customer=who, items=[(invoice, None)], promised_on=DAY + timedelta(days=3), made_on=DAY, note="", actor=actor
    )
    with pytest.raises(Conflict, match="promised"):
        sent(who, invoice)
    sent(who, invoice, accepted=["promised"])
    assert deliver() == {"accepted": 1}


def test_d36_d37_a_contact_that_bounced_or_complained_meanwhile_gets_nothing(who: Customer) -> None:
    for health in ("bounced", "complained"):
        who.contacts.update(health="ok")
        sent(who)
        who.contacts.update(health=health)
        assert deliver() == {"cancelled": 1}
    assert mail.outbox == []
    with pytest.raises(Conflict, match="complained"):
        sent(who)


def test_d37_a_copy_goes_to_nobody_who_complained_left_or_is_on_hold_by_then(who: Customer) -> None:
    there = {
        name: Contact.objects.create(customer=who, name=name, email=f"{name}@customer.example")
        for name in ("ann", "complained", "moved", "held", "gone")
    }
    sent(who, copies=tuple(there.values()))
    Contact.objects.filter(name="complained").update(health="complained")
    Contact.objects.filter(name="moved").update(email="elsewhere@customer.example")
    Contact.objects.filter(name="gone").delete()
    place_hold(customer=who, contact=there["held"], reason="legal", starts_on=DAY, ends_on=DAY, actor=factories.user())
    assert deliver() == {"accepted": 1}
    assert mail.outbox[0].cc == ["ann@customer.example"]
    assert OwnMessage.objects.get().copies_to == ["ann@customer.example"]


def test_a_contact_whose_address_changed_meanwhile_is_asked_about_first(who: Customer) -> None:
    sent(who)
    who.contacts.update(email="new@customer.example")
    assert deliver() == {"cancelled": 1}
    assert state() == ("cancelled", "address_changed")


def test_r21_our_own_companies_are_not_asked_for_money_but_may_be_answered(who: Customer) -> None:
    Customer.objects.filter(pk=who.pk).update(is_related_party=True)
    invoice = overdue(who)
    with pytest.raises(Conflict, match="own companies"):
        sent(who, invoice)
    sent(who)
    assert deliver() == {"accepted": 1}


def test_it_is_too_old_after_three_days(who: Customer) -> None:
    sent(who)
    pin(DAY + timedelta(days=4))
    assert deliver() == {"cancelled": 1}
    assert state() == ("cancelled", "too_old")


# --- what may leave the house ----------------------------------------------------------------------------------------


def rules(**change: object) -> None:
    save_outgoing_rules(change=OutgoingChange(**change), actor=None, now=timezone.now())  # type: ignore[arg-type]


def test_o17_nothing_leaves_while_everything_is_stopped(who: Customer) -> None:
    sent(who)
    rules(stopped=True, stopped_why="A wrong file.")
    assert deliver() == {}
    assert state() == ("approved", "")
    with pytest.raises(Conflict, match="Nothing leaves the house"):
        sent(factories.customer())
    OutgoingRules.objects.update(stopped_at=None)
    assert deliver() == {"accepted": 1}


def test_o17_in_test_mode_it_goes_to_our_own_box(who: Customer) -> None:
    rules(test_address="box@nordwind.example")
    sent(who)
    assert deliver() == {"cancelled": 1}
    assert state() == ("cancelled", "test_mode")
    assert mail.outbox[0].to == ["box@nordwind.example"]


def test_o17_an_address_that_is_not_allowed_gets_nothing(who: Customer) -> None:
    sent(who)
    rules(allowed=["nordwind.example"])
    assert deliver() == {"cancelled": 1}
    assert state() == ("cancelled", "not_allowed")
    with pytest.raises(Conflict, match="not on the list"):
        sent(who)


# --- the budget ------------------------------------------------------------------------------------------------------


def test_d41_somebody_who_heard_from_us_meanwhile_is_left_alone(who: Customer) -> None:
    sent(who)
    note_contact(customer=who, contact=who.contacts.get(), channel="email", on=DAY, source="run:1:1")
    assert deliver() == {"cancelled": 1}
    assert state() == ("cancelled", "contact_budget")


def test_f28_a_second_mail_of_the_day_leaves_only_where_its_writer_said_so_and_counts(who: Customer) -> None:
    sent(who)
    deliver()
    with pytest.raises(Conflict, match="today already"):
        sent(who)
    sent(who, accepted=["contact_budget"])
    assert deliver() == {"accepted": 1}
    touches = ContactTouch.objects.filter(released_at=None).order_by("pk")
    assert [(row.source.split(":")[0], row.automatic) for row in touches] == [("own", True), ("own", False)]


def test_a_mail_that_waits_is_a_contact_already_for_whoever_writes_the_next(who: Customer) -> None:
    sent(who)
    with pytest.raises(Conflict, match="waits to leave"):
        sent(who)


def test_what_did_not_leave_gives_its_contact_back(who: Customer) -> None:
    row = sent(who)
    deliver()
    assert ContactTouch.objects.get(source=f"own:{row.pk}").released_at is None
    other = sent(factories.customer())
    Contact.objects.filter(customer=other.customer).update(health="bounced")
    deliver()
    assert not ContactTouch.objects.filter(source=f"own:{other.pk}", released_at=None).exists()


def test_r05_it_counts_as_the_last_contact_by_hand(who: Customer) -> None:
    sent(who)
    assert last_manual_contacts([who.pk], DAY) == {}
    deliver()
    assert last_manual_contacts([who.pk], DAY)[who.pk].on == DAY
    assert last_manual_contacts([who.pk], DAY - timedelta(days=1)) == {}


# --- words -----------------------------------------------------------------------------------------------------------


def test_u26_a_placeholder_without_a_value_keeps_it_from_the_queue_and_is_marked(who: Customer) -> None:
    shown = written(who, body="You owe {{amount}}.")
    assert not shown.is_whole
    assert "<mark>{{amount}}</mark>" in shown.marked
    with pytest.raises(BadInput, match="No invoice is chosen"):
        sent(who, body="You owe {{amount}}.")
    with pytest.raises(BadInput, match="There is no placeholder"):
        sent(who, body="{{secret_key}}")


def test_d66_what_people_typed_is_inert_in_the_mail(who: Customer) -> None:
    sent(who, body="<script>alert(1)</script>", subject="<b>Hello</b>")
    deliver()
    html = html_of(mail.outbox[0])
    assert "<script>" not in html
    assert "<b>" not in html


def test_d84_a_line_break_in_the_subject_is_refused(who: Customer) -> None:
    with pytest.raises(BadInput, match="one line"):
        sent(who, subject="Hello\r\nBcc: x@y.example")


def test_r17_credits_are_taken_off_and_named(who: Customer) -> None:
    invoice = overdue(who)
    factories.payment(who, "20.00")
    shown = written(who, invoice)
    assert shown.words is not None
    assert "€99.00" in shown.words.text
    assert "not yet allocated" in shown.words.text


def test_f26_one_mail_asks_in_one_currency(who: Customer) -> None:
    dollars = factories.invoice(who, "10.00", currency="USD", due_on=date(2026, 2, 1))
    with pytest.raises(BadInput, match="one currency"):
        sent(who, overdue(who), dollars)


def test_a_link_of_a_mail_that_did_not_leave_opens_nothing(who: Customer) -> None:
    sent(who, overdue(who), subject="{{seller_name}}")
    LegalEntity.objects.update(name="")
    assert deliver() == {"failed": 1}
    assert PayLink.objects.exists()
    assert all(link.revoked_at for link in PayLink.objects.all())


# --- answers ---------------------------------------------------------------------------------------------------------


def answer(to: str = "accounts@nordwind.example", **headers: str) -> bytes:
    told = {"From": "Pat <ap@elsewhere.example>", "To": to, "Subject": "Re: Our invoices", "Message_ID": "<theirs@x>"}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in {**told, **headers}.items())
    return f"{lines}\r\nWe will see.\r\n".encode()


def test_an_answer_finds_its_mail_by_the_id_it_answers(who: Customer) -> None:
    sent(who)
    deliver()
    row = OwnMessage.objects.get()
    thread = thread_of(read_mail(answer(In_Reply_To=f"<{row.message_id}>")))
    assert (thread.by, thread.customer, thread.own_message) == ("reference", who, row)


def test_an_answer_finds_its_mail_by_the_address_of_its_own(who: Customer, settings: LazySettings) -> None:
    settings.REPLY_ADDRESS = "receivables@nordwind.example"
    sent(who)
    deliver()
    (address,) = mail.outbox[0].reply_to
    assert re.fullmatch(r"receivables\+m\d+-[0-9a-f]{12}@nordwind\.example", address)
    message = receive_message(raw=answer(to=address), account="test")
    assert message is not None
    assert (message.threaded_by, message.own_message) == ("token", OwnMessage.objects.get())
    forged = thread_of(read_mail(answer(to=address.replace("+m", "+r"))))
    assert forged.notice is None
    assert forged.own_message is None


def test_our_own_copy_is_not_taken_for_an_answer(who: Customer) -> None:
    sent(who)
    deliver()
    own = OwnMessage.objects.get().message_id
    assert receive_message(raw=answer(Message_ID=f"<{own}>"), account="test") is None


def test_an_answer_to_a_message_stands_in_its_thread_and_quotes_it(who: Customer) -> None:
    theirs = receive_message(raw=answer(), account="test")
    assert theirs is not None
    sent(who, to=None, answers=theirs, body="Thank you.", subject="Re: Our invoices")
    deliver()
    (message,) = mail.outbox
    assert message.to == ["ap@elsewhere.example"]
    assert message.extra_headers["In-Reply-To"] == "<theirs@x>"
    assert "> We will see." in str(message.body)
    assert "Pat wrote:" in str(message.body)
    assert "<blockquote" in html_of(message)


def test_d98_the_last_look_at_ten_costs_as_many_statements_as_at_two(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    counts = []
    for number in (2, 10):
        for _ in range(number):
            who = factories.customer()
            sent(who, overdue(who), body="Hello {{contact_name}}.")
        with django_assert_max_num_queries(1000) as caught:
            deliver_messages(now=lambda: timezone.now() + timedelta(minutes=1))
        counts.append(len(caught))
    assert (counts[1] - counts[0]) / 8 <= 1.01, counts
