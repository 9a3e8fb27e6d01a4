"""The timeline by kind, words and person, and the events that come from elsewhere: providers, cases, holds, files."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, Hold, TrackingEvent
from customers.services.keep_attachment import keep_attachment
from invoices.models import DisputeCase, DisputeEvent, DocumentMail
from invoices.services.make_promise import make_promise
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity
from worklist.queries.timeline import THEM, people, timeline
from worklist.services.log_activity import log_activity

pytestmark = pytest.mark.django_db


def late() -> Customer:
    who = factories.customer()
    factories.invoice(who, "1000.00", due_on=DAY - timedelta(days=40))
    return who


def texts(who: Customer, **asked: Any) -> list[str]:
    return [event.text for event in timeline(customer_id=who.pk, **asked).events]


def test_words_numbers_and_amounts_are_found_as_they_are_written(cast: Cast) -> None:
    who = late()
    log_activity(customer=who, kind="note", text="100% sure, a_b \\ done", happened_on=DAY, actor=cast.collector)
    log_activity(customer=who, kind="note", text="nothing", happened_on=DAY, actor=cast.collector)
    number = who.invoices.get().number
    assert texts(who, text=number.lower()) == [f"Invoice {number} over €1,000.00"]
    assert texts(who, text="1000.00") == [f"Invoice {number} over €1,000.00"]
    for words in ("100%", "a_b", "\\ done", "SURE"):
        assert texts(who, text=words) == ["Note"], words
    for words in ("%", "_x_", "a%b", "\x00", "'; DROP"):
        assert len(texts(who, text=words)) <= 1, words
    assert texts(who, text="azb") == []


def test_the_person_is_one_of_us_or_the_customer(cast: Cast) -> None:
    who = late()
    invoice = who.invoices.get()
    log_activity(customer=who, kind="note", text="x", happened_on=DAY, actor=cast.collector)
    log_activity(customer=who, kind="call", outcome="reached", happened_on=DAY, actor=cast.lead)
    make_promise(customer=who, items=[(invoice, None)], promised_on=DAY, made_on=DAY, via="payer", by="payer")
    assert texts(who, by=cast.collector.pk) == ["Note"]
    assert texts(who, by=cast.lead.pk) == ["Call: reached"]
    assert texts(who, by=THEM) == ["Promise of €1,000.00 by 2 Mar 2026"]
    assert [name for _, name in people([who.pk])] == sorted([str(cast.collector), str(cast.lead)])
    assert timeline(customer_id=who.pk, by=cast.lead.pk).events[0].who == cast.lead.first_name


def test_u24_an_open_that_a_provider_tells_of_may_be_automatic() -> None:
    who = late()
    mail = DocumentMail.objects.create(
        customer=who, channel="email", to_address="ap@example.com", subject="Your invoice", state="accepted",
        message_id="<a@b>", provider_id="p-1", language="en", kind=DocumentMail.Kind.values[0],
    )  # fmt: skip
    for number, (kind, ids) in enumerate((("opened", {"message_id": "<a@b>"}), ("bounced", {"provider_id": "p-1"}),
                                          ("delivered", {"message_id": "<a@b>", "provider_id": "p-1"}),
                                          ("opened", {"message_id": "<other>"}))):  # fmt: skip
        TrackingEvent.objects.create(
            provider="x", event_id=str(number), kind=kind, happened_at=timezone.now(), recipient="ap@example.com", **ids
        )
    found = timeline(customer_id=who.pk, kind="mail").events
    assert sorted(event.text for event in found) == sorted(
        [mail.subject, "Opened (may be automatic): Your invoice", "Bounced: Your invoice", "Delivered: Your invoice"]
    )
    assert {event.state for event in found if event.text.startswith("Bounced")} == {"critical"}


def test_cases_holds_files_and_escalations_are_told(cast: Cast) -> None:
    who = late()
    case = DisputeCase.objects.create(
        customer=who, reference="D-1", reason="price", currency="EUR", opened_on=DAY, answer_by=DAY
    )
    DisputeEvent.objects.create(case=case, kind="moved", stage="colleague", on=DAY, by=cast.collector)
    DisputeEvent.objects.create(case=case, kind="answered", text="It was short", by_name="Kim Depot", on=DAY)
    Hold.objects.create(customer=who, reason="legal", starts_on=DAY, ends_on=DAY, released_on=DAY, owner=cast.lead)
    kept = keep_attachment(
        customer=who, name="a.pdf", content=b"x", content_type="", actor=None, by_name="Kim Depot"
    )  # fmt: skip
    Activity.objects.create(customer=who, kind="escalation", text="To lead: help", happened_on=DAY, by=cast.collector)
    found = {event.text: event for event in timeline(customer_id=who.pk, size=50).events}
    for words in ("Dispute D-1: waiting for a colleague", "Dispute D-1: answered", "Escalation", "File a.pdf kept",
                  "On hold until 2 Mar 2026: With lawyers", "Hold released: With lawyers"):  # fmt: skip
        assert words in found
    assert found["File a.pdf kept"].url == reverse("attachment", args=[who.pk, kept.pk])
    assert found["Dispute D-1: answered"].note == "Kim Depot"


def test_every_kind_of_activity_has_its_line(cast: Cast) -> None:
    who = late()
    Activity.objects.bulk_create(
        Activity(customer=who, kind=kind, text="x", happened_on=DAY, by=cast.collector) for kind in Activity.Kind.values
    )
    assert len(texts(who, kind="talk", size=50)) == len(Activity.Kind.values)


def page(client: Client, who: Customer, target: str = "", **query: Any) -> str:
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    return client.get(reverse("account_timeline", args=[who.pk]), query, headers=headers).content.decode()


def test_the_filters_are_kept_by_the_link_to_older_events(client: Client, cast: Cast) -> None:
    who = late()
    for number in range(35):
        log_activity(customer=who, kind="note", text=f"apple {number}", happened_on=DAY, actor=cast.collector)
    client.force_login(cast.collector)
    shown = page(client, who, "timeline", q="apple", by="me", kind="talk")
    assert "kind=talk&amp;q=apple&amp;by=me&amp;before=" in shown
    assert 'value="apple"' in shown
    assert "<html" not in shown
    assert "timeline-q" not in page(client, who, "timeline-events", q="apple")
    assert "<html" in page(client, who, q="apple", by="them")
    assert "Nothing like that happened" in page(client, who, "timeline-events", q="pear")


@pytest.mark.parametrize("by", ["x", "-1", "9" * 40, "²", "me'", "\x00"])
def test_a_forged_person_is_anybody(client: Client, cast: Cast, by: str) -> None:
    who = late()
    client.force_login(cast.viewer)
    assert client.get(reverse("account_timeline", args=[who.pk]), {"by": by}).status_code == 200


def test_d66_scripts_in_notes_names_and_file_names_are_inert(client: Client, cast: Cast) -> None:
    bad = "<script>alert(1)</script><b hx-get=/x hx-trigger=load>"
    who = factories.customer(name=bad)
    note = log_activity(customer=who, kind="note", text=bad, happened_on=DAY, actor=cast.collector, pinned=True,
                        follow_up_on=DAY)  # fmt: skip
    keep_attachment(customer=who, name=bad, content=b"x", content_type=bad, actor=None, by_name=bad)
    type(cast.collector).objects.filter(pk=cast.collector.pk).update(first_name=bad)
    client.force_login(cast.lead)
    for shown in (page(client, who), page(client, who, "timeline", q=bad),
                  client.get(reverse("account", args=[who.pk])).content.decode(),
                  client.get(reverse("note_edit", args=[note.pk])).content.decode(),
                  client.get(reverse("follow_ups"), {"show": "all"}).content.decode()):  # fmt: skip
        assert "<script>alert" not in shown
        assert "<b hx-get" not in shown


def test_d98_the_account_page_asks_as_much_for_a_hundred_rows_as_for_ten(client: Client, cast: Cast) -> None:
    few, many = late(), late()
    for who, count in ((few, 10), (many, 100)):
        for number in range(count // 10):
            invoice = factories.invoice(who, "10.00", due_on=DAY - timedelta(days=number))
        make_promise(customer=who, items=[(invoice, None)], promised_on=DAY, made_on=DAY, by="t")
        Activity.objects.bulk_create(
            Activity(customer=who, kind="note", text="x", happened_on=DAY, follow_up_on=DAY, by=cast.collector)
            for _ in range(count)
        )
    client.force_login(cast.collector)

    def asked(name: str, who: Customer) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(name, args=[who.pk])).status_code == 200
        return len(seen)

    for name in ("account", "account_timeline", "account_playbook"):
        asked(name, few)
        assert asked(name, many) == asked(name, few) <= 20
