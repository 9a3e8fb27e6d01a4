"""Document mails: once per occasion, with PDF and link, in the contact's language, looked at again first."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from customers.models import Contact
from customers.services.deliver import DeliveryCounts
from invoices.models import DocumentMail, PayLink
from invoices.services.deliver_document_mails import deliver_document_mails
from invoices.services.process_webhooks import process_webhooks
from invoices.services.queue_invoice_mail import queue_invoice_mail
from invoices.services.queue_link_mail import queue_link_mail
from tests import factories
from tests.invoices.payers import body_of, payer, send, started

pytestmark = pytest.mark.django_db(transaction=True)

LINK = re.compile(r"http://[^\s\"<]+/(?:pay|receipt)/[A-Za-z0-9_-]{43}/")


def deliver() -> DeliveryCounts:
    return deliver_document_mails(now=timezone.now)


def path_in(text: str) -> str:
    found = LINK.search(text)
    assert found is not None
    return "/" + found.group().split("/", 3)[3]


def parts(message: mail.EmailMessage) -> tuple[str, str, list[tuple[str, bytes]]]:
    assert isinstance(message, mail.EmailMultiAlternatives)
    attachments = [(each.filename, each.content) for each in message.attachments]
    return str(message.body), str(message.alternatives[0][0]), attachments


def test_the_invoice_mail_brings_the_pdf_and_a_link_in_both_bodies(client: Client) -> None:
    who = factories.customer(name="Meyer Anlagenbau GmbH")
    invoice = factories.invoice(who, "119.00", number="2026-1")
    assert queue_invoice_mail(invoice=invoice, by="test") is not None
    assert deliver().accepted == 1
    (message,) = mail.outbox
    text, html, attachments = parts(message)
    assert message.subject == "Invoice 2026-1 from Nordwind Handel GmbH"
    assert message.to == [who.contacts.get().email]
    assert message.reply_to == ["accounts@nordwind.example"]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert attachments[0][0] == "Invoice-2026-1.pdf"
    assert attachments[0][1].startswith(b"%PDF")
    assert path_in(text) == path_in(html)
    assert "€119.00" in text
    assert 'style="' in html
    assert client.get(path_in(text)).status_code == 200
    assert PayLink.objects.get().invoice == invoice


def test_w05_the_stored_copy_does_not_hold_the_link() -> None:
    queue_invoice_mail(invoice=factories.invoice(factories.customer(), "10.00"), by="test")
    deliver()
    stored = DocumentMail.objects.get()
    token = path_in(str(mail.outbox[0].body)).strip("/").split("/")[1]
    assert stored.state == "accepted"
    assert stored.subject
    assert token not in stored.body_text + stored.body_html


def test_r18_the_mail_speaks_the_contacts_language() -> None:
    who = factories.customer()
    who.contacts.update(language="de-AT")
    queue_invoice_mail(invoice=factories.invoice(who, "1119.00"), by="test")
    deliver()
    (message,) = mail.outbox
    assert message.subject.startswith("Rechnung ")
    assert "1.119,00 €" in message.body.replace("\xa0", " ")
    assert message.extra_headers["Content-Language"] == "de"


def test_an_invoice_is_mailed_once() -> None:
    invoice = factories.invoice(factories.customer(), "10.00")
    assert queue_invoice_mail(invoice=invoice, by="test") is not None
    assert queue_invoice_mail(invoice=invoice, by="test") is None
    deliver()
    deliver()
    assert len(mail.outbox) == 1


def test_nobody_to_write_to_is_no_mail() -> None:
    assert queue_invoice_mail(invoice=factories.invoice(factories.customer(email=None), "10.00"), by="test") is None


def test_r06_a_mail_for_an_invoice_paid_meanwhile_is_withdrawn() -> None:
    who = factories.customer()
    queue_invoice_mail(invoice=factories.invoice(who, "10.00"), by="test")
    factories.payment(who, "10.00", shares="oldest")
    assert deliver().cancelled == 1
    assert DocumentMail.objects.get().reason == "paid_meanwhile"
    assert mail.outbox == []
    assert not PayLink.objects.exists()


def test_r06_a_mail_to_an_address_that_bounced_meanwhile_is_withdrawn() -> None:
    who = factories.customer()
    queue_invoice_mail(invoice=factories.invoice(who, "10.00"), by="test")
    who.contacts.update(health=Contact.Health.BOUNCED)
    assert deliver().cancelled == 1
    assert mail.outbox == []


def test_a_paid_session_brings_one_receipt_with_a_link_to_its_page(client: Client) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    session = started(payer(who, invoice, language="de"), invoice)
    for _ in range(3):
        send(body_of(session))
        process_webhooks(now=timezone.now())
        deliver()
    (message,) = mail.outbox
    text, _, attachments = parts(message)
    assert message.subject.startswith(f"Quittung {session.reference}")
    assert attachments[0][1].startswith(b"%PDF")
    page = client.get(path_in(text))
    assert page.status_code == 200
    assert session.reference in page.content.decode()
    assert client.get(path_in(text) + "receipt.pdf").content.startswith(b"%PDF")
    assert client.get(path_in(text).replace("/receipt/", "/pay/")).status_code == 404  # D56


def test_u58_a_dead_link_asks_for_a_new_one_which_goes_to_the_address_on_file_only(client: Client) -> None:
    who = factories.customer(email="on-file@customer.example")
    factories.invoice(who, "100.00")
    someone = payer(who, sent_to="somebody-else@example.com")
    PayLink.objects.update(expires_at=timezone.now() - timedelta(days=1))
    for _ in range(3):
        answer = client.post(f"{someone.path}new-link/")
        assert answer.status_code == 200
        assert "on-file" not in answer.content.decode()
    deliver()
    (message,) = mail.outbox
    assert message.to == ["on-file@customer.example"]
    assert client.get(path_in(str(message.body))).status_code == 200
    assert client.get(someone.path).status_code == 410


def test_u58_a_revoked_link_gets_no_new_one(client: Client) -> None:
    who = factories.customer()
    someone = payer(who)
    PayLink.objects.update(revoked_at=timezone.now())
    assert client.post(f"{someone.path}new-link/").status_code == 200
    assert not DocumentMail.objects.exists()


def test_u58_a_new_link_can_be_asked_for_again_an_hour_later() -> None:
    someone, now = payer(factories.customer()), timezone.now()
    assert queue_link_mail(link=someone.link, now=now) is not None
    assert queue_link_mail(link=someone.link, now=now) is None
    assert queue_link_mail(link=someone.link, now=now + timedelta(hours=1)) is not None


@pytest.mark.parametrize(
    "evil", ["A\r\nBcc: x@evil.example", 'Q"uote, Inc.', "Ünïcode – GmbH", "<script>alert(1)</script>"]
)
def test_d84_names_cannot_forge_headers_or_markup(evil: str) -> None:
    seller = factories.entity(name=evil)
    who = factories.customer(of=seller, name=evil)
    queue_invoice_mail(invoice=factories.invoice(who, "10.00", number=evil[:60]), by="test")
    assert deliver().accepted == 1
    (message,) = mail.outbox
    sent: EmailMessage = message.message()
    assert "Bcc" not in sent
    assert sent["To"] == who.contacts.get().email
    assert "accounts@nordwind.example" in str(sent["From"])
    assert "<script>" not in parts(message)[1]
