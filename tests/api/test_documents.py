"""Another system pushes customers and documents and reads what is open."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from collections_app.lib.money import Money
from customers.models import Customer
from invoices.models import Invoice
from tests import factories
from tests.api.conftest import error
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def invoice_body(customer: Customer, **changes: Any) -> dict[str, Any]:
    return {
        "customer": customer.number,
        "number": "R-1",
        "issued_on": "2026-03-02",
        "due_on": "2026-04-01",
        "currency": "EUR",
        "total": "119.00",
        "tax_total": "19.00",
        **changes,
    }


def test_a_customer_is_created_by_its_number_and_changed_by_the_next_put(erp: APIClient) -> None:
    factories.entity()
    first = erp.put("/api/v1/customers/K-1/", {"name": "Meyer GmbH", "entity": "DE01"}, format="json")
    second = erp.put("/api/v1/customers/K-1/", {"country": "DE", "credit_limit": "5000"}, format="json")
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() | {"name": "Meyer GmbH", "country": "DE", "credit_limit": "5000.00"} == second.json()


def test_a_new_customer_needs_name_and_entity(erp: APIClient) -> None:
    response = erp.put("/api/v1/customers/K-1/", {}, format="json")
    assert response.status_code == 400
    assert set(error(response)["fields"]) == {"name", "entity"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("country", "XX"),
        ("time_zone", "Mars/Olympus"),
        ("credit_limit", "-1"),
        ("credit_limit", "1.005"),
        ("insured_amount", "-1"),
        ("insurer_days", "-1"),
        ("name", " "),
    ],
)
def test_d20_impossible_master_data_is_a_field_error(erp: APIClient, field: str, value: str) -> None:
    factories.entity()
    body = {"name": "Meyer", "entity": "DE01", field: value}
    response = erp.put("/api/v1/customers/K-1/", body, format="json")
    assert response.status_code in (400, 422)
    assert list(error(response)["fields"]) == [field]
    assert not Customer.objects.exists()


def test_d54_unknown_fields_are_refused_not_ignored(erp: APIClient) -> None:
    factories.entity()
    body = {"name": "Meyer", "entity": "DE01", "collector": 1, "is_superuser": True}
    response = erp.put("/api/v1/customers/K-1/", body, format="json")
    assert response.status_code == 400
    assert set(error(response)["fields"]) == {"collector", "is_superuser"}


def test_d53_a_foreign_customers_number_is_neither_read_nor_overwritten(erp: APIClient, foreign: APIClient) -> None:
    mine = factories.customer(number="K-1", name="Meyer")
    assert foreign.get("/api/v1/customers/K-1/").status_code == 404
    assert foreign.put("/api/v1/customers/K-1/", {"name": "Taken"}, format="json").status_code == 404
    mine.refresh_from_db()
    assert mine.name == "Meyer"


@pytest.mark.parametrize("number", ["%00", "..%2F..%2Fetc", "a" * 300, "%ED%A0%80"])
def test_odd_customer_numbers_answer_404(erp: APIClient, number: str) -> None:
    assert erp.get(f"/api/v1/customers/{number}/").status_code == 404


def test_a_new_primary_contact_takes_the_place_of_the_old_one(erp: APIClient) -> None:
    customer = factories.customer()
    body = {"name": "Ada", "email": "ada@example.com", "is_primary": True}
    made = erp.post(f"/api/v1/customers/{customer.number}/contacts/", body, format="json")
    assert made.status_code == 201
    assert [c["is_primary"] for c in erp.get(f"/api/v1/customers/{customer.number}/contacts/").json()] == [True, False]


def test_a_contact_who_left_is_marked(erp: APIClient) -> None:
    customer = factories.customer()
    contact = customer.contacts.get()
    body = {"name": contact.name, "health": "left"}
    response = erp.put(f"/api/v1/customers/{customer.number}/contacts/{contact.pk}/", body, format="json")
    assert response.json()["health"] == "left"
    assert response.json()["email"] == contact.email


def test_an_invoice_is_issued_and_read_back(erp: APIClient) -> None:
    customer = factories.customer()
    lines = [{"text": "Pump", "quantity": "1", "amount": "100"}, {"text": "Tax", "amount": "19.00"}]
    made = erp.post("/api/v1/invoices/", invoice_body(customer, lines=lines), format="json")
    assert made.status_code == 201, made.content
    read = erp.get(f"/api/v1/invoices/{made.json()['id']}/?as_of=2026-04-11").json()
    assert read | {"open_amount": "119.00", "days_late": 10, "currency": "EUR", "allocations": []} == read
    assert [line["amount"] for line in read["lines"]] == ["100.00", "19.00"]


def test_terms_decide_the_due_date_when_none_is_sent(erp: APIClient) -> None:
    customer = factories.customer(terms=factories.terms(14))
    body = invoice_body(customer)
    del body["due_on"]
    assert erp.post("/api/v1/invoices/", body, format="json").json()["due_on"] == "2026-03-16"


def test_an_invoice_in_instalments_with_a_discount_is_read_back(erp: APIClient) -> None:
    parts = [{"due_on": "2026-04-01", "amount": "19.00"}, {"due_on": "2026-05-01", "amount": "100"}]
    body = invoice_body(factories.customer(), instalments=parts, discount_percent="2.5", discount_until="2026-03-12")
    del body["due_on"]
    made = erp.post("/api/v1/invoices/", body, format="json")
    assert made.status_code == 201, made.content
    read = erp.get(f"/api/v1/invoices/{made.json()['id']}/").json()
    assert (read["due_on"], read["discount_percent"], read["discount_until"]) == ("2026-05-01", "2.5", "2026-03-12")
    assert [(part["position"], part["amount"]) for part in read["instalments"]] == [(1, "19.00"), (2, "100.00")]


@pytest.mark.parametrize(
    "changes",
    [
        {"instalments": [{"due_on": "2026-04-01", "amount": "118.99"}]},
        {"instalments": [{"due_on": "2026-04-01", "amount": "119.001"}]},
        {"instalments": [{"due_on": "2026-04-01"}]},
        {"instalments": [{"due_on": "2026-04-01", "amount": "119.00", "paid": True}]},
        {"instalments": "all"},
        {"discount_percent": "100", "discount_until": "2026-03-12"},
        {"discount_percent": 2.5, "discount_until": "2026-03-12"},
        {"discount_percent": "NaN", "discount_until": "2026-03-12"},
        {"discount_percent": "2"},
        {"discount_until": "2026-03-12"},
        {"discount_percent": "2", "discount_until": "2026-04-02"},
        {"kind": "interest"},
        {"kind": "fee"},
    ],
)
def test_d20_instalments_and_discounts_that_cannot_be_are_refused(erp: APIClient, changes: dict[str, Any]) -> None:
    response = erp.post("/api/v1/invoices/", invoice_body(factories.customer(), **changes), format="json")
    assert response.status_code in (400, 422), response.content
    assert not Invoice.objects.exists()


def test_a_number_used_twice_is_a_conflict(erp: APIClient) -> None:
    customer = factories.customer()
    assert erp.post("/api/v1/invoices/", invoice_body(customer), format="json").status_code == 201
    again = erp.post("/api/v1/invoices/", invoice_body(customer), format="json")
    assert again.status_code == 409
    assert error(again)["code"] == "invoice_number_taken"


@pytest.mark.parametrize(
    "total",
    ["1,5", "NaN", "Infinity", "-Infinity", "1e15", "1E2", "", " ", "-5.00", "0", "-0", "0.001", "1234567890123456",
     "١٢", "1_000", None, True, 12, 12.5, [], {}],
)  # fmt: skip
def test_d20_amounts_that_are_none_are_refused(erp: APIClient, total: object) -> None:
    response = erp.post("/api/v1/invoices/", invoice_body(factories.customer(), total=total), format="json")
    assert response.status_code in (400, 422)
    assert "total" in error(response)["fields"]
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("currency", "good", "bad"), [("JPY", "1500", "1500.5"), ("KWD", "1.234", "1.2345"), ("EUR", "0.10", "0.105")]
)
def test_d20_each_currency_has_its_own_decimals(erp: APIClient, currency: str, good: str, bad: str) -> None:
    customer = factories.customer()
    body = invoice_body(customer, currency=currency, tax_total="0")
    refused = erp.post("/api/v1/invoices/", body | {"total": bad}, format="json")
    made = erp.post("/api/v1/invoices/", body | {"total": good}, format="json")
    assert (refused.status_code, made.status_code) == (400, 201)
    assert made.json()["total"] == f"{Money(Invoice.objects.get().total, currency).amount:f}"


@pytest.mark.parametrize(
    "day",
    ["2026-02-30", "02.03.2026", "2026-3-2", "0001-01-01", "9999-12-31", "2026-03-02T00:00:00", 20260302, None, ""],
)
def test_impossible_dates_are_refused(erp: APIClient, day: object) -> None:
    response = erp.post("/api/v1/invoices/", invoice_body(factories.customer(), issued_on=day), format="json")
    assert response.status_code == 400
    assert list(error(response)["fields"]) == ["issued_on"]


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b'{"number": "\\ud800"}',
     b'{"number": "a\\u0000b"}', b'{"number": "1", "number": "2"}', b'{"total": ' + b"9" * 9000 + b"}", b""],
)  # fmt: skip
def test_bodies_that_cannot_be_read_are_400(erp: APIClient, body: bytes) -> None:
    response = erp.post("/api/v1/invoices/", body, content_type="application/json")
    assert response.status_code == 400
    assert error(response)


def test_a_huge_body_is_413_and_another_type_415(erp: APIClient) -> None:
    huge = b'{"number": "' + b"9" * (6 * 1024 * 1024) + b'"}'
    assert erp.post("/api/v1/invoices/", huge, content_type="application/json").status_code == 413
    assert erp.post("/api/v1/invoices/", b"a=1", content_type="application/x-www-form-urlencoded").status_code == 415


def test_d53_a_foreign_customer_is_unknown_to_a_new_invoice(foreign: APIClient) -> None:
    response = foreign.post("/api/v1/invoices/", invoice_body(factories.customer()), format="json")
    assert response.status_code in (400, 403)
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("pk", ["0", "999999999", "99999999999999999999999"])
def test_d53_forged_ids_are_404(erp: APIClient, pk: str) -> None:
    assert erp.get(f"/api/v1/invoices/{pk}/").status_code == 404


def test_the_list_filters_by_status_and_states_what_is_open_as_of_a_day(erp: APIClient) -> None:
    customer = factories.customer()
    paid = factories.invoice(customer, "100.00", due_on=DAY)
    open_one = factories.invoice(customer, "50.00", due_on=DAY)
    factories.payment(customer, "100.00", received_on=DAY, shares=[(paid, None)])

    def ids(query: str) -> list[int]:
        return [row["id"] for row in erp.get(f"/api/v1/invoices/?{query}").json()["results"]]

    assert ids(f"status=paid&as_of={DAY}") == [paid.pk]
    assert ids(f"status=open&as_of={DAY}") == [open_one.pk]
    assert ids("status=open&as_of=2026-03-01") == [paid.pk, open_one.pk]
    assert ids("status=overdue&as_of=2026-03-03") == [open_one.pk]
    assert ids(f"status=overdue&as_of={DAY}") == []
    assert ids("sort=-id") == [open_one.pk, paid.pk]


@pytest.mark.parametrize(
    "query",
    ["sort=total", "sort=customer__entity__iban", "page_size=0", "page_size=201", "page_size=x", "after=x",
     "customer__name=x", "status=late", "as_of=2026-02-30", "as_of=31.03.2026", "due_from=9999-12-31",
     "number=a&number=b", "q=%00", "entity=%00"],
)  # fmt: skip
def test_d78_parameters_outside_the_allow_list_are_400(erp: APIClient, query: str) -> None:
    response = erp.get(f"/api/v1/invoices/?{query}")
    assert response.status_code == 400
    assert error(response)["fields"]


def test_pages_follow_each_other_without_gap_or_repetition(erp: APIClient) -> None:
    customer = factories.customer()
    made = [factories.invoice(customer).pk for _ in range(5)]
    seen: list[int] = []
    url = "/api/v1/invoices/?page_size=2"
    while url:
        page = erp.get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert seen == made


def test_a_credit_note_lowers_the_invoice_it_corrects(erp: APIClient) -> None:
    customer = factories.customer()
    invoice = factories.invoice(customer, "100.00")
    body = {
        "customer": customer.number,
        "number": "G-1",
        "issued_on": "2026-03-03",
        "currency": "EUR",
        "total": "30.00",
    }
    made = erp.post("/api/v1/credit-notes/", body | {"corrects": invoice.pk}, format="json")
    assert made.status_code == 201, made.content
    assert made.json()["open_amount"] == "0.00"
    assert erp.get(f"/api/v1/invoices/{invoice.pk}/?as_of=2026-03-03").json()["open_amount"] == "70.00"


def test_a_credit_note_to_a_foreign_invoice_is_refused(erp: APIClient) -> None:
    customer = factories.customer()
    southern = factories.entity("AT01", team=factories.team("Southern team"))
    other = factories.invoice(factories.customer(of=southern))
    body = {
        "customer": customer.number,
        "number": "G-1",
        "issued_on": "2026-03-03",
        "currency": "EUR",
        "total": "30.00",
    }
    response = erp.post("/api/v1/credit-notes/", body | {"corrects": other.pk}, format="json")
    assert list(error(response)["fields"]) == ["corrects"]


def test_balances_are_stated_per_currency_and_day(erp: APIClient) -> None:
    customer = factories.customer()
    factories.invoice(customer, "100.00", due_on=DAY)
    factories.invoice(customer, "5000", due_on=DAY, currency="JPY")
    factories.payment(customer, "30.00", received_on=DAY)
    balances = erp.get(f"/api/v1/customers/{customer.number}/balance/?as_of=2026-03-03").json()["balances"]
    names = ("currency", "open", "overdue", "credits", "unapplied", "balance")
    assert [tuple(row[name] for name in names) for row in balances] == [
        ("EUR", "100.00", "100.00", "0.00", "30.00", "70.00"),
        ("JPY", "5000", "5000", "0", "0", "5000"),
    ]
