"""The account page, its timeline, the lists of accounts and disputes, and small changes on an account."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from collections_app.accounts.models import User
from customers.models import BusinessClock, Customer, Hold
from invoices.models import Invoice
from invoices.services.make_promise import make_promise
from invoices.services.open_dispute import open_dispute
from invoices.services.reverse_allocation import reverse_allocation
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity
from worklist.queries.timeline import timeline
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def late(amount: str = "1000.00", **more: Any) -> tuple[Customer, Invoice]:
    who = factories.customer(**more)
    return who, factories.invoice(who, amount, due_on=DAY - timedelta(days=40))


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def test_u23_one_page_shows_what_a_call_needs(cast: Cast) -> None:
    who, invoice = late()
    open_dispute(invoice=invoice, amount=Decimal("300.00"), reason="price", opened_on=DAY, by="test")
    make_promise(customer=who, items=[(invoice, Decimal("700.00"))], promised_on=DAY, made_on=DAY, by="test")
    rescore_all(on=DAY)
    shown = page(signed_in(cast.viewer), "account", who.pk)
    for words in (who.number, "€1,000.00", invoice.number, "40 days late", "D-2026-", "Promise of €700.00",
                  'href="tel:+49401234"', "mailto:", "How the score adds up"):  # fmt: skip
        assert words in shown
    assert "account-bar" not in shown


def test_the_timeline_merges_everything_newest_first(cast: Cast) -> None:
    who, invoice = late()
    payment = factories.payment(who, "200.00", received_on=DAY - timedelta(days=3), shares="oldest")
    reverse_allocation(
        allocation=payment.allocations.get(),
        effective_on=DAY - timedelta(days=2),
        reason="Charge back",
        actor=None,
        by="t",
    )
    Activity.objects.create(customer=who, kind="note", text="Asked twice", by=cast.collector, happened_on=DAY)
    texts = [event.text for event in timeline(customer_id=who.pk).events]
    assert texts[0] == "Note"
    assert f"€200.00 taken back from {invoice.number}" in texts
    assert texts.index(f"€200.00 taken back from {invoice.number}") < texts.index("Payment of €200.00 received")
    assert texts[-1] == f"Invoice {invoice.number} over €1,000.00"


def test_the_timeline_is_filtered_and_paged_without_gaps_or_repeats(cast: Cast) -> None:
    who, _ = late()
    for number in range(25):
        Activity.objects.create(customer=who, kind="note", text=f"n{number}", by=cast.collector, happened_on=DAY)
    seen, mark = [], ""
    while True:
        found = timeline(customer_id=who.pk, kind="talk", before=mark, size=10)
        seen += [event.detail for event in found.events]
        mark = found.older
        if not mark:
            break
    assert seen == [f"n{number}" for number in reversed(range(25))]
    assert timeline(customer_id=who.pk, kind="nonsense", before="forged~x~y").events


def test_d53_foreign_ids_are_not_found(cast: Cast) -> None:
    who, invoice = late()
    promise = make_promise(customer=who, items=[(invoice, None)], promised_on=DAY, made_on=DAY, by="test")
    dispute = open_dispute(invoice=invoice, amount=None, reason="price", opened_on=DAY, by="test")
    note = Activity.objects.create(customer=who, kind="note", text="x", by=cast.collector, happened_on=DAY)
    hold = Hold.objects.create(customer=who, reason="legal", starts_on=DAY, ends_on=DAY)
    client = signed_in(cast.stranger)
    assert client.get(reverse("account_timeline", args=[who.pk])).status_code == 404
    assert client.get(reverse("dispute_close", args=[dispute.pk])).status_code == 404
    for name, pk in (("note_pin", note.pk), ("promise_withdraw", promise.pk), ("hold_release", hold.pk),
                     ("dispute_close", dispute.pk)):  # fmt: skip
        assert client.post(reverse(name, args=[pk])).status_code == 404
        assert signed_in(cast.viewer).post(reverse(name, args=[pk])).status_code == 403
    assert dispute.reference not in page(client, "disputes")
    assert who.number not in page(client, "accounts")


def test_a_promise_is_withdrawn_a_note_pinned_and_a_hold_released(cast: Cast) -> None:
    who, invoice = late()
    client = signed_in(cast.collector)
    promise = make_promise(customer=who, items=[(invoice, None)], promised_on=DAY, made_on=DAY, by="test")
    client.post(reverse("promise_withdraw", args=[promise.pk]))
    assert client.post(reverse("promise_withdraw", args=[promise.pk])).status_code == 409
    client.post(reverse("account_note", args=[who.pk]), {"text": "Always ask for Mr Weiss"})
    client.post(reverse("note_pin", args=[Activity.objects.get().pk]))
    client.post(reverse("account_hold", args=[who.pk]), {"reason": "legal", "ends_on": str(DAY + timedelta(days=30))})
    shown = page(client, "account", who.pk)
    assert "With lawyers" in shown
    assert shown.index("Always ask for Mr Weiss") < shown.index("items-title")
    again = client.post(reverse("account_hold", args=[who.pk]), {"reason": "legal", "ends_on": str(DAY)})
    assert again.status_code == 422
    client.post(reverse("hold_release", args=[Hold.objects.get().pk]))
    assert Hold.objects.get().released_on == DAY


def test_d87_the_second_to_close_a_dispute_sees_who_was_first_and_keeps_the_text(cast: Cast) -> None:
    _, invoice = late()
    dispute = open_dispute(invoice=invoice, amount=None, reason="price", opened_on=DAY, by="test")
    address = reverse("dispute_close", args=[dispute.pk])
    assert signed_in(cast.lead).post(address, {"state": "accepted", "resolution": "Credit follows"}).status_code == 302
    answer = signed_in(cast.collector).post(address, {"state": "rejected", "resolution": "My own words"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    for words in (str(cast.lead), "Credit follows", "My own words"):
        assert words in shown


def test_accounts_are_found_by_name_or_number_and_sorted(cast: Cast) -> None:
    small, big = late("10.00", name="Zebra Ltd")[0], late("900.00", name="Adler AG")[0]
    rescore_all(on=DAY)
    client = signed_in(cast.viewer)
    shown = page(client, "accounts")
    assert shown.index(big.name) < shown.index(small.name)
    assert big.name not in page(client, "accounts", q="zeb")
    assert big.name in page(client, "accounts", q=big.number)
    assert "Nobody has that name" in page(client, "accounts", q="\x00'; DROP")
    by_name = page(client, "accounts", sort="-name")
    assert by_name.index(small.name) < by_name.index(big.name)


def test_disputes_are_listed_by_the_day_of_the_answer_and_filtered(cast: Cast) -> None:
    _, invoice = late(collector=cast.collector)
    dispute = open_dispute(invoice=invoice, amount=None, reason="price", opened_on=DAY, by="test")
    client = signed_in(cast.collector)
    assert dispute.reference in page(client, "disputes", show="mine")
    assert dispute.reference not in page(client, "disputes", show="late")
    assert dispute.reference not in page(client, "disputes", show="closed")


def test_the_command_why_tells_both_decisions_of_a_day(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    who, _ = late()
    call_command("why", who.number, "--on", str(DAY), "--format", "json")
    told = json.loads(capsys.readouterr().out)
    assert (told["customer"], told["on"]) == (who.number, str(DAY))
    assert {"overdue", "effect", "cost"} <= {part["name"] for part in told["worklist"]}
    assert all("code" in entry and "facts" in entry for entry in told["dunning"])
    with pytest.raises(CommandError, match="no customer"):
        call_command("why", "NOBODY")


def test_a_contact_is_changed_beside_the_rest_of_the_account(cast: Cast) -> None:
    who, _ = late()
    contact, client = who.contacts.get(), signed_in(cast.collector)
    address, htmx = reverse("contact_edit", args=[who.pk, contact.pk]), {"HX-Request": "true"}
    form = client.get(address, headers=htmx).content.decode()
    assert "<html" not in form
    assert 'hx-target="#contacts"' in form
    sent = {"name": "Kim Ledger", "part": "payables", "email": "", "phone": "+49 40 99", "health": "bounced"}
    wrong = client.post(address, {**sent, "phone": ""}, headers=htmx)
    assert (wrong.status_code, wrong.headers["HX-Retarget"]) == (422, "#contact-form")
    saved = client.post(address, sent, headers=htmx, follow=True).content.decode()
    assert "<html" not in saved
    for words in ("Kim Ledger", 'href="tel:+494099"', "Mail bounced"):
        assert words in saved
    assert signed_in(cast.viewer).get(reverse("account_contacts", args=[who.pk])).status_code == 200
    assert signed_in(cast.stranger).get(reverse("account_contacts", args=[who.pk])).status_code == 404


def test_u34_numbers_and_the_iban_are_copied_by_one_click_and_the_credit_limit_is_shown(cast: Cast) -> None:
    who, invoice = late(credit_limit=Decimal("900.00"))
    shown = page(signed_in(cast.viewer), "account", who.pk)
    assert f'data-copy="{invoice.number}"' in shown
    assert f'data-copy="{who.entity.iban}"' in shown
    assert "DE89 3704 0044 0532 0130 00" in shown
    assert "112 % used" in shown
    Customer.objects.filter(pk=who.pk).update(credit_limit=0)
    assert "% used" not in page(signed_in(cast.viewer), "account", who.pk)
