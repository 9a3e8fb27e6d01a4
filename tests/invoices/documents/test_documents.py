"""Invoice and receipt as PDF: what they say, what they never contain, and who may have them."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from invoices.documents.invoice import invoice_html, invoice_pdf
from invoices.documents.names import document_name
from invoices.services.process_webhooks import process_webhooks
from tests import factories
from tests.conftest import Cast
from tests.invoices.payers import body_of, payer, send, started

pytestmark = pytest.mark.django_db

EVIL = (
    '</style><script>alert(1)</script><img src="http://evil.example/x"><link rel=attachment href="file:///etc/passwd">'
)


def text_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text)


def test_the_invoice_says_who_owes_what_to_whom_by_when() -> None:
    who = factories.customer(name="Meyer Anlagenbau GmbH", address="Werkstr. 5\n80331 München")
    invoice = factories.invoice(
        who,
        "119.00",
        tax_total=Decimal("19.00"),
        number="2026-1",
        lines=[
            {"text": "Bolts M8", "quantity": "100", "amount": "60.00"},
            {"text": "Nuts", "quantity": 2, "amount": "40"},
        ],
    )
    text = text_of(invoice_pdf(invoice, open_amount=Decimal("119.00"), language="en"))
    for part in (
        "Nordwind Handel GmbH",
        "Meyer Anlagenbau GmbH",
        "80331 München",
        "Invoice 2026-1",
        "Bolts M8",
        "€60.00",
        "€19.00",
        "€119.00",
        "2 Mar 2026",
        "DE89 3704 0044 0532 0130 00",
        "RF",
    ):
        assert part in text
    german = text_of(invoice_pdf(invoice, open_amount=Decimal("119.00"), language="de"))
    assert "Rechnung 2026-1" in german
    assert "119,00 €" in german


def test_a_partly_paid_invoice_asks_for_the_rest_and_a_paid_one_for_nothing() -> None:
    invoice = factories.invoice(factories.customer(), "100.00")
    text = text_of(invoice_pdf(invoice, open_amount=Decimal("40.00"), language="en"))
    assert "Please transfer €40.00" in text
    assert "Please transfer" not in text_of(invoice_pdf(invoice, open_amount=Decimal(0), language="en"))


@pytest.mark.parametrize(
    "lines",
    [
        [{}],
        ["text"],
        [{"text": None, "amount": "abc"}],
        {"a": 1},
        [{"text": "x", "amount": "1.23456"}],
        [{"amount": "NaN"}],
    ],
)
def test_lines_from_other_systems_never_break_the_document(lines: object) -> None:
    invoice = factories.invoice(factories.customer(), "100.00", lines=lines)
    assert "<html" in invoice_html(invoice, open_amount=Decimal("100.00"), language="en")


def test_d66_texts_in_documents_are_only_text_and_nothing_is_fetched() -> None:
    who = factories.customer(name=EVIL[:200])
    invoice = factories.invoice(who, "10.00", text=EVIL, number=EVIL[:60], lines=[{"text": EVIL, "amount": "10"}])
    html = invoice_html(invoice, open_amount=Decimal("10.00"), language="en")
    assert "<script>" not in html
    assert '<img src="http' not in html
    pdf = invoice_pdf(invoice, open_amount=Decimal("10.00"), language="en")
    assert b"root:" not in pdf
    assert not PdfReader(BytesIO(pdf)).attachments


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("R/1", "Invoice-R-1.pdf"),
        ("../../x", "Invoice-x.pdf"),
        ("\u202egnp.exe", "Invoice-gnp.exe.pdf"),
        ("", "Invoice.pdf"),
        ("\x00", "Invoice.pdf"),
        ("a\r\nb", "Invoice-a-b.pdf"),
        ("n" * 300, f"Invoice-{'n' * 60}.pdf"),
        ("ü", "Invoice.pdf"),
    ],
)
def test_d73_file_names_are_harmless(number: str, name: str) -> None:
    assert document_name("Invoice", number) == name


def test_the_payer_and_colleagues_get_the_pdf_and_strangers_do_not(client: Client, cast: Cast) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    someone = payer(who, invoice)
    answer = client.get(f"{someone.path}invoices/{invoice.pk}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="Invoice-{invoice.number}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert someone.token not in text_of(answer.content)
    address = f"/invoices/{invoice.pk}/pdf/"
    assert client.get(address).status_code == 302
    client.force_login(cast.collector)
    assert client.get(address)["Content-Type"] == "application/pdf"
    client.force_login(cast.stranger)
    assert client.get(address).status_code == 404


def test_the_receipt_says_what_arrived_and_where_it_went(client: Client) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00", due_on=factories.today() + timedelta(days=3))
    someone = payer(who, invoice)
    session = started(someone, invoice)
    address = f"{someone.path}payments/{session.reference}/"
    assert client.get(f"{address}receipt.pdf").status_code == 404  # nothing has arrived yet
    assert "Waiting for the payment provider" in client.get(f"{address}?status=success").content.decode()  # D12
    send(body_of(session))
    process_webhooks(now=timezone.now())
    text = text_of(client.get(f"{address}receipt.pdf").content)
    assert session.reference in text
    assert invoice.number in text
    assert "€100.00" in text
    other = payer(factories.customer())
    assert client.get(f"{other.path}payments/{session.reference}/").status_code == 404


def test_documents_are_not_made_without_end_for_one_visitor(client: Client) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    someone = payer(who, invoice)
    cache.set("limit:pdf:127.0.0.1", 30, 60)
    answer = client.get(f"{someone.path}invoices/{invoice.pk}.pdf")
    assert answer.status_code == 429
    assert "Wait a minute" in answer.content.decode()
