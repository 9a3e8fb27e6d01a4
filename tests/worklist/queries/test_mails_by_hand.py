"""A mail by hand is a contact like a call: on the timeline, in the score, in the evidence and the invoice's history."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from customers.models import Customer
from dunning.models import OwnMessage
from dunning.queries.evidence import Scope
from dunning.queries.evidence_messages import message_evidence
from invoices.queries.history import Told, events_of
from tests import factories
from tests.dunning.conftest import pin
from tests.dunning.own_messages import deliver, sent
from tests.factories import DAY
from worklist.models import WorklistItem
from worklist.queries.timeline import timeline
from worklist.services.rescore import rescore

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def who() -> Customer:
    pin(DAY)
    made = factories.customer()
    factories.invoice(made, "500.00", number="2026-7", due_on=DAY - timedelta(days=20))
    return made


def test_it_stands_on_the_timeline_from_the_moment_it_is_queued_and_leads_to_its_page(who: Customer) -> None:
    row = sent(who, subject="Our talk of today")
    (event,) = timeline(customer_id=who.pk, kind="mail").events
    assert (event.text, event.url) == ("Our talk of today", reverse("dunning_own_message", args=[row.pk]))
    deliver()
    assert "sent by hand" in timeline(customer_id=who.pk, kind="mail").events[0].note


def test_one_that_was_kept_here_stays_visible_with_its_reason_and_one_taken_back_does_not(who: Customer) -> None:
    sent(who)
    who.contacts.update(health="bounced")
    deliver()
    (event,) = timeline(customer_id=who.pk, kind="mail").events
    assert (event.state, "not sent" in event.note) == ("attention", True)
    assert "came back" in event.detail
    OwnMessage.objects.update(reason="withdrawn")
    assert timeline(customer_id=who.pk, kind="mail").events == []


def test_r05_the_list_counts_it_as_a_contact_of_the_day_and_asks_about_an_unknown_one(who: Customer) -> None:
    rescore([who.pk], on=DAY)
    assert WorklistItem.objects.get(pk=who.pk).last_contact_on is None
    sent(who)
    deliver()
    rescore([who.pk], on=DAY)
    assert WorklistItem.objects.get(pk=who.pk).last_contact_on == DAY
    assert len(mail.outbox) == 1
    with_unknown = sent(who, accepted=["contact_budget"])
    OwnMessage.objects.filter(pk=with_unknown.pk).update(state="unknown", sent_on=DAY)
    rescore([who.pk], on=DAY)
    assert any(part["name"] == "unknown_mail" for part in WorklistItem.objects.get(pk=who.pk).parts)


def test_f35_the_bundle_holds_it_with_its_source(who: Customer) -> None:
    invoice = who.invoices.get()
    sent(who, invoice, subject="Please pay")
    deliver()
    scope = Scope(who, who.entity, (who.pk,), "EUR", (invoice.pk,), DAY - timedelta(days=30), DAY)
    (entry,) = [one for one in message_evidence(scope) if one.kind == "mail"]
    assert "Please pay" in entry.text
    assert entry.facts["asked"][0]["number"] == "2026-7"
    assert b"Please pay" in entry.papers[0].content


def test_the_invoice_tells_of_it(who: Customer) -> None:
    invoice = who.invoices.get()
    sent(who, invoice, subject="Please pay")
    deliver()
    told = [event.row.link for event in events_of(invoice) if isinstance(event.row, Told)]
    assert told == ["Please pay"]
