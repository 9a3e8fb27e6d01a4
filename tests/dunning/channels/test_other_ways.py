"""Text messages, the outgoing webhook and the pay page: what goes out, and what every answer means. Real HTTP on
loopback."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.conf import LazySettings
from django.test import Client

from customers.channels.parcel import Accepted, Outcome, Refused, Uncertain
from customers.models import OutgoingRules
from dunning.channels.base import Message
from dunning.channels.sms import SmsChannel
from dunning.channels.webhook import WebhookChannel, signature
from dunning.models import Notice, NoticeTemplate, Policy
from invoices.models import PayLink
from invoices.services.create_pay_link import create_pay_link
from tests import factories
from tests.dunning.conftest import NOON, deliver, run_on
from tests.factories import DAY


class Provider(ThreadingHTTPServer):
    """An HTTP server that keeps what it was posted and answers as told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.answer: tuple[int, dict[str, str], bytes] = (201, {}, b'{"sid": "SM123"}')
        self.url = f"http://127.0.0.1:{self.server_port}/messages"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.posts.append((dict(self.headers.items()), body))
        status, headers, content = server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[Provider]:
    server = Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_URL, settings.SMS_AUTHORIZATION, settings.SMS_SENDER = server.url, "Bearer key", "Nordwind"
    settings.SMS_FORMAT, settings.SMS_FIELDS = "form", "To,From,Body"
    settings.NOTICE_WEBHOOK_URL, settings.NOTICE_WEBHOOK_SECRET = server.url, "s" * 40
    yield server
    server.shutdown()
    server.server_close()


def message(**fields: Any) -> Message:
    given: dict[str, Any] = {
        "to": "+49 170 1234567", "subject": "Reminder", "text": "€5.00 is open: https://x.example/pay/abc/\n",
        "html": "", "sender": "s", "reply_to": "", "message_id": "notice.1.abc@house.example",
        "facts": {"amount": "5.00"},
    }  # fmt: skip
    return Message(**{**given, **fields})


def test_a_text_goes_out_with_the_provider_s_own_field_names(provider: Provider) -> None:
    assert SmsChannel().deliver(message()) == Accepted(provider_id="SM123")
    ((headers, body),) = provider.posts
    assert parse_qs(body.decode()) == {
        "To": ["+491701234567"], "From": ["Nordwind"], "Body": ["€5.00 is open: https://x.example/pay/abc/"],
    }  # fmt: skip
    assert headers["Authorization"] == "Bearer key"
    assert headers["Idempotency-Key"] == "notice.1.abc@house.example"


def test_a_provider_may_want_json(provider: Provider, settings: LazySettings) -> None:
    settings.SMS_FORMAT, settings.SMS_FIELDS = "json", "recipient,originator,message"
    SmsChannel().deliver(message())
    assert json.loads(provider.posts[0][1])["recipient"] == "+491701234567"


@pytest.mark.parametrize("number", ["", "0170 1234567", "call me", "+0170", "+49170123456789012345"])
def test_a_number_without_its_country_is_refused_before_anything_is_posted(provider: Provider, number: str) -> None:
    outcome = SmsChannel().deliver(message(to=number))
    assert isinstance(outcome, Refused)
    assert outcome.permanent
    assert provider.posts == []


@pytest.mark.parametrize(
    ("status", "kind", "permanent", "fault"),
    [
        (200, Accepted, None, None), (204, Accepted, None, None), (400, Refused, True, False),
        (401, Refused, False, True), (429, Refused, False, True), (500, Refused, False, True),
        (503, Refused, False, True), (302, Refused, True, False), (504, Uncertain, None, True),
    ],
)  # fmt: skip
def test_d35_every_answer_of_a_provider_means_one_thing(
    provider: Provider, status: int, kind: type[Outcome], permanent: bool | None, fault: bool | None
) -> None:
    provider.answer = (status, {"Location": "http://127.0.0.1:1/", "Retry-After": "90"}, b"")
    outcome = SmsChannel().deliver(message())
    assert isinstance(outcome, kind)
    assert getattr(outcome, "permanent", None) is permanent
    assert getattr(outcome, "provider_fault", None) is fault
    assert len(provider.posts) == 1, "no redirect is followed, and nothing is posted twice"
    if status == 429 and isinstance(outcome, Refused):
        assert outcome.wait == timedelta(seconds=90)


def test_d35_a_provider_that_is_away_is_certain(provider: Provider) -> None:
    provider.shutdown()
    provider.server_close()
    outcome = SmsChannel().deliver(message())
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.provider_fault) == ("provider_away", True)


def test_the_webhook_is_signed_over_time_and_body_and_knows_its_id(provider: Provider) -> None:
    assert isinstance(WebhookChannel().deliver(message()), Accepted)
    ((headers, body),) = provider.posts
    told = json.loads(body)
    assert (told["id"], told["amount"]) == ("notice.1.abc@house.example", "5.00")
    signed = dict(part.split("=") for part in headers["X-Collections-Signature"].split(","))
    expected = hmac.new(b"s" * 40, f"{signed['t']}.".encode() + body, hashlib.sha256).hexdigest()
    assert signed["v1"] == expected
    assert signature(body + b" ", int(signed["t"]), "s" * 40) != headers["X-Collections-Signature"]


def only_step(policy: Policy, channel: str, body: str) -> None:
    """Nothing; the first reminder goes over this channel with these words."""
    policy.steps.filter(position=2).update(channel=channel)
    NoticeTemplate.objects.filter(stage="early", channel=channel, language="en").update(body=body)


@pytest.mark.django_db
def test_a_portal_message_stands_on_the_account_s_page_and_on_no_single_invoice_s(
    policy: Policy, client: Client
) -> None:
    only_step(policy, "portal", "{{amount}} is past its due date.")
    who = factories.customer()
    owed = factories.invoice(who, "100.00", due_on=DAY - timedelta(days=1))
    run_on(policy)
    assert deliver() == {"accepted": 1}
    _, account = create_pay_link(purpose=PayLink.Purpose.ACCOUNT, customer=who, language="en", sent_to="", now=NOON)
    _, single = create_pay_link(
        purpose=PayLink.Purpose.INVOICE, customer=who, invoice=owed, language="en", sent_to="", now=NOON
    )
    PayLink.objects.update(expires_at=NOON + timedelta(days=3650))
    pages = [client.get("/pay/" + link.partition("/pay/")[2]).content.decode() for link in (account, single)]
    assert "€100.00 is past its due date." in pages[0]
    assert "is past its due date." not in pages[1]


@pytest.mark.django_db
def test_a_text_message_step_writes_short_words_with_a_link(
    policy: Policy, provider: Provider, settings: LazySettings
) -> None:
    settings.DUNNING_CHANNELS = [*settings.DUNNING_CHANNELS, "dunning.channels.sms.SmsChannel"]
    only_step(policy, "sms", "{{amount}} is open: {{pay_address}}")
    who = factories.customer()
    who.contacts.update(mobile="+49 170 1234567")
    factories.invoice(who, "100.00", due_on=DAY - timedelta(days=1))
    run_on(policy)
    assert deliver() == {"accepted": 1}
    text = parse_qs(provider.posts[0][1].decode())["Body"][0]
    assert text.startswith("€100.00 is open: http")
    assert "\n" not in text
    notice = Notice.objects.get()
    assert (notice.to_address, notice.provider_id) == ("+49 170 1234567", "SM123")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rules", "reason"),
    [({"test_address": "box@house.example"}, "test_mode"), ({"allowed": ["x.example"]}, "not_allowed")],
)
def test_o17_the_webhook_and_letters_know_test_mode_and_allow_list(
    policy: Policy, provider: Provider, settings: LazySettings, rules: dict[str, Any], reason: str
) -> None:
    """What is behind the webhook may write to the customer, and a letter is posted."""
    settings.DUNNING_CHANNELS = [*settings.DUNNING_CHANNELS, "dunning.channels.webhook.WebhookChannel"]
    OutgoingRules.objects.create(pk=1, **rules)
    for channel in ("webhook", "letter", "portal"):
        factories.invoice(factories.customer(name=channel), "50.00", due_on=DAY - timedelta(days=3))
    run_on(policy)
    for notice in Notice.objects.select_related("customer"):
        Notice.objects.filter(pk=notice.pk).update(channel=notice.customer.name, to_address="")
    assert deliver() == {"cancelled": 3}
    assert set(Notice.objects.values_list("reason", flat=True)) == {reason}
    assert provider.posts == []
