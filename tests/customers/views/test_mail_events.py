"""What mail providers report: only with the secret, once each, and what follows from it."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from collections_app.audit.models import AuditEntry
from customers.models import Contact, DeliveryState, TrackingEvent
from customers.queries.tracking import events_of
from customers.services.follow_mail_events import MAX_ATTEMPTS, follow_mail_events
from invoices.models import DocumentMail
from tests import factories
from tests.customers.services.test_deliver import mail

pytestmark = pytest.mark.django_db
SECRET = "events:a-random-password-of-24-characters"
PLACE = "/webhooks/mail/postmark/"


@pytest.fixture(autouse=True)
def provider(settings: LazySettings) -> None:
    settings.EMAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET], "POSTMARK_SERVER_TOKEN": "x"}


def sent(state: str = "accepted", **fields: Any) -> DocumentMail:
    who = factories.customer()
    contact = who.contacts.get()
    return mail(
        f"m{DocumentMail.objects.count()}", customer=who, contact=contact, to_address=contact.email, state=state,
        message_id=f"m.{who.pk}@house.example", provider_id=f"pm-{who.pk}", **fields,
    )  # fmt: skip


def report(kind: str, row: DocumentMail, *, secret: str = SECRET, client: Client | None = None, **fields: Any) -> int:
    """The status of the answer to one event of Postmark's."""
    told = {
        "RecordType": kind, "MessageID": row.provider_id, "Metadata": {"delivery": row.message_id}, "ID": 42,
        "Email": row.to_address, "Recipient": row.to_address, "BouncedAt": "2026-03-02T10:00:00Z",
        "DeliveredAt": "2026-03-02T10:00:00Z", "ReceivedAt": "2026-03-02T10:00:00Z", **fields,
    }  # fmt: skip
    proof = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()} if secret else {}
    answer = (client or Client()).post(PLACE, json.dumps(told), content_type="application/json", headers=proof)
    return answer.status_code


def bounce(row: DocumentMail, **fields: Any) -> int:
    return report("Bounce", row, Type="HardBounce", TypeCode=1, Details="550 no such user", **fields)


def health(row: DocumentMail) -> str:
    assert row.contact is not None
    return Contact.objects.get(pk=row.contact.pk).health


def follow() -> None:
    follow_mail_events(now=timezone.now())


@pytest.mark.parametrize("secret", ["", "events:wrong-password-of-24-characters", "x"])
def test_d85_without_the_secret_nobody_can_report_anything(secret: str) -> None:
    row = sent()
    assert bounce(row, secret=secret) == 400
    follow()
    assert not TrackingEvent.objects.exists()
    assert health(row) == "ok"


def test_d85_as_long_as_no_secret_is_set_the_place_does_not_exist(settings: LazySettings) -> None:
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "x"}
    assert bounce(sent()) == 404


@pytest.mark.parametrize("place", ["/webhooks/mail/mailgun/", "/webhooks/mail/nobody/", "/webhooks/mail/base/"])
def test_d85_only_the_configured_provider_has_a_place(place: str, client: Client) -> None:
    assert client.post(place, b"{}", content_type="application/json").status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"RecordType": 5}', b"null", b'{"RecordType": "Bounce"}'])
def test_what_cannot_be_read_is_refused_and_is_no_500(body: bytes, client: Client) -> None:
    proof = {"Authorization": "Basic " + base64.b64encode(SECRET.encode()).decode()}
    answer = client.post(PLACE, body, content_type="application/json", headers=proof)
    assert answer.status_code in (204, 400)


def test_d36_a_hard_bounce_stops_mail_to_that_contact_and_the_log_says_who_told() -> None:
    row = sent()
    assert bounce(row) == 204
    assert health(row) == "ok", "stored first"
    follow()
    assert health(row) == "bounced"
    entry = AuditEntry.objects.get(action="contact.bounced")
    assert (entry.customer_id, entry.actor_label) == (row.customer_id, "mail provider postmark")
    assert [event.kind for event in events_of(row)] == ["bounced"]


def test_d36_a_soft_bounce_and_an_event_about_somebody_else_s_mail_change_nothing() -> None:
    row = sent()
    report("Bounce", row, Type="Transient", TypeCode=2, Details="mailbox full")
    bounce(row, ID=43, MessageID="pm-none", Metadata={})
    follow()
    assert health(row) == "ok"


def test_d37_after_a_complaint_that_contact_gets_no_mail_at_once_and_stays_so() -> None:
    row = sent()
    bounce(row)
    report("SpamComplaint", row, ID=44, Type="SpamComplaint", TypeCode=512)
    follow()
    assert health(row) == "complained"
    bounce(row, ID=45)
    follow()
    assert health(row) == "complained"


def test_the_same_event_twice_is_kept_and_followed_once() -> None:
    row = sent()
    assert [bounce(row), bounce(row)] == [204, 204]
    follow()
    follow()
    assert TrackingEvent.objects.count() == 1
    assert AuditEntry.objects.filter(action="contact.bounced").count() == 1


@pytest.mark.parametrize(("kind", "state"), [("Delivery", "accepted"), ("Bounce", "failed"), ("Open", "unknown")])
def test_d25_an_unknown_delivery_is_resolved_by_what_the_provider_knows_and_by_no_opening(
    kind: str, state: str
) -> None:
    row = sent("unknown", reason="process_died")
    report(kind, row, Type="HardBounce", TypeCode=1)
    follow()
    row.refresh_from_db()
    assert row.state == state
    if state != "unknown":
        assert row.reason.startswith("event_")
        assert "provider" in row.reason_text


def test_d25_found_again_by_our_own_id_although_the_provider_s_answer_was_lost() -> None:
    row = sent("unknown")
    DocumentMail.objects.update(provider_id="")
    row.provider_id = "pm-learnt-now"
    report("Delivery", row)
    follow()
    row.refresh_from_db()
    assert (row.state, row.provider_id) == (DeliveryState.ACCEPTED, "pm-learnt-now")


def test_an_opening_says_of_itself_that_it_may_be_automatic() -> None:
    row = sent()
    report("Open", row)
    assert "may be automatic" in events_of(row).get().get_kind_display()


def test_an_event_the_program_fails_on_is_given_up_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, fine = sent(), sent()
    bounce(broken)
    bounce(fine, ID=43)
    TrackingEvent.objects.filter(message_id=broken.message_id).update(kind="x" * 12)
    TrackingEvent.objects.filter(message_id=broken.message_id).update(attempts=MAX_ATTEMPTS)
    follow_mail_events(now=timezone.now() + timedelta(days=1))
    assert Contact.objects.get(customer=fine.customer).health == "bounced"
    assert Contact.objects.get(customer=broken.customer).health == "ok"
