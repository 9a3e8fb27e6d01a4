"""Documents by hand: invoices with lines and instalments, credit notes, corrections."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import BusinessClock, Customer
from invoices.models import CreditNote, Invoice
from invoices.queries.open_amounts import open_amount_now
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


@pytest.fixture
def accountant(client: Client, cast: Cast) -> Client:
    client.force_login(cast.accountant)
    return client


@pytest.fixture
def customer() -> Customer:
    return factories.customer(number="K-1", name="Meyer", terms=factories.terms(14))


def issued(client: Client, **changes: Any) -> Any:
    sent = {"kind": "invoice", "number": "R-1", "issued_on": DAY.isoformat(), "currency": "eur", "total": "119.00"}
    return client.post(f"{reverse('invoice_new')}?customer=K-1", {**sent, **changes})


def test_first_the_customer_is_asked_for(accountant: Client, customer: Customer) -> None:
    for name in ("invoice_new", "credit_note_new"):
        assert "For which customer?" in accountant.get(reverse(name)).content.decode()
        assert "K-1" in accountant.get(reverse(name), {"customer": "mey"}).content.decode()
        assert accountant.get(reverse(name), {"customer": "\x00' OR"}).status_code == 200


def test_an_invoice_with_lines_falls_due_by_the_customers_terms(accountant: Client, customer: Customer) -> None:
    lines = {"line_text_1": "Pump", "line_quantity_1": "2", "line_amount_1": "130.00", "line_text_2": "Rebate",
             "line_amount_2": "-11"}  # fmt: skip
    response = issued(accountant, tax_total="19", po_number="PO 7", **lines)
    made = Invoice.objects.get()
    assert response["Location"] == reverse("invoice", args=[made.pk])
    assert (made.due_on, made.tax_total, made.currency) == (DAY + timedelta(days=14), Decimal(19), "EUR")
    assert [line["text"] for line in made.lines] == ["Pump", "Rebate"]
    assert accountant.get(response["Location"]).status_code == 200


def test_a_debit_note_in_instalments_with_a_discount(accountant: Client, customer: Customer) -> None:
    first, last = DAY + timedelta(days=30), DAY + timedelta(days=60)
    parts = {"part_due_1": first.isoformat(), "part_amount_1": "19.00", "part_due_2": last.isoformat(),
             "part_amount_2": "100.00"}  # fmt: skip
    issued(accountant, kind="debit_note", discount_percent="2.5", discount_until=first.isoformat(), **parts)
    made = Invoice.objects.get()
    assert (made.kind, made.due_on, made.discount_percent) == ("debit_note", last, Decimal("2.5"))
    assert list(made.instalments.values_list("amount", flat=True)) == [Decimal(19), Decimal(100)]


def test_more_rows_come_without_scripts_and_keep_what_was_typed(accountant: Client, customer: Customer) -> None:
    response = issued(accountant, number="", line_text_1="Pump", line_amount_1="", more_lines="1")
    page = response.content.decode()
    assert response.status_code == 200
    assert "line_text_4" in page
    assert "Pump" in page
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"number": ""},
        {"total": "0"},
        {"total": "1,1,1"},
        {"total": "NaN"},
        {"total": "1e15"},
        {"currency": "XXQ"},
        {"issued_on": "soon"},
        {"due_on": (DAY - timedelta(days=1)).isoformat()},
        {"tax_total": "120"},
        {"tax_total": "-1"},
        {"kind": "interest"},
        {"line_text_1": "Pump"},
        {"line_amount_1": "5"},
        {"part_amount_1": "119.00"},
        {"part_due_1": DAY.isoformat(), "part_amount_1": "118.00"},
        {"part_due_1": DAY.isoformat(), "part_amount_1": "119.00", "due_on": (DAY + timedelta(days=3)).isoformat()},
        {"discount_percent": "much"},
        {"discount_percent": "NaN", "discount_until": DAY.isoformat()},
        {"discount_percent": "2"},
        {"discount_until": DAY.isoformat()},
    ],
)
def test_d20_what_cannot_be_is_a_422(accountant: Client, customer: Customer, changes: dict[str, str]) -> None:
    response = issued(accountant, **changes)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert not Invoice.objects.exists()


def test_a_number_used_twice_is_said_at_the_form(accountant: Client, customer: Customer) -> None:
    issued(accountant)
    response = issued(accountant)
    assert response.status_code == 422
    assert "Already used for this customer" in response.content.decode()


def test_a_credit_note_stays_open_credit(accountant: Client, customer: Customer) -> None:
    sent = {
        "number": "K1",
        "issued_on": DAY.isoformat(),
        "currency": "EUR",
        "total": "50",
        "tax_total": "8",
        "text": "x",
    }
    response = accountant.post(f"{reverse('credit_note_new')}?customer=K-1", sent)
    made = CreditNote.objects.get()
    assert response["Location"] == reverse("credit_note", args=[made.pk])
    assert (made.total, made.tax_total, made.corrects) == (Decimal(50), Decimal(8), None)


def test_an_invoice_is_corrected_from_its_own_page(accountant: Client, customer: Customer) -> None:
    invoice = factories.invoice(customer, "100.00")
    detail = accountant.get(reverse("invoice", args=[invoice.pk])).content.decode()
    url = f"{reverse('credit_note_new')}?corrects={invoice.pk}"
    assert url in detail
    assert 'value="100.00"' in accountant.get(url).content.decode()
    assert accountant.post(url, {"number": "K1", "issued_on": DAY.isoformat(), "total": "40"}).status_code == 302
    assert open_amount_now([invoice.pk])[invoice.pk] == Decimal("60.00")
    assert 'value="60.00"' in accountant.get(url).content.decode()
    assert accountant.post(url, {"number": "K1", "issued_on": DAY.isoformat(), "total": "1"}).status_code == 422


@pytest.mark.parametrize("corrects", ["0", "x", "9" * 40, "²"])
def test_d53_correcting_what_is_not_there_is_404(accountant: Client, corrects: str) -> None:
    assert accountant.get(reverse("credit_note_new"), {"corrects": corrects}).status_code == 404
