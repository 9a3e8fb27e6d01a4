"""The statement of account as a PDF: what it says, in which language, and how long it may take."""

import re
import time
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from customers.models import LegalEntity
from invoices.documents.statement import LONGEST, statement_html, statement_pdf
from invoices.queries.statement import Statement, StatementPart, statement_of
from invoices.rules.statement import Posting, period
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def small() -> Statement:
    customer = factories.customer(number="K-7", name="Meyer Anlagenbau GmbH", address="Werkstr. 5\n80331 München")
    factories.invoice(customer, "119.00", number="2026-1", due_on=DAY)
    factories.payment(customer, "19.00", received_on=DAY, reference="RF18")
    return statement_of(customer, from_on=DAY - timedelta(days=60), as_of=DAY + timedelta(days=3))


def long(lines: int) -> Statement:
    customer = factories.customer()
    rows = [Posting(DAY, "invoice", n, f"R{n:06}", "", Decimal("1.00"), due_on=DAY) for n in range(lines)]
    entity: LegalEntity = customer.entity
    part = StatementPart(entity, "EUR", period(Decimal("5.00"), rows), [], [], small().parts[0].by_age)
    return Statement(customer, DAY, DAY, [part])


def test_it_says_what_was_posted_what_is_open_and_where_to_pay() -> None:
    text = text_of(statement_pdf(small(), language="en"))
    for part in (
        "Statement of account", "Meyer Anlagenbau GmbH", "80331 München", "Invoice 2026-1", "€119.00", "−€19.00",
        "€100.00", "Open items by age", "1–30", "Payment RF18", "Not assigned yet", "DE89 3704 0044 0532 0130 00", "RF",
    ):  # fmt: skip
        assert part in text


def test_it_speaks_german() -> None:
    text = text_of(statement_pdf(small(), language="de"))
    for part in ("Kontoauszug", "Rechnung 2026-1", "119,00", "Saldo am Ende des", "Nicht fällig", "Buchungen"):
        assert part in text


def test_d66_names_are_inert_in_it() -> None:
    statement = small()
    statement.customer.name = "</style><script>alert(1)</script>"
    assert "<script>" not in statement_html(statement, language="en")


def test_a_long_one_is_made_in_time_and_says_what_it_leaves_out() -> None:
    begun = time.monotonic()
    pdf = statement_pdf(long(LONGEST + 700), language="en")
    assert time.monotonic() - begun < 25
    text = text_of(pdf)
    assert "700 earlier postings are left out" in text
    assert f"€{LONGEST + 705:,}.00" in text  # the closing balance counts them all
    assert "€705.00" in text  # what is brought forward instead
