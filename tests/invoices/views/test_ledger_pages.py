"""The pages of invoices, cash and search: what they show, what they change, and what they refuse."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import BusinessClock
from invoices.models import DocumentMail, Payment
from invoices.services.allocate import unallocated
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> date:
    """The business day of every page here: nine days after the usual due date."""
    BusinessClock.objects.create(pinned_on=DAY + timedelta(days=9))
    return DAY + timedelta(days=9)


@pytest.fixture
def accountant(client: Client, cast: Cast) -> Client:
    client.force_login(cast.accountant)
    return client


def numbers(response: Any) -> list[str]:
    return [row["number"] for row in response.context["rows"]]


def test_the_list_shows_open_invoices_first_and_their_sums_per_currency(accountant: Client) -> None:
    customer = factories.customer()
    paid = factories.invoice(customer, "10.00")
    factories.payment(customer, "10.00", shares=[(paid, None)])
    late = factories.invoice(customer, "80.00", due_on=DAY)
    soon = factories.invoice(customer, "500", due_on=DAY + timedelta(days=20), currency="JPY")
    response = accountant.get(reverse("invoices"))
    assert numbers(response) == [late.number, soon.number]
    assert [(row.currency, row.open) for row in response.context["totals"]] == [("EUR", 80), ("JPY", 500)]
    assert "1–30" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [("?status=paid", ["P"]), ("?status=", ["P", "L", "S"]), ("?status=overdue", ["L"]), ("?q=l", ["L"]),
     ("?q=80,00", ["L"]),
     ("?q=500", ["S"]), ("?currency=JPY", ["S"]), ("?due_from=2026-03-03", ["S"]), ("?q=PO-7", ["S"]),
     ("?sort=-due", ["S", "L"]),
     ("?sort=nonsense", ["L", "S"]), ("?entity=DE01", ["L", "S"])],
)  # fmt: skip
def test_invoices_are_found_filtered_and_sorted(accountant: Client, query: str, found: list[str]) -> None:
    customer = factories.customer(name="Meyer")
    paid = factories.invoice(customer, "10.00", number="P", due_on=DAY - timedelta(days=1))
    factories.payment(customer, "10.00", shares=[(paid, None)])
    factories.invoice(customer, "80.00", number="L", due_on=DAY)
    factories.invoice(customer, "500", number="S", due_on=DAY + timedelta(days=20), currency="JPY", po_number="PO-7")
    assert numbers(accountant.get(reverse("invoices") + query)) == found


@pytest.mark.parametrize("query", ["?as_of=31.03.2026", "?due_from=0001-01-01", "?status=nonsense", "?q=%00"])
def test_filters_that_make_no_sense_are_422_with_the_form(accountant: Client, query: str) -> None:
    response = accountant.get(reverse("invoices") + query)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()


def test_none_yet_and_filtered_to_none_say_different_things(accountant: Client) -> None:
    assert "No open invoices" in accountant.get(reverse("invoices")).content.decode()
    assert "Nothing matches" in accountant.get(reverse("invoices") + "?q=zzz").content.decode()


def test_htmx_gets_only_the_list(accountant: Client) -> None:
    factories.invoice(factories.customer())
    response = accountant.get(reverse("invoices"), headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_d69_the_download_is_typed_and_harmless(accountant: Client) -> None:
    factories.invoice(factories.customer(name="=cmd|' /C calc'!A1"), "80.00")
    text = accountant.get(reverse("invoices") + "?format=csv").content.decode("utf-8-sig")
    assert "'=cmd|" in text
    assert ",80.00,80.00," in text
    assert accountant.get(reverse("invoices") + "?format=xlsx").content[:2] == b"PK"


@pytest.mark.parametrize("rows", [10, 60])
def test_d98_the_list_costs_the_same_queries_however_long(
    accountant: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(rows // 10):
        customer = factories.customer()
        for _ in range(10):
            factories.invoice(customer)
    with django_assert_max_num_queries(12):
        accountant.get(reverse("invoices"))


def test_an_invoice_shows_what_is_open_as_of_a_day(accountant: Client) -> None:
    customer = factories.customer()
    invoice = factories.invoice(customer, "80.00", due_on=DAY)
    factories.payment(customer, "30.00", received_on=DAY + timedelta(days=5), shares=[(invoice, None)])
    now = accountant.get(reverse("invoice", args=[invoice.pk]))
    before = accountant.get(reverse("invoice", args=[invoice.pk]) + f"?as_of={DAY}")
    assert now.context["invoice"].open_amount == Decimal("50.00")
    assert before.context["invoice"].open_amount == Decimal("80.00")
    assert accountant.get(reverse("invoice", args=[invoice.pk]) + "?as_of=x").status_code == 422


def test_d53_foreign_documents_and_money_are_404(client: Client, cast: Cast) -> None:
    invoice = factories.invoice(factories.customer())
    payment = factories.payment(invoice.customer, "5.00")
    client.force_login(cast.stranger)
    assert client.get(reverse("invoice", args=[invoice.pk])).status_code == 404
    assert client.get(reverse("payment", args=[payment.pk])).status_code == 404
    assert client.post(reverse("payment_allocate", args=[payment.pk])).status_code == 404
    assert client.get(reverse("invoices")).context["count"] == 0
    assert client.get(reverse("payments")).context["count"] == 0


def test_an_invoice_is_sent_once(client: Client, cast: Cast) -> None:
    invoice = factories.invoice(factories.customer())
    client.force_login(cast.collector)
    assert client.post(reverse("invoice_send", args=[invoice.pk])).status_code == 302
    assert client.post(reverse("invoice_send", args=[invoice.pk])).status_code == 422
    assert DocumentMail.objects.count() == 1


def payment_values(**changes: Any) -> dict[str, Any]:
    return {
        "form_id": str(uuid4()), "amount": "100.00", "currency": "EUR", "received_on": str(DAY), "method": "transfer",
        "reference": "", "allocate": "oldest", **changes,
    }  # fmt: skip


def test_a_payment_is_recorded_and_pays_the_oldest(accountant: Client) -> None:
    customer = factories.customer(number="K-1")
    invoice = factories.invoice(customer, "80.00")
    response = accountant.post(reverse("payment_new") + "?customer=K-1", payment_values())
    payment = Payment.objects.get()
    assert response["Location"] == reverse("payment", args=[payment.pk])
    assert [(row.invoice_id, row.amount) for row in payment.allocations.all()] == [(invoice.pk, Decimal("80"))]


def test_sending_the_same_form_twice_records_one_payment(accountant: Client) -> None:
    factories.customer(number="K-1")
    values = payment_values(allocate="none")
    for _ in range(2):
        assert accountant.post(reverse("payment_new") + "?customer=K-1", values).status_code == 302
    assert Payment.objects.count() == 1


def test_chosen_amounts_go_where_they_were_typed(accountant: Client) -> None:
    customer = factories.customer(number="K-1")
    first, second = factories.invoice(customer, "80.00"), factories.invoice(customer, "80.00")
    values = payment_values(allocate="chosen", **{f"share_{second.pk}": "20.00"})
    accountant.post(reverse("payment_new") + "?customer=K-1", values)
    assert [(row.invoice_id, row.amount) for row in Payment.objects.get().allocations.all()] == [
        (second.pk, Decimal(20))
    ]
    assert first.allocations.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", "1,5"), ("amount", "NaN"), ("amount", "1e15"), ("amount", "-0"), ("amount", "Infinity"), ("amount", ""),
     ("amount", "9999999999999999"), ("currency", "EUX"), ("received_on", "2026-02-30"), ("received_on", "2199-01-01"),
     ("method", "gold"), ("allocate", "chosen"), ("allocate", "x")],
)  # fmt: skip
def test_d20_bad_values_are_422_at_their_field_and_keep_what_was_typed(
    accountant: Client, field: str, value: str
) -> None:
    factories.invoice(factories.customer(number="K-1"), "80.00")
    values = payment_values(reference="Keep me", **{field: value})
    response = accountant.post(reverse("payment_new") + "?customer=K-1", values)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Keep me" in response.content.decode()
    assert not Payment.objects.exists()


def test_more_than_is_open_is_refused_with_the_fresh_figures(accountant: Client) -> None:
    invoice = factories.invoice(factories.customer(number="K-1"), "80.00")
    values = payment_values(allocate="chosen", **{f"share_{invoice.pk}": "90.00"})
    response = accountant.post(reverse("payment_new") + "?customer=K-1", values)
    assert response.status_code == 422
    assert "80.00" in str(response.context["form"].errors)
    assert not Payment.objects.exists()


def test_the_customer_is_asked_for_first_and_a_foreign_one_is_not_offered(client: Client, cast: Cast) -> None:
    factories.customer(number="K-1", name="Meyer")
    client.force_login(cast.stranger)
    response = client.get(reverse("payment_new") + "?customer=Meyer")
    assert response.context["candidates"] == []
    assert client.post(reverse("payment_new") + "?customer=K-1", payment_values()).status_code == 200
    assert not Payment.objects.exists()


def test_the_rest_is_allocated_and_an_allocation_reversed(accountant: Client) -> None:
    customer = factories.customer()
    invoice = factories.invoice(customer, "80.00")
    payment = factories.payment(customer, "100.00")
    typed = {f"share_{invoice.pk}": "30.00"}
    assert accountant.post(reverse("payment_allocate", args=[payment.pk]), typed).status_code == 302
    assert unallocated(payment) == 70
    allocation = payment.allocations.get()
    url = reverse("allocation_reverse", args=[payment.pk, allocation.pk])
    assert accountant.post(url, {"reason": ""}).status_code == 422
    assert accountant.post(url, {"reason": "Wrong invoice"}).status_code == 302
    assert accountant.post(url, {"reason": "Again"}).status_code == 409
    assert accountant.post(reverse("payment_allocate", args=[payment.pk]), {"way": "oldest"}).status_code == 302
    assert unallocated(payment) == 20
    page = accountant.get(reverse("payment", args=[payment.pk])).content.decode()
    assert "Taken back from" in page
    assert "Wrong invoice" in page


def test_a_viewer_sees_no_form_and_may_not_post(client: Client, cast: Cast) -> None:
    customer = factories.customer()
    factories.invoice(customer, "80.00")
    payment = factories.payment(customer, "100.00")
    client.force_login(cast.viewer)
    assert "Put it against open items" not in client.get(reverse("payment", args=[payment.pk])).content.decode()
    assert client.post(reverse("payment_allocate", args=[payment.pk]), {"way": "oldest"}).status_code == 403


def test_payments_are_found_by_customer_reference_amount_and_rest(accountant: Client) -> None:
    customer = factories.customer(name="Meyer")
    invoice = factories.invoice(customer, "80.00")
    factories.payment(customer, "80.00", shares=[(invoice, None)], reference="RF18")
    left = factories.payment(customer, "20.00")

    def found(query: str) -> list[int]:
        return [row.id for row in accountant.get(reverse("payments") + query).context["page"].rows]

    assert found("?status=open") == [left.pk]
    assert len(found("?q=meyer")) == 2
    assert found("?q=20") == [left.pk]
    assert len(found("?q=rf18")) == 1
    assert found("?day_from=2026-03-03") == []


@pytest.mark.parametrize(
    "words", ["meyer", "K-1", "ada@", "040 555", "555-77", "R-900", "PO-7", "80.00", "80,00", "RF18"]
)
def test_u18_search_finds_by_whatever_the_caller_names(accountant: Client, words: str) -> None:
    customer = factories.customer(name="Meyer GmbH", number="K-1", email="ada@meyer.example")
    customer.contacts.update(phone="+49 (040) 555-77")
    factories.invoice(customer, "80.00", number="R-900", po_number="PO-7")
    factories.payment(customer, "80.00", reference="RF18 Meyer")
    assert accountant.get(reverse("search"), {"q": words}).context["found"]


def test_search_needs_two_characters_and_finds_nothing_foreign(client: Client, cast: Cast) -> None:
    factories.customer(name="Meyer")
    client.force_login(cast.stranger)
    assert client.get(reverse("search"), {"q": "m"}).context["found"] is None
    assert not client.get(reverse("search"), {"q": "meyer"}).context["found"]
    assert client.get(reverse("search"), {"q": "\x00%_"}).status_code == 200
