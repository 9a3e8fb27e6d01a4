"""Customers and contacts are created and changed by the people who may, with a sentence for whatever cannot be."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from collections_app.audit.models import AuditEntry
from customers.models import Contact, Customer
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def accountant(client: Client, cast: Cast) -> Client:
    client.force_login(cast.accountant)
    return client


def values(**changes: Any) -> dict[str, Any]:
    return {
        "number": "K-1", "name": "Meyer GmbH", "entity": factories.entity().pk, "kind": "business", "currency": "eur",
        "country": "de", **changes,
    }  # fmt: skip


def test_a_customer_is_created_with_an_audit_entry(accountant: Client) -> None:
    assert accountant.post(reverse("customer_new"), values(credit_limit="5000", strategy="gentle")).status_code == 302
    made = Customer.objects.get()
    assert (made.currency, made.country, made.credit_limit) == ("EUR", "DE", Decimal("5000"))
    assert made.strategy == "gentle"
    assert AuditEntry.objects.get(action="customer.created").customer_id == made.pk


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", ""), ("number", "a/b"), ("number", "-"), ("name", " "), ("currency", "EUX"), ("country", "XX"),
     ("time_zone", "Mars/Olympus"), ("holiday_region", "DE-XX"), ("credit_limit", "1,5"), ("credit_limit", "NaN"),
     ("credit_limit", "1e15"), ("credit_limit", "-1"), ("credit_limit", "1.005"), ("kind", "x"), ("entity", "0")],
)  # fmt: skip
def test_d20_what_cannot_be_is_422_at_its_field(accountant: Client, field: str, value: str) -> None:
    response = accountant.post(reverse("customer_new"), values(**{field: value}))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Customer.objects.exists()


def test_a_number_that_is_taken_is_said_so(accountant: Client) -> None:
    factories.customer(number="K-1")
    response = accountant.post(reverse("customer_new"), values())
    assert response.status_code == 422
    assert "number" in response.context["form"].errors


def test_d54_extra_fields_are_ignored(accountant: Client) -> None:
    accountant.post(reverse("customer_new"), values(parent="1", created_at="2000-01-01", id="77"))
    assert Customer.objects.get().pk != 77


def test_a_change_keeps_the_number_and_logs_only_what_differs(accountant: Client) -> None:
    customer = factories.customer(number="K-1", name="Meyer")
    accountant.post(reverse("customer_edit", args=[customer.pk]), values(number="K-2", country=""))
    customer.refresh_from_db()
    assert (customer.number, customer.name) == ("K-1", "Meyer GmbH")
    assert set(AuditEntry.objects.get(action="customer.changed").payload) == {"name"}


def test_a_foreign_entity_is_no_choice(accountant: Client) -> None:
    foreign = factories.entity("AT01", team=factories.team("Southern team"))
    response = accountant.post(reverse("customer_new"), values(entity=foreign.pk))
    assert "entity" in response.context["form"].errors


def test_d53_foreign_customers_and_contacts_are_404(client: Client, cast: Cast) -> None:
    mine, other = factories.customer(), factories.customer()
    contact = mine.contacts.get()
    client.force_login(cast.stranger)
    assert client.get(reverse("customer_edit", args=[mine.pk])).status_code == 404
    assert client.get(reverse("contact_new", args=[mine.pk])).status_code == 404
    client.force_login(cast.lead)
    assert client.get(reverse("contact_edit", args=[other.pk, contact.pk])).status_code == 404


def test_a_new_primary_contact_takes_the_place_of_the_old_one(client: Client, cast: Cast) -> None:
    customer = factories.customer()
    client.force_login(cast.collector)
    sent = {"name": "Ada", "part": "cfo", "email": "ada@example.com", "health": "ok", "is_primary": "on"}
    assert client.post(reverse("contact_new", args=[customer.pk]), sent).status_code == 302
    assert list(customer.contacts.filter(is_primary=True).values_list("name", flat=True)) == ["Ada"]


def test_a_mobile_number_with_its_country_is_kept_and_is_enough(client: Client, cast: Cast) -> None:
    customer = factories.customer(email=None)
    client.force_login(cast.collector)
    sent = {"name": "Ada", "part": "cfo", "mobile": "+49 170 123 45-67", "health": "ok"}
    assert client.post(reverse("contact_new", args=[customer.pk]), sent).status_code == 302
    assert "+49 170 123 45-67" in client.get(reverse("account", args=[customer.pk])).content.decode()


@pytest.mark.parametrize(
    "changes", [{"name": " "}, {"email": ""}, {"email": "nonsense"}, {"part": "x"}, {"mobile": "0170 1234567"}]
)
def test_a_contact_nobody_can_reach_is_refused(client: Client, cast: Cast, changes: dict[str, str]) -> None:
    customer = factories.customer(email=None)
    client.force_login(cast.collector)
    sent = {"name": "Ada", "part": "cfo", "email": "ada@example.com", "health": "ok", **changes}
    assert client.post(reverse("contact_new", args=[customer.pk]), sent).status_code == 422
    assert not Contact.objects.exists()
