"""A mail comes in: once, where it belongs, read, and nothing is done by itself."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collections_app.lib.errors import BadInput
from customers.models import Contact
from dunning.models import InboundMessage, MessageProposal, Notice, Policy
from dunning.rules.reply_address import reply_address
from dunning.services.receive_message import receive_message
from invoices.models import Promise
from tests import factories
from tests.dunning.conftest import pin
from tests.dunning.handovers import sent_notice
from tests.dunning.inbound_mails import NOW, bounce, complaint, mail, with_file


@pytest.fixture
def notice(policy: Policy) -> Notice:
    """A reminder that reached the customer's primary contact."""
    who = factories.customer(email="pat@payer.example")
    invoice = factories.invoice(who, "500.00", due_on=factories.DAY - timedelta(days=20))
    return sent_notice(policy, who, invoice, position=2, on=factories.DAY, to_address="pat@payer.example")


def receive(raw: bytes) -> InboundMessage:
    """The message as kept."""
    message = receive_message(raw=raw, account="imap:ar@nordwind.example", received_at=NOW)
    assert message is not None
    return message


def kinds(message: InboundMessage) -> list[str]:
    """What was read in it."""
    return list(message.proposals.order_by("pk").values_list("kind", flat=True))


def test_an_answer_to_a_notice_belongs_to_its_customer_whoever_wrote_it(notice: Notice) -> None:
    message = receive(mail("We will pay 500 EUR on Friday.", answers=notice.message_id, sender="boss@payer.example"))
    assert (message.customer, message.notice, message.contact) == (notice.customer, notice, None)
    assert message.threaded_by == "reference"
    proposal = message.proposals.get()
    assert (proposal.kind, proposal.day, proposal.amount) == ("promise", date(2026, 3, 6), Decimal(500))
    assert proposal.sentence == "We will pay 500 EUR on Friday."
    assert not Promise.objects.exists()


def test_an_answer_is_found_by_the_address_it_was_sent_to(notice: Notice, settings: object) -> None:
    key = settings.SECRET_KEY.encode()  # type: ignore[attr-defined]
    address = reply_address("receivables@nordwind.example", notice.pk, key)
    raw = mail("Hello", sender="boss@payer.example").replace(b"receivables@nordwind.example", address.encode())
    assert receive(raw).threaded_by == "token"


def test_a_known_sender_belongs_to_the_account(notice: Notice) -> None:
    message = receive(mail("Hello", sender="PAT@payer.example"))
    assert (message.customer, message.threaded_by) == (notice.customer, "sender")
    assert message.contact is not None


def test_a_sender_known_at_two_accounts_is_nobodys_until_a_person_says(notice: Notice) -> None:
    factories.customer(email="pat@payer.example")
    message = receive(mail("Hello"))
    assert (message.customer, message.threaded_by, message.state) == (None, "", "waiting")


def test_the_same_mail_twice_is_one_message(notice: Notice) -> None:
    raw = mail("We will pay on Friday.", answers=notice.message_id)
    first = receive(raw)
    again = receive(b"Received: from another.host\r\n" + raw)
    assert again == first
    assert InboundMessage.objects.count() == 1
    assert MessageProposal.objects.count() == 1


def test_the_same_id_with_other_words_is_another_message(notice: Notice) -> None:
    receive(mail("We will pay on Friday."))
    receive(mail("Sorry, we will not pay."))
    assert InboundMessage.objects.count() == 2


def test_a_copy_of_our_own_mail_is_no_answer(notice: Notice) -> None:
    raw = mail("Please pay.", message_id=f"<{notice.message_id}>")
    assert receive_message(raw=raw, account="imap:x") is None
    assert not InboundMessage.objects.exists()


def test_an_automatic_reply_without_news_is_filed_and_one_with_news_waits(notice: Notice) -> None:
    idle = receive(mail("We received your mail.", subject="Automatic reply: x", message_id="<a@x.example>"))
    assert (idle.kind, idle.state) == ("auto_reply", "done")
    away = receive(
        mail("I am out of the office until 10 March.", subject="Automatic reply: y", message_id="<b@x.example>")
    )
    assert (away.kind, away.state, kinds(away)) == ("auto_reply", "waiting", ["out_of_office"])


def test_d36_a_report_of_our_own_mail_suppresses_the_contact_and_is_filed(notice: Notice) -> None:
    message = receive(bounce(of=notice.message_id, recipient="pat@payer.example"))
    assert (message.kind, message.state, message.customer) == ("bounce", "done", notice.customer)
    assert Contact.objects.get(customer=notice.customer).health == "bounced"


def test_d36_a_full_mailbox_is_noted_and_suppresses_nobody(notice: Notice) -> None:
    message = receive(bounce(of=notice.message_id, recipient="pat@payer.example", status="5.2.2", why="552 full"))
    assert "552 full" in message.note
    assert Contact.objects.get(customer=notice.customer).health == "ok"


@pytest.mark.parametrize("hidden", [True, False])
def test_d37_a_complaint_about_our_mail_stops_mail_to_whoever_complained(notice: Notice, hidden: bool) -> None:
    message = receive(complaint(of=notice.message_id, recipient="" if hidden else "pat@payer.example"))
    assert (message.kind, message.state) == ("complaint", "done")
    assert Contact.objects.get(customer=notice.customer).health == "complained"


def test_d85_a_forged_complaint_stops_nothing(notice: Notice) -> None:
    receive(complaint(of="guessed@collections.example", recipient="pat@payer.example"))
    assert Contact.objects.get(customer=notice.customer).health == "ok"


@pytest.mark.parametrize("forged", [{"of": "guessed@collections.example"}, {"recipient": "other@payer.example"}])
def test_d85_a_forged_report_silences_nobody(notice: Notice, forged: dict[str, str]) -> None:
    facts = {"of": notice.message_id, "recipient": "pat@payer.example", **forged}
    factories.customer(email="other@payer.example")
    receive(bounce(**facts))
    assert not Contact.objects.exclude(health="ok").exists()


def test_files_are_listed_and_kept_within_limits(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dunning.services.receive_message.KEPT_FILE", 10)
    small = receive(with_file("See file", "advice.pdf", b"%PDF-1.4"))
    large = receive(with_file("See file", "advice.pdf", b"%PDF-1.4 and more", message_id="<f2@payer.example>"))
    assert [(row.name, row.size, bool(row.content)) for row in small.files.all()] == [("advice.pdf", 8, True)]
    assert [(row.name, row.size, bool(row.content)) for row in large.files.all()] == [("advice.pdf", 17, False)]


def test_the_beginning_of_a_large_mail_is_kept_with_its_headers(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dunning.services.receive_message.KEPT_RAW", 100)
    monkeypatch.setattr("dunning.services.receive_message.BEGINNING", 50)
    raw = mail("Hello " * 50)
    message = receive(raw)
    assert bytes(message.raw) == raw[:50]
    assert message.raw_size == len(raw)


def test_days_are_counted_from_the_day_the_mail_was_written(notice: Notice) -> None:
    message = receive(mail("We will pay tomorrow.", answers=notice.message_id, at=NOW - timedelta(days=4)))
    assert message.proposals.get().day == date(2026, 2, 27)
    wrong_clock = receive(
        mail(
            "We will pay tomorrow.", answers=notice.message_id, at=NOW + timedelta(days=40), message_id="<c@x.example>"
        )
    )
    assert wrong_clock.proposals.get().day == date(2026, 3, 3)


def test_what_was_written_cannot_be_changed_or_deleted(notice: Notice) -> None:
    message = receive(mail("Hello."))
    with pytest.raises(InternalError), transaction.atomic():
        InboundMessage.objects.filter(pk=message.pk).update(said="We owe nothing.")
    with pytest.raises(InternalError), transaction.atomic():
        InboundMessage.objects.filter(pk=message.pk).delete()


def test_nothing_is_refused_with_a_sentence(db: None) -> None:
    with pytest.raises(BadInput, match="empty"):
        receive_message(raw=b" ", account="imap:x")


NASTY = (
    (
        b"From: a\x00b@x.example\r\nTo: \xff\x00@y.example\r\nIn-Reply-To: <a\x00b\xff@x.example>\r\n"
        b"Subject: \xff\x00\r\n"
        b"Message-ID: <\x00\xfe@x.example>\r\nDate: \x00\r\nAuto-Submitted: \xff\x00\r\n\r\nHello\x00 \xff"
    ),
    b"From: =?utf-8?b?AAEC/w==?= <a=?utf-8?q?=00?=b@x.example>\r\nSubject: =?utf-8?q?=00=ED=A0=80?=\r\n\r\nHi",
    b'Subject: x\r\nContent-Type: application/x; name="\x00\xff"\r\nContent-Disposition: attachment\r\n\r\nHi',
    (
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822;\x00a@x.example\r\nAction: failed\r\n"
        b"Status: \x00\xff\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <\x00@x>\r\n\r\n--b--\r\n"
    ),
)


@pytest.mark.parametrize("raw", NASTY)
def test_what_no_database_stores_is_left_out_of_every_field(db: None, raw: bytes) -> None:
    pin(factories.DAY)
    assert bytes(receive(raw).raw) == raw


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.one_of(st.binary(min_size=1, max_size=400), st.text(min_size=1, max_size=200).map(lambda t: t.encode())))
def test_any_bytes_are_stored_or_refused_with_a_sentence(db: None, raw: bytes) -> None:
    pin(factories.DAY)
    try:
        message = receive_message(raw=raw, account="imap:x", received_at=NOW)
    except BadInput as refusal:
        message = None
        sentence = refusal.sentence
    if message is None:
        assert sentence.endswith(".")
    else:
        assert bytes(InboundMessage.objects.get(pk=message.pk).raw) == raw
