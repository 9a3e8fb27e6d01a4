"""Another system tells that money of a payment went out: once per key, never more than there is."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from invoices.models import Invoice, Payment, Refund
from tests import factories
from tests.api.conftest import error
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def paid(amount: str = "100.00", total: str = "80.00") -> tuple[Customer, Invoice, Payment]:
    who = factories.customer()
    invoice = factories.invoice(who, total)
    return who, invoice, factories.payment(who, amount, shares=[(invoice, None)])


def send(client: APIClient, payment: Payment, body: dict[str, Any], key: str = "k-1") -> Any:
    url = f"/api/v1/payments/{payment.pk}/refunds/"
    return client.post(url, body, format="json", headers={"Idempotency-Key": key} if key else {})


def test_unapplied_cash_is_refunded(erp: APIClient) -> None:
    _, _, payment = paid()
    answer = send(erp, payment, {"amount": "20.00", "paid_on": str(DAY), "reference": "B-7"})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made | {"kind": "refund", "amount": "20.00", "reopened": [], "undone": False, "reference": "B-7"} == made
    assert erp.get(f"/api/v1/payments/{payment.pk}/refunds/").json() == [made]


def test_a_refund_takes_nothing_from_invoices(erp: APIClient) -> None:
    _, _, payment = paid()
    answer = send(erp, payment, {"amount": "20.01"})
    assert answer.status_code == 409
    assert "20.00" in error(answer)["sentence"]
    assert not Refund.objects.exists()


@pytest.mark.parametrize("kind", ["returned", "chargeback"])
def test_d17_a_return_or_chargeback_reopens_the_invoice_and_can_be_undone(erp: APIClient, kind: str) -> None:
    _, invoice, payment = paid()
    made = send(erp, payment, {"kind": kind, "amount": "100.00", "paid_on": str(DAY), "reason": "bounced"}).json()
    assert (made["kind"], made["reopened"]) == (kind, [invoice.pk])
    opened = erp.get(f"/api/v1/invoices/{invoice.pk}/").json()
    assert (opened["open_amount"], opened["due_on"]) == ("80.00", str(DAY))
    undo = f"/api/v1/payments/{payment.pk}/refunds/{made['id']}/reversal/"
    back = erp.post(undo, {"reason": "won"}, format="json")
    assert (back.status_code, [row["amount"] for row in back.json()]) == (201, ["80.00"])
    assert erp.post(undo, {"reason": "won"}, format="json").status_code == 409
    assert erp.get(f"/api/v1/payments/{payment.pk}/refunds/").json()[0]["undone"] is True


def test_d23_the_same_key_is_one_refund_and_a_key_is_needed(erp: APIClient) -> None:
    _, _, payment = paid()
    body = {"amount": "5.00", "paid_on": str(DAY)}
    first, again = send(erp, payment, body), send(erp, payment, body)
    assert (first.json(), again.headers["Idempotent-Replayed"]) == (again.json(), "true")
    assert send(erp, payment, {**body, "amount": "6.00"}).status_code == 422
    assert send(erp, payment, body, key="").status_code in (400, 422)
    assert Refund.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0.00"}, {"amount": "-1.00"}, {"amount": "1.005"}, {"amount": "1,5"}, {"amount": "NaN"},
        {"kind": "exchange"}, {"paid_on": "2999-01-01"}, {"paid_on": "2026-01-01"}, {"state": "done"},
    ],
)  # fmt: skip
def test_d20_what_cannot_be_is_refused(erp: APIClient, changes: dict[str, str]) -> None:
    _, _, payment = paid()
    assert send(erp, payment, {"amount": "5.00", "paid_on": str(DAY), **changes}).status_code in (400, 422)
    assert not Refund.objects.exists()


def test_d53_strangers_and_readers(foreign: APIClient, reader: APIClient) -> None:
    _, _, payment = paid()
    assert send(foreign, payment, {"amount": "5.00"}).status_code == 404
    assert foreign.get(f"/api/v1/payments/{payment.pk}/refunds/").status_code == 404
    assert send(reader, payment, {"amount": "5.00"}).status_code == 403
    assert reader.get(f"/api/v1/payments/{payment.pk}/refunds/").status_code == 200


def test_a_refund_of_another_payment_is_not_found(erp: APIClient) -> None:
    _, _, payment = paid()
    _, _, other = paid()
    made = send(erp, payment, {"amount": "5.00", "paid_on": str(DAY)}).json()
    url = f"/api/v1/payments/{other.pk}/refunds/{made['id']}/reversal/"
    assert erp.post(url, {"reason": "no"}, format="json").status_code == 404


def test_a_rate_names_its_day_and_source(erp: APIClient) -> None:
    said = erp.get("/api/v1/rates/?from_currency=EUR&to_currency=USD&on=2026-03-08").json()
    assert (said["asked_on"], said["on"], said["source"]) == ("2026-03-08", "2026-03-06", "ECB")
    assert len(said["rate"].partition(".")[2]) == 10


@pytest.mark.parametrize(
    "asked", ["", "from_currency=EUR", "from_currency=EUR&to_currency=XX", "from_currency=EUR&to_currency=USD&on=x"]
)
def test_a_rate_that_is_not_asked_for_properly_is_refused(erp: APIClient, asked: str) -> None:
    assert erp.get(f"/api/v1/rates/?{asked}").status_code in (400, 422)


def test_a_rate_that_nobody_publishes_is_refused_with_a_sentence(erp: APIClient) -> None:
    answer = erp.get("/api/v1/rates/?from_currency=EUR&to_currency=KWD")
    assert answer.status_code == 422
    assert "Enter a rate" in error(answer)["sentence"]
