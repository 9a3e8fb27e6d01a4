"""Mail handed over by a provider: with the secret only, and each mail once."""

import json
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from dunning.models import InboundMessage
from tests import factories
from tests.dunning.inbound_mails import bounce

SECRET = "events:a-password-of-twenty-letters"
URL = "/webhooks/mail/postmark/inbound/"
CALL = {
    "FromFull": {"Email": "pat@payer.example", "Name": "Pat", "MailboxHash": ""},
    "ToFull": [{"Email": "ar@nordwind.example", "Name": "", "MailboxHash": ""}],
    "CcFull": [], "BccFull": [], "Subject": "Re: Invoice", "MessageID": "73e6d360",
    "Date": "Mon, 2 Mar 2026 09:30:00 +0000",
    "TextBody": "We will pay on Friday.", "HtmlBody": "", "Attachments": [],
    "Headers": [{"Name": "Message-ID", "Value": "<p1@payer.example>"}],
}  # fmt: skip


@pytest.fixture
def provider(db: None, settings: Any) -> None:
    """An installation whose provider may call."""
    factories.entity()
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET]}


def call(body: object, secret: str = SECRET, url: str = URL) -> int:
    """The status of the answer."""
    head = {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"} if secret else {}
    data = body if isinstance(body, str) else json.dumps(body)
    return Client().post(url, data=data, content_type="application/json", headers=head).status_code


def test_a_mail_is_taken_in_once(provider: None) -> None:
    assert (call(CALL), call(CALL)) == (204, 204)
    message = InboundMessage.objects.get()
    assert (message.account, message.from_address, message.said) == (
        "postmark:inbound", "pat@payer.example", "We will pay on Friday.",
    )  # fmt: skip


@pytest.mark.parametrize("secret", ["", "events:wrong", "wrong"])
def test_d85_without_the_secret_nothing_is_kept(provider: None, secret: str) -> None:
    factories.customer(email="pat@payer.example")
    assert call(CALL, secret) == 400
    assert not InboundMessage.objects.exists()


def test_d85_without_a_configured_secret_nobody_may_call(db: None, settings: Any) -> None:
    settings.ANYMAIL = {}
    assert call(CALL, "") == 400
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize("url", ["/webhooks/mail/nobody/inbound/", "/webhooks/mail/os/inbound/"])
def test_an_unknown_provider_is_refused(provider: None, url: str) -> None:
    assert call(CALL, url=url) == 400


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "{}", '{"RecordType": "Bounce"}', '{"FromFull": 3, "Headers": 4}']
)
def test_what_is_no_mail_is_answered_400_and_never_500(provider: None, body: str) -> None:
    assert call(body) in (204, 400)


def test_only_post_is_answered(provider: None) -> None:
    assert Client().get(URL).status_code == 405


def test_a_raw_mail_of_mailgun_needs_its_signature(provider: None) -> None:
    raw = bounce(of="x@y.example", recipient="pat@payer.example").decode()
    assert Client().post("/webhooks/mail/mailgun/inbound/", {"body-mime": raw}).status_code == 400
