"""The composer of a mail by hand: filled with what fits, shown as it leaves, warned about, sent with a way back."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from customers.models import Contact, Customer
from customers.services.note_contact import note_contact
from dunning.models import InboundMessage, OwnMessage
from dunning.services.install_policy import install_standard_policy
from dunning.services.receive_message import receive_message
from invoices.models import Invoice
from invoices.services.make_promise import make_promise
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import pin
from tests.dunning.own_messages import deliver
from tests.factories import DAY
from worklist.models import Draft, Undo, WorklistItem
from worklist.services.rescore import rescore

pytestmark = pytest.mark.django_db

HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def who(cast: Cast) -> Customer:
    """A customer who owes 119 euros for ten days, with a buyer beside accounts payable."""
    pin(DAY)
    made = factories.customer(name="Meyer & Söhne", collector=cast.collector)
    install_standard_policy(made.entity)
    factories.invoice(made, "119.00", number="2026-1", due_on=DAY - timedelta(days=10))
    factories.invoice(made, "70.00", number="2026-2", due_on=DAY + timedelta(days=20))
    Contact.objects.create(customer=made, name="Bo Buyer", part="buyer", email="buyer@meyer.example", language="de")
    rescore([made.pk], on=DAY)
    return made


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.collector)
    return client


def at(who: Customer, more: str = "") -> str:
    return f"/accounts/{who.pk}/mail/{more}"


def fields(html: str) -> dict[str, Any]:
    """What the form on the page would send as it is."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind, name = told.get("type", "text"), told.get("name", "")
        if not name or name == "csrfmiddlewaretoken" or (kind == "checkbox" and " checked" not in tag):
            continue
        if kind == "checkbox" and name in ("claims", "attach", "copies"):
            found[name] = [*found.get(name, []), told["value"]]
        else:
            found[name] = told.get("value", "on")
    for name, inside in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside) or re.search(r'<option value="([^"]*)"', inside)
        assert chosen is not None
        found[name] = chosen[1]
    for name, inside in re.findall(r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL):
        found[name] = inside.replace("&amp;", "&").replace("&#x27;", "'").replace("&quot;", '"')
    if "subject" in found:
        found["subject"] = str(found["subject"]).replace("&amp;", "&")
    return found


def opened(desk: Client, who: Customer, more: str = "") -> dict[str, Any]:
    return fields(desk.get(at(who, more)).content.decode())


# --- what it begins with ---------------------------------------------------------------------------------------------


def test_u25_it_opens_with_template_contact_language_and_invoices_chosen(desk: Client, who: Customer) -> None:
    html = desk.get(at(who), **HTMX).content.decode()
    told = fields(html)
    primary = who.contacts.get(is_primary=True)
    assert told["to"] == str(primary.pk)
    assert told["language"] == "en"
    assert told["claims"] == [str(Invoice.objects.get(number="2026-1").pk)], "what is late, and nothing else"
    body = str(told["body"])
    assert "Pat Payable" in body
    assert "{{contact_name}}" not in body
    assert "{{invoice_table}}" in body, "the table is made when it leaves"
    assert "Kind regards\nCollector\nNordwind Handel GmbH" in body, "with the writer's name below"
    assert "€119.00" in html


def test_u25_the_words_are_those_of_the_stage_the_customer_is_in(desk: Client, who: Customer) -> None:
    first = opened(desk, who)
    WorklistItem.objects.filter(pk=who.pk).update(stage="late")
    assert opened(desk, who)["template"] != first["template"]


def test_where_nothing_is_open_it_opens_with_words_of_ones_own(desk: Client, cast: Cast) -> None:
    pin(DAY)
    told = opened(desk, factories.customer())
    assert told["template"] == "own"
    assert str(told["body"]).strip() == "Collector"


def test_a_promised_invoice_is_offered_and_not_chosen(desk: Client, who: Customer, cast: Cast) -> None:
    invoice = Invoice.objects.get(number="2026-1")
    make_promise(customer=who, items=[(invoice, None)], promised_on=DAY + timedelta(days=2), made_on=DAY, note="",
                 actor=cast.collector)  # fmt: skip
    html = desk.get(at(who)).content.decode()
    assert "claims" not in fields(html) or fields(html)["claims"] != [str(invoice.pk)]
    assert "promised" in html


# --- looking ---------------------------------------------------------------------------------------------------------


def test_another_recipient_brings_the_language_and_fills_untouched_words_anew(desk: Client, who: Customer) -> None:
    told = opened(desk, who)
    buyer = Contact.objects.get(name="Bo Buyer")
    answer = desk.post(at(who), told | {"to": buyer.pk, "look": "words"}, **HTMX, HTTP_HX_TRIGGER_NAME="to")
    html = answer.content.decode()
    assert 'id="mail-words"' in html
    assert "hx-swap-oob" in html
    assert "Bo Buyer" in html
    assert "Guten Tag" in html
    assert fields(html)["language"] == "de"


def test_words_that_somebody_changed_stay_and_it_says_so(desk: Client, who: Customer) -> None:
    told = opened(desk, who) | {"body": "My own words.", "look": "words"}
    buyer = Contact.objects.get(name="Bo Buyer")
    html = desk.post(at(who), told | {"to": buyer.pk}, **HTMX, HTTP_HX_TRIGGER_NAME="to").content.decode()
    assert 'id="mail-words"' not in html
    assert "You changed the words" in html
    replaced = desk.post(at(who), told | {"look": "replace"}, **HTMX).content.decode()
    assert "Pat Payable" in replaced


def test_d44_the_preview_is_byte_for_byte_what_leaves(desk: Client, who: Customer, transactional_db: None) -> None:
    told = opened(desk, who) | {"body": "Dear {{contact_name}},\n\n{{invoice_table}}\n\n{{pay_link}}\n"}
    shown = desk.post(at(who, "shown/"), told)
    assert shown.headers["Content-Security-Policy"].count("'none'") >= 4
    desk.post(at(who), told | {"seen": "", "anyway": ""})
    assert deliver() == {"accepted": 1}
    message = outbox.outbox[0]
    assert isinstance(message, outbox.EmailMultiAlternatives)
    link = r"http://[^\s\"<]+/pay/[^\s\"<]+/"
    assert re.sub(link, "LINK", str(message.alternatives[0][0])) == re.sub(link, "LINK", shown.content.decode())


def test_u26_an_unfilled_placeholder_is_marked_and_blocks(desk: Client, who: Customer) -> None:
    told = opened(desk, who) | {"claims": [], "body": "You owe {{amount}}."}
    html = desk.post(at(who), told | {"look": "preview"}, **HTMX).content.decode()
    assert "<mark>{{amount}}</mark>" in html
    answer = desk.post(at(who), told, **HTMX)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#composer"
    assert "Error:" in desk.post(at(who), told).content.decode()
    assert not OwnMessage.objects.exists()


def test_an_unknown_placeholder_is_named_with_its_line(desk: Client, who: Customer) -> None:
    told = opened(desk, who) | {"body": "Hello\n{{secret_key}}"}
    html = desk.post(at(who), told | {"look": "preview"}, **HTMX).content.decode()
    assert "Line 2:" in html
    assert "There is no placeholder" in html


# --- sending ---------------------------------------------------------------------------------------------------------


def test_sending_counts_as_worked_shows_the_next_and_can_be_taken_back(desk: Client, who: Customer) -> None:
    told = opened(desk, who)
    answer = desk.post(at(who), told, **HTMX)
    assert answer.status_code == 200
    sent = OwnMessage.objects.get()
    assert (sent.state, sent.amount, sent.written_by.username) == ("approved", Decimal("119.00"), "collector")
    assert (sent.due_at - timezone.now()).total_seconds() > 10
    assert WorklistItem.objects.get(pk=who.pk).done_on == DAY
    undo = re.search(r"/undo/[0-9a-f-]+/", answer.headers["HX-Trigger"])
    assert undo is not None
    assert "leaves in a few seconds" in answer.headers["HX-Trigger"]
    assert desk.post(undo[0], **HTMX).status_code == 200
    sent.refresh_from_db()
    assert (sent.state, sent.reason) == ("cancelled", "withdrawn")
    assert WorklistItem.objects.get(pk=who.pk).done_on is None
    kept = Draft.objects.get(user__username="collector")
    assert kept.key == at(who)
    assert kept.data["body"] == told["body"], "what was typed waits on the desk again"


def test_d89_too_late_to_take_back_is_said(desk: Client, who: Customer) -> None:
    answer = desk.post(at(who), opened(desk, who), **HTMX)
    undo = re.search(r"/undo/[0-9a-f-]+/", answer.headers["HX-Trigger"])
    assert undo is not None
    OwnMessage.objects.update(state="sending")
    assert desk.post(undo[0], **HTMX).status_code == 409


def test_u28_it_warns_before_sending_and_sends_once_somebody_said_so(desk: Client, who: Customer) -> None:
    note_contact(customer=who, contact=who.contacts.get(is_primary=True), channel="email", on=DAY, source="run:1:1")
    html = desk.get(at(who)).content.decode()
    assert "heard from us today already: a mail" in html
    told = fields(html)
    assert told["seen"] == "contact_budget"
    answer = desk.post(at(who), told, **HTMX)
    assert answer.status_code == 422
    assert "Send it all the same" in answer.content.decode()
    assert not OwnMessage.objects.exists()
    assert desk.post(at(who), told | {"anyway": "on"}, **HTMX).status_code == 200
    assert OwnMessage.objects.get().accepted_warnings == ["contact_budget"]


def test_u28_a_warning_that_was_not_on_the_screen_is_not_accepted_by_its_tick(desk: Client, who: Customer) -> None:
    told = opened(desk, who) | {"seen": "", "anyway": "on"}
    note_contact(customer=who, contact=who.contacts.get(is_primary=True), channel="email", on=DAY, source="run:1:1")
    assert desk.post(at(who), told, **HTMX).status_code == 422


def test_u28_a_payment_of_meanwhile_is_said(desk: Client, who: Customer) -> None:
    told = opened(desk, who)
    invoice = Invoice.objects.get(number="2026-1")
    factories.payment(who, "119.00", shares=[(invoice, Decimal("119.00"))])
    answer = desk.post(at(who), told, **HTMX)
    assert answer.status_code == 422
    assert not OwnMessage.objects.exists()


def test_u28_a_suppressed_contact_blocks(desk: Client, who: Customer) -> None:
    told = opened(desk, who)
    who.contacts.update(health="complained")
    answer = desk.post(at(who), told, **HTMX)
    assert answer.status_code == 422
    assert "complained about our mail" in answer.content.decode()


def test_the_same_form_sent_twice_is_one_mail(desk: Client, who: Customer) -> None:
    told = opened(desk, who)
    assert desk.post(at(who), told, **HTMX).status_code == 200
    assert desk.post(at(who), told, **HTMX).status_code == 200
    assert OwnMessage.objects.count() == 1


def test_it_works_without_script(desk: Client, who: Customer) -> None:
    answer = desk.post(at(who), opened(desk, who))
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/accounts/{who.pk}/"


# --- whose it is -----------------------------------------------------------------------------------------------------


def test_d53_strangers_find_nothing(client: Client, desk: Client, who: Customer, cast: Cast) -> None:
    told = opened(desk, who)
    sent = desk.post(at(who), told, **HTMX)
    assert sent.status_code == 200
    pk = OwnMessage.objects.get().pk
    client.force_login(cast.stranger)
    for url in (at(who), at(who, "shown/")):
        assert client.post(url, told).status_code == 404
    assert client.get(f"/dunning/mails/{pk}/").status_code == 404
    other = factories.customer(of=factories.entity("DE09", team=cast.stranger.teams.get()))
    assert client.get(at(other, f"?again={pk}")).status_code == 404
    assert client.get(at(other, "?answers=999")).status_code == 404


def test_d53_somebody_elses_contact_and_invoice_cannot_be_chosen(desk: Client, who: Customer) -> None:
    other = factories.customer()
    theirs = factories.invoice(other, "5.00")
    told = opened(desk, who)
    assert desk.post(at(who), told | {"to": other.contacts.get().pk}, **HTMX).status_code == 422
    assert desk.post(at(who), told | {"claims": [theirs.pk]}, **HTMX).status_code == 422
    assert not OwnMessage.objects.exists()


def test_d54_extra_fields_are_ignored(desk: Client, who: Customer, cast: Cast) -> None:
    desk.post(at(who), opened(desk, who) | {"state": "accepted", "written_by": cast.lead.pk, "amount": "1"}, **HTMX)
    sent = OwnMessage.objects.get()
    assert (sent.state, sent.written_by, sent.amount) == ("approved", cast.collector, Decimal("119.00"))


def test_d66_d67_script_in_names_and_words_is_inert(desk: Client, who: Customer) -> None:
    nasty = "<script>alert(1)</script><div hx-get=/x hx-trigger=load>"
    who.contacts.filter(is_primary=True).update(name=nasty)
    html = desk.get(at(who), **HTMX).content.decode()
    assert "<script>" not in html
    assert "<div hx-get=/x" not in html
    told = opened(desk, who) | {"body": nasty}
    assert "<div hx-get=/x" not in desk.post(at(who), told | {"look": "preview"}, **HTMX).content.decode()


def test_no_input_makes_a_500(desk: Client, who: Customer) -> None:
    told = opened(desk, who)
    several: list[dict[str, Any]] = [
        {"to": "x"}, {"to": ""}, {"token": "x"}, {"body": "\x00"}, {"language": "xx"}, {"claims": ["-1"]},
        {"template": "9" * 30}, {"subject": "a\r\nBcc: b"}, {"body": ""}, {"look": "zz"},
    ]  # fmt: skip
    for bad in several:
        assert desk.post(at(who), told | bad, **HTMX).status_code in (200, 422), bad
    for url in ("?answers=x", "?again=x", "?answers=99999999999999999999", "?at=zz"):
        assert desk.get(at(who, url)).status_code in (200, 404)


# --- answers ---------------------------------------------------------------------------------------------------------


def letter(who: Customer, sender: str) -> InboundMessage:
    raw = f"From: Pat <{sender}>\r\nTo: x@y.example\r\nSubject: Question\r\nMessage-ID: <q@z>\r\n\r\nWhich one?\r\n"
    message = receive_message(raw=raw.encode(), account="test")
    assert message is not None
    InboundMessage.objects.filter(pk=message.pk).update(customer=who)
    message.refresh_from_db()
    return message


def test_an_answer_begins_with_its_subject_goes_to_its_writer_and_files_the_message(
    desk: Client, who: Customer, transactional_db: None
) -> None:
    asked = letter(who, "somebody@meyer.example")
    html = desk.get(at(who, f"?answers={asked.pk}"), **HTMX).content.decode()
    told = fields(html)
    assert (told["subject"], told["to"]) == ("Re: Question", "answer")
    assert "claims" not in told, "an answer asks for nothing by itself"
    assert "&gt; Which one?" in html
    answer = desk.post(at(who, f"?answers={asked.pk}"), told | {"body": "The first one."}, **HTMX)
    assert answer.status_code == 200
    assert '"#messages"' in answer.headers["HX-Location"]
    asked.refresh_from_db()
    assert asked.state == "done"
    deliver()
    assert outbox.outbox[0].to == ["somebody@meyer.example"]
    assert outbox.outbox[0].extra_headers["In-Reply-To"] == "<q@z>"


def test_an_answer_to_a_known_contact_goes_to_the_contact(desk: Client, who: Customer) -> None:
    asked = letter(who, "buyer@meyer.example")
    told = opened(desk, who, f"?answers={asked.pk}")
    assert told["to"] == str(Contact.objects.get(name="Bo Buyer").pk)
    undo = re.search(
        r"/undo/[0-9a-f-]+/",
        desk.post(at(who, f"?answers={asked.pk}"), told | {"body": "Yes."}, **HTMX).headers["HX-Trigger"],
    )
    assert undo is not None
    desk.post(undo[0], **HTMX)
    asked.refresh_from_db()
    assert asked.state == "waiting", "taken back, the message waits again"


# --- the mail's own page ---------------------------------------------------------------------------------------------


def test_u29_the_page_says_in_plain_words_what_became_of_it(
    desk: Client, who: Customer, cast: Cast, transactional_db: None
) -> None:
    desk.post(at(who), opened(desk, who), **HTMX)
    row = OwnMessage.objects.get()
    page = f"/dunning/mails/{row.pk}/"
    assert "leaves in a few seconds" in desk.get(page).content.decode()
    OwnMessage.objects.update(state="unknown", reason_text="The connection broke.", subject="S", body_text="T")
    html = desk.get(page).content.decode()
    assert "may or may not have arrived" in html
    assert "It did not arrive" in html
    assert desk.post(f"{page}resolve/", {"arrived": "perhaps"}).status_code == 422
    assert desk.post(f"{page}resolve/", {"arrived": "no"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "failed"
    assert desk.post(f"{page}resolve/", {"arrived": "no"}).status_code == 409
    again = opened(desk, who, f"?again={row.pk}")
    assert (again["body"], again["subject"]) == (row.written_body, row.written_subject)


def test_a_queued_mail_can_be_taken_back_on_its_page(desk: Client, who: Customer) -> None:
    desk.post(at(who), opened(desk, who), **HTMX)
    page = f"/dunning/mails/{OwnMessage.objects.get().pk}/"
    assert desk.post(f"{page}withdraw/").status_code == 302
    assert OwnMessage.objects.get().state == "cancelled"
    assert desk.post(f"{page}withdraw/").status_code == 409


def test_d98_the_composer_costs_as_many_statements_for_a_hundred_invoices(
    desk: Client, who: Customer, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for turn in range(2):
        with django_assert_max_num_queries(20) as caught:
            html = desk.get(at(who), **HTMX).content
        counts.append(len(caught))
        for number in range(90):
            factories.invoice(who, "1.00", number=f"N{turn}-{number}", due_on=DAY - timedelta(days=3))
    assert counts[0] == counts[1]
    assert len(html) < 150_000


def test_u08_sent_again_after_it_was_taken_back_it_asks_first_and_then_leaves(desk: Client, who: Customer) -> None:
    told = opened(desk, who)
    desk.post(at(who), told, **HTMX)
    undo = Undo.objects.get(action="mail")
    desk.post(f"/undo/{undo.pk}/", **HTMX)
    answer = desk.post(at(who), told, **HTMX)
    assert answer.status_code == 422
    assert "This mail was taken back." in answer.content.decode()
    again = desk.post(at(who), told | {"token": fields(answer.content.decode())["token"]}, **HTMX)
    assert again.status_code == 200, again.content.decode()
    assert sorted(OwnMessage.objects.values_list("state", flat=True)) == ["approved", "cancelled"]
