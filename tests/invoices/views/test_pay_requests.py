"""What a payer says instead of paying: kept with a reference, refused kindly, and never on a mere visit."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from collections_app.audit.models import AuditEntry
from invoices.models import Dispute, DisputeFile, Invoice, PayerRequest, Promise
from tests import factories
from tests.invoices.payers import Payer, payer

pytestmark = pytest.mark.django_db

TODAY = factories.today()


@pytest.fixture
def someone() -> Payer:
    who = factories.customer()
    factories.invoice(who, "100.00", due_on=TODAY - timedelta(days=5))
    return payer(who)


def first() -> Invoice:
    return Invoice.objects.earliest("pk")


def test_a_promise_covers_the_ticked_invoices_until_the_day(client: Client, someone: Payer) -> None:
    day = TODAY + timedelta(days=3)
    answer = client.post(f"{someone.path}promise/", {"promised_on": day.isoformat(), "item": [first().pk]})
    assert "Thank you" in answer.content.decode()
    promise = Promise.objects.get()
    assert (promise.via, promise.promised_on, promise.amount) == ("payer", day, Decimal("100"))


@pytest.mark.parametrize("days", [-1, 15, 400])
def test_p05_a_payer_cannot_put_reminders_off_without_limit(client: Client, someone: Payer, days: int) -> None:
    form = {"promised_on": (TODAY + timedelta(days=days)).isoformat(), "item": [first().pk]}
    answer = client.post(f"{someone.path}promise/", form)
    assert answer.status_code == 422
    assert "14 days" in answer.content.decode()
    assert not Promise.objects.exists()


@pytest.mark.parametrize("form", [{}, {"promised_on": "soon"}, {"promised_on": "2026-02-30"}, {"item": ["x"]}])
def test_unreadable_promises_are_refused_with_what_was_typed(
    client: Client, someone: Payer, form: dict[str, Any]
) -> None:
    answer = client.post(f"{someone.path}promise/", form)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def dispute(**fields: object) -> dict[str, object]:
    return {"invoice": first().pk, "reason": "price", "amount": "", "text": "We agreed on less.", **fields}


def test_u52_a_dispute_gets_a_reference_and_says_what_happens_next(client: Client, someone: Payer) -> None:
    page = client.post(f"{someone.path}dispute/", dispute(amount="40")).content.decode()
    made = Dispute.objects.get()
    assert (made.via, made.amount, made.text) == ("payer", Decimal("40"), "We agreed on less.")
    assert made.reference in page
    assert "What happens next" in page


def test_u52_a_photo_comes_with_the_report_and_stands_beside_the_dispute(client: Client, someone: Payer) -> None:
    too_many = [SimpleUploadedFile("a.png", b"x") for _ in range(6)]
    for wrong in (too_many, [SimpleUploadedFile("empty.png", b"")]):
        assert client.post(f"{someone.path}dispute/", dispute(attached=wrong)).status_code == 422
    assert not Dispute.objects.exists()
    photo = SimpleUploadedFile("damage.png", b"x", content_type="image/png")
    assert client.post(f"{someone.path}dispute/", dispute(attached=photo)).status_code == 200
    kept = DisputeFile.objects.select_related("attachment", "case").get()
    assert (kept.attachment.name, kept.attachment.added_by_name, kept.case.via) == ("damage.png", "payer", "payer")


@pytest.mark.parametrize(
    ("change", "status"),
    [({"amount": "100.01"}, 422), ({"amount": "-1"}, 422), ({"amount": "ten"}, 422), ({"reason": "nonsense"}, 422),
     ({"text": ""}, 422), ({"text": "x" * 2001}, 422), ({"text": "\x00"}, 422), ({"invoice": "999999"}, 422)],
)  # fmt: skip
def test_disputes_that_cannot_be_are_refused(
    client: Client, someone: Payer, change: dict[str, Any], status: int
) -> None:
    assert client.post(f"{someone.path}dispute/", dispute(**change)).status_code == status
    assert not Dispute.objects.exists()


def test_a_second_report_about_the_same_invoice_is_a_conflict(client: Client, someone: Payer) -> None:
    client.post(f"{someone.path}dispute/", dispute())
    answer = client.post(f"{someone.path}dispute/", dispute())
    assert answer.status_code == 409
    assert "already have your report" in answer.content.decode()


def test_d66_what_a_payer_writes_comes_back_as_text_only(client: Client, someone: Payer) -> None:
    page = client.post(
        f"{someone.path}dispute/", dispute(text="<script>alert(1)</script>", amount="ten")
    ).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_d53_a_strangers_invoice_cannot_be_disputed_or_promised(client: Client, someone: Payer) -> None:
    foreign = factories.invoice(factories.customer(), "50.00")
    assert client.post(f"{someone.path}dispute/", dispute(invoice=foreign.pk)).status_code == 422
    form = {"promised_on": TODAY.isoformat(), "item": [foreign.pk]}
    assert client.post(f"{someone.path}promise/", form).status_code == 422
    assert not Dispute.objects.exists()
    assert not Promise.objects.exists()


@pytest.mark.parametrize(("place", "kind"), [("plan", "plan"), ("wrong-contact", "wrong_contact")])
def test_requests_are_kept_for_a_person_once(client: Client, someone: Payer, place: str, kind: str) -> None:
    for _ in range(2):
        assert client.post(f"{someone.path}{place}/", {"text": "Three rates please"}).status_code == 200
    made = PayerRequest.objects.get()
    assert (made.kind, made.text, made.customer_id) == (kind, "Three rates please", someone.customer.pk)
    assert AuditEntry.objects.filter(action="payer_request.made", customer_id=someone.customer.pk).count() == 1


def test_messages_are_not_taken_without_end(client: Client, someone: Payer) -> None:
    statuses = [client.post(f"{someone.path}plan/", {"text": f"no. {n}"}).status_code for n in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert PayerRequest.objects.count() == 10


def test_when_everything_is_paid_there_is_nothing_to_say(client: Client, someone: Payer) -> None:
    factories.payment(someone.customer, "100.00", shares="oldest")
    assert client.get(f"{someone.path}promise/").status_code == 404
