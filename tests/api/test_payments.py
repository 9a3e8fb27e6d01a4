"""Another system records payments: once per key, allocated as asked, never more than there is."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from collections_app.api.models import KeptAnswer
from customers.models import Customer
from invoices.models import Allocation, Payment
from tests import factories
from tests.api.conftest import client_of, error
from tests.factories import DAY

pytestmark = pytest.mark.django_db
URL = "/api/v1/payments/"


def body_for(customer: Customer, **changes: Any) -> dict[str, Any]:
    return {"customer": customer.number, "amount": "100.00", "currency": "EUR", "received_on": str(DAY), **changes}


def send(client: APIClient, body: Any, key: str = "k-1") -> Any:
    return client.post(URL, body, format="json", headers={"Idempotency-Key": key})


def test_a_payment_stays_unapplied_unless_asked_otherwise(erp: APIClient) -> None:
    customer = factories.customer()
    factories.invoice(customer)
    response = send(erp, body_for(customer))
    assert response.status_code == 201, response.content
    assert response.json() | {"unapplied": "100.00", "allocations": []} == response.json()


def test_oldest_pays_the_oldest_due_invoices_first(erp: APIClient) -> None:
    customer = factories.customer()
    young = factories.invoice(customer, "80.00", due_on=DAY)
    old = factories.invoice(customer, "80.00", due_on=DAY.replace(month=1))
    made = send(erp, body_for(customer, allocate="oldest")).json()
    assert [(row["invoice"], row["amount"]) for row in made["allocations"]] == [(old.pk, "80.00"), (young.pk, "20.00")]


def test_named_invoices_get_the_named_amounts(erp: APIClient) -> None:
    customer = factories.customer()
    first, second = factories.invoice(customer, "80.00"), factories.invoice(customer, "80.00")
    shares = [{"invoice": second.pk, "amount": "30.00"}, {"invoice": first.pk}]
    made = send(erp, body_for(customer, allocations=shares)).json()
    assert [(row["invoice"], row["amount"]) for row in made["allocations"]] == [
        (second.pk, "30.00"),
        (first.pk, "70.00"),
    ]


def test_more_than_is_open_is_a_conflict_and_records_nothing(erp: APIClient) -> None:
    customer = factories.customer()
    invoice = factories.invoice(customer, "80.00")
    response = send(erp, body_for(customer, allocations=[{"invoice": invoice.pk, "amount": "90.00"}]))
    assert response.status_code == 409
    assert "80.00" in error(response)["sentence"]
    assert not Payment.objects.exists()


@pytest.mark.parametrize("amount", ["0.00", "-5.00", "1.005"])
def test_d20_shares_that_cannot_be_are_refused(erp: APIClient, amount: str) -> None:
    customer = factories.customer()
    invoice = factories.invoice(customer, "80.00")
    response = send(erp, body_for(customer, allocations=[{"invoice": invoice.pk, "amount": amount}]))
    assert response.status_code == 422
    assert not Payment.objects.exists()


def test_d53_foreign_invoices_are_unknown(erp: APIClient) -> None:
    southern = factories.entity("AT01", team=factories.team("Southern team"))
    other = factories.invoice(factories.customer(of=southern))
    response = send(erp, body_for(factories.customer(), allocations=[{"invoice": other.pk}]))
    assert response.status_code == 400
    assert "allocations" in error(response)["fields"]


def test_money_from_the_future_is_refused(erp: APIClient) -> None:
    response = send(erp, body_for(factories.customer(), received_on="2199-01-01"))
    assert list(error(response)["fields"]) == ["received_on"]


def test_a_payment_needs_a_key(erp: APIClient) -> None:
    body = body_for(factories.customer())
    assert list(error(erp.post(URL, body, format="json"))["fields"]) == ["Idempotency-Key"]
    assert send(erp, body, key="ä").status_code == 400
    assert send(erp, body, key="x" * 129).status_code == 400
    assert not Payment.objects.exists()


def test_d23_the_same_key_and_body_bring_the_first_answer_and_do_nothing(erp: APIClient) -> None:
    body = body_for(factories.customer())
    first, again = send(erp, body), send(erp, dict(reversed(body.items())))
    assert first.json() == again.json()
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert Payment.objects.count() == 1


def test_d23_the_same_key_with_another_body_is_422(erp: APIClient) -> None:
    customer = factories.customer()
    send(erp, body_for(customer))
    response = send(erp, body_for(customer, amount="200.00"))
    assert (response.status_code, error(response)["code"]) == (422, "key_reused")
    assert Payment.objects.count() == 1


def test_d23_keys_belong_to_one_user(erp: APIClient, cast: Any) -> None:
    body = body_for(factories.customer())
    assert send(erp, body).status_code == 201
    assert send(client_of(cast.lead), body).status_code == 201
    assert Payment.objects.count() == 2


def test_d23_a_refused_request_keeps_its_key_free(erp: APIClient) -> None:
    customer = factories.customer()
    assert send(erp, body_for(customer, amount="1,5")).status_code == 400
    assert send(erp, body_for(customer)).status_code == 201
    assert KeptAnswer.objects.count() == 1


def test_the_rest_is_allocated_later_and_an_allocation_reversed(erp: APIClient) -> None:
    customer = factories.customer()
    invoice = factories.invoice(customer, "80.00")
    payment = send(erp, body_for(customer)).json()
    made = erp.post(f"{URL}{payment['id']}/allocations/", {"allocations": [{"invoice": invoice.pk}]}, format="json")
    assert (made.status_code, made.json()[0]["amount"]) == (201, "80.00")
    address = f"{URL}{payment['id']}/allocations/{made.json()[0]['id']}/reversal/"
    undone = erp.post(address, {"reason": "Wrong invoice"}, format="json")
    assert undone.status_code == 201, undone.content
    assert (undone.json()["amount"], undone.json()["reverses"]) == ("-80.00", made.json()[0]["id"])
    assert erp.post(address, {"reason": "Again"}, format="json").status_code == 409
    assert [row["amount"] for row in erp.get(f"{URL}{payment['id']}/allocations/").json()] == ["80.00", "-80.00"]


def test_d53_foreign_payments_are_404(erp: APIClient, foreign: APIClient) -> None:
    payment = send(erp, body_for(factories.customer())).json()
    assert foreign.get(f"{URL}{payment['id']}/").status_code == 404
    assert foreign.get(f"{URL}{payment['id']}/allocations/").status_code == 404


def test_payments_with_something_unapplied_are_found(erp: APIClient) -> None:
    customer = factories.customer()
    invoice = factories.invoice(customer, "100.00")
    used = factories.payment(customer, "100.00", shares=[(invoice, None)])
    left = factories.payment(customer, "20.00")
    found = erp.get(f"{URL}?unapplied=true").json()["results"]
    assert [row["id"] for row in found] == [left.pk]
    assert [row["id"] for row in erp.get(f"{URL}?unapplied=false").json()["results"]] == [used.pk]


@pytest.mark.django_db(transaction=True)
def test_d23_while_the_first_request_runs_the_second_is_told_409(erp: APIClient) -> None:
    body = body_for(factories.customer())
    answers: list[int] = []
    erp.get(URL)  # notes the token's use, which is not part of the transaction below

    def second() -> None:
        try:
            answers.append(send(erp, body).status_code)
        finally:
            connection.close()

    with transaction.atomic():  # the first request has done its work and not committed yet
        assert send(erp, body).status_code == 201
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(20)
    assert answers == [409]
    assert (Payment.objects.count(), Allocation.objects.count()) == (1, 0)
    assert send(erp, body)["Idempotent-Replayed"] == "true"


def test_a02_an_allocation_cannot_be_reversed_on_a_day_to_come(erp: APIClient) -> None:
    customer = factories.customer()
    factories.invoice(customer, "80.00")
    made = send(erp, body_for(customer, allocate="oldest")).json()
    address = f"{URL}{made['id']}/allocations/{made['allocations'][0]['id']}/reversal/"
    response = erp.post(address, {"reason": "wrong", "effective_on": "2199-01-01"}, format="json")
    assert response.status_code == 400
    assert error(response)["fields"]["effective_on"].startswith("2199-01-01 has not come yet")
    assert Allocation.objects.count() == 1
