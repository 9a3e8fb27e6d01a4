"""The messages page: what was read stands beside its sentence, one key confirms it, nothing a stranger wrote runs."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from collections_app.accounts.models import User
from customers.models import Contact, Customer
from dunning.models import InboundMessage, Policy
from dunning.services.receive_message import receive_message
from invoices.models import Dispute, Invoice, Promise
from tests import factories
from tests.conftest import Cast
from tests.dunning.inbound_mails import NOW, mail, with_file

PAGE = "/dunning/messages/"


@pytest.fixture
def writer(policy: Policy) -> Customer:
    """A customer who owes 500 and has one contact."""
    who = factories.customer(email="pat@payer.example", name="Payer Ltd")
    factories.invoice(who, "500.00", due_on=factories.DAY - timedelta(days=20))
    return who


def browser(user: User) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(user)
    return client


def receive(text: str, **facts: Any) -> InboundMessage:
    """The message of those words."""
    message = receive_message(raw=mail(text, **facts), account="imap:x", received_at=NOW)
    assert message is not None
    return message


def post(user: User, name: str, *ids: int, **data: object) -> Any:
    """The answer of htmx to a key."""
    return browser(user).post(reverse(name, args=ids), data, headers={"HX-Request": "true", "HX-Target": "panel"})


def confirm(user: User, message: InboundMessage, **data: object) -> Any:
    """The answer to confirming the first proposal as it was read, or as the data say."""
    first = message.proposals.order_by("pk").first()
    assert first is not None
    return post(user, "dunning_message_confirm", message.pk, first.pk, **(data or {"as_read": "1"}))


def test_the_page_quotes_the_sentence_and_offers_to_confirm_it(writer: Customer, cast: Cast) -> None:
    receive("Hello,\n\nwe will pay 500 EUR on Friday.\n\nRegards\nPat")
    page = browser(cast.collector).get(PAGE).content.decode()
    assert '<mark id="said-1">we will pay 500 EUR on Friday.</mark>' in page
    assert "Payer Ltd" in page
    assert 'data-key="1"' in page
    assert f"over {Invoice.objects.get().number}" in page


def test_one_key_confirms_a_promise_files_the_message_and_shows_the_next(writer: Customer, cast: Cast) -> None:
    first = receive("We will pay 500 EUR on Friday.")
    second = receive("Who are you?", message_id="<m2@payer.example>")
    answer = confirm(cast.collector, first)
    assert answer.status_code == 200
    assert f'data-shown-message="{second.pk}"' in answer.content.decode()
    assert Promise.objects.get().amount == 500
    first.refresh_from_db()
    assert first.state == "done"


def test_a_dispute_that_could_mean_several_invoices_asks_which(writer: Customer, cast: Cast) -> None:
    factories.invoice(writer, "300.00", due_on=factories.DAY)
    message = receive("The goods arrived damaged.")
    answer = confirm(cast.collector, message)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#composer")
    assert "Choose the disputed invoice." in answer.content.decode()
    assert not Dispute.objects.exists()
    chosen = Invoice.objects.order_by("pk").first()
    assert chosen is not None
    assert confirm(cast.collector, message, invoice=chosen.pk, reason="quality", amount="100").status_code == 200
    assert Dispute.objects.get().amount == 100


def test_who_left_is_who_is_named_and_never_the_one_who_says_so(writer: Customer, cast: Cast) -> None:
    Contact.objects.create(customer=writer, name="Robin Miller", email="miller@payer.example")
    named = receive("Robin Miller has left the company.")
    assert confirm(cast.collector, named).status_code == 200
    health = dict(writer.contacts.values_list("email", "health"))
    assert health == {"pat@payer.example": "ok", "miller@payer.example": "left"}
    unnamed = receive("Your contact has left the company.", message_id="<m2@payer.example>")
    assert confirm(cast.collector, unnamed).status_code == 422
    own = receive("I have left the company.", message_id="<m3@payer.example>")
    assert confirm(cast.collector, own).status_code == 200
    assert writer.contacts.get(email="pat@payer.example").health == "left"


def test_a_proposal_can_be_changed_before_it_is_confirmed(writer: Customer, cast: Cast) -> None:
    message = receive("We will pay 500 EUR on Friday.")
    proposal = message.proposals.get()
    form = browser(cast.collector).get(reverse("dunning_message_confirm", args=[message.pk, proposal.pk]))
    assert 'value="2026-03-06"' in form.content.decode()
    invoice = Invoice.objects.get()
    confirm(cast.collector, message, day="2026-03-10", amount="200", invoices=invoice.pk)
    promise = Promise.objects.get()
    assert (promise.amount, promise.promised_on.isoformat()) == (Decimal(200), "2026-03-10")


@pytest.mark.parametrize(
    "data", [{"day": "", "invoices": "1"}, {"day": "2020-01-01"}, {"day": "x", "amount": "-3"}, {"invoices": "999"}]
)
def test_what_cannot_be_is_422_with_the_form(writer: Customer, cast: Cast, data: dict[str, str]) -> None:
    answer = confirm(cast.collector, receive("We will pay 500 EUR on Friday."), **data)
    assert answer.status_code == 422
    assert not Promise.objects.exists()


def test_a_promised_day_that_has_passed_is_told_and_not_recorded(writer: Customer, cast: Cast) -> None:
    message = receive("We will pay 500 EUR tomorrow.", at=NOW - timedelta(days=20))
    answer = confirm(cast.collector, message)
    assert answer.status_code == 422
    assert "A promise names a day to come" in answer.content.decode()


def test_a_dismissed_proposal_leaves_the_message_waiting(writer: Customer, cast: Cast) -> None:
    message = receive("We will pay 500 EUR on Friday.")
    assert post(cast.collector, "dunning_message_dismiss", message.pk, message.proposals.get().pk).status_code == 200
    message.refresh_from_db()
    assert (message.state, message.proposals.get().state) == ("waiting", "dismissed")


def test_a_message_of_nobody_is_assigned_by_search(writer: Customer, cast: Cast) -> None:
    message = receive("We will pay 500 EUR on Friday.", sender="Boss <boss@elsewhere.example>")
    assert confirm(cast.collector, message).status_code == 409
    found = browser(cast.collector).get(reverse("dunning_message_assign", args=[message.pk]), {"find": "payer"})
    assert writer.number in found.content.decode()
    answer = post(cast.collector, "dunning_message_assign", message.pk, customer=writer.number, keep="1")
    assert f'data-shown-message="{message.pk}"' in answer.content.decode()
    message.refresh_from_db()
    assert message.customer == writer
    assert writer.contacts.filter(email="boss@elsewhere.example").exists()


def test_a_message_can_be_filed_and_taken_up_again(writer: Customer, cast: Cast) -> None:
    message = receive("Who are you?")
    assert post(cast.collector, "dunning_message_settle", message.pk).status_code == 200
    assert post(cast.collector, "dunning_message_settle", message.pk).status_code == 409
    assert post(cast.collector, "dunning_message_reopen", message.pk).status_code == 200
    assert InboundMessage.objects.get().state == "waiting"


def test_without_a_script_every_key_is_a_form_that_leads_back(writer: Customer, cast: Cast) -> None:
    message = receive("Who are you?")
    answer = browser(cast.collector).post(reverse("dunning_message_settle", args=[message.pk]))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, PAGE)


def test_d52_strangers_see_nothing_and_viewers_only_look(writer: Customer, cast: Cast) -> None:
    message = receive("We will pay 500 EUR on Friday.")
    nobodys = receive("Hello", sender="x@elsewhere.example", message_id="<m2@payer.example>")
    for name, ids in (("dunning_message_original", [message.pk]), ("dunning_messages_panel", [writer.pk])):
        assert browser(cast.stranger).get(reverse(name, args=ids)).status_code == 404
    assert "Payer Ltd" not in browser(cast.stranger).get(PAGE).content.decode()
    viewed = browser(cast.viewer).get(PAGE).content.decode()
    assert "Payer Ltd" in viewed
    assert 'name="as_read"' not in viewed
    assert browser(cast.viewer).get(reverse("dunning_message_original", args=[nobodys.pk])).status_code == 404
    assert confirm(cast.viewer, message).status_code == 403


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_d66_what_a_stranger_wrote_is_only_ever_text(writer: Customer, cast: Cast) -> None:
    message = receive(
        f"{EVIL}\n\nWe will pay 500 EUR on Friday {EVIL}.", subject=EVIL, sender=f'"{EVIL}" <pat@payer.example>',
        html=f"<p>{EVIL}</p>",
    )  # fmt: skip
    pages = [PAGE, f"/accounts/{writer.pk}/", f"/accounts/{writer.pk}/timeline/"]
    pages += [reverse("dunning_messages_panel", args=[writer.pk])]
    pages += [reverse("dunning_message_confirm", args=[message.pk, row.pk]) for row in message.proposals.all()]
    for page in pages:
        shown = browser(cast.collector).get(page).content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


def test_d66_files_and_originals_are_downloads_never_pages(writer: Customer, cast: Cast) -> None:
    raw = with_file("See file", 'a"; evil=".html', b"<script>alert(1)</script>")
    message = receive_message(raw=raw, account="imap:x", received_at=NOW)
    assert message is not None
    file = message.files.get()
    for name, ids in (("dunning_message_file", [message.pk, file.pk]), ("dunning_message_original", [message.pk])):
        answer = browser(cast.collector).get(reverse(name, args=ids))
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_account_shows_that_somebody_waits_for_an_answer(writer: Customer, cast: Cast) -> None:
    message = receive("Could you send the invoice again?", subject="Invoice copy")
    account = browser(cast.collector).get(f"/accounts/{writer.pk}/").content.decode()
    assert "waits for an answer" in account
    assert f"/dunning/messages/?at={message.pk}" in account
    post(cast.collector, "dunning_message_settle", message.pk)
    account = browser(cast.collector).get(f"/accounts/{writer.pk}/").content.decode()
    assert "waits for an answer" not in account
    assert "Invoice copy" in account  # on the timeline


@pytest.mark.parametrize(
    "query", ["at=x", "at=999999999999999999999", "show=zzz", "q=%00", "q=" + "a" * 500, "after=x"]
)
def test_odd_addresses_are_answered(writer: Customer, cast: Cast, query: str) -> None:
    receive("Hello")
    assert browser(cast.collector).get(f"{PAGE}?{query}").status_code == 200


def test_a_promise_without_amount_is_about_all_that_is_open_of_many_invoices(writer: Customer, cast: Cast) -> None:
    for _ in range(4):
        factories.invoice(writer, "10.00", due_on=factories.DAY)
    message = receive("We will pay on Friday.")
    assert confirm(cast.collector, message).status_code == 200
    assert Promise.objects.get().amount == 540
