"""The contract every channel keeps, and what each one adds."""

import pytest
from django.conf import settings
from django.core import mail

from collections_app.lib.registry import load
from customers.channels.parcel import Accepted, Refused
from dunning.channels.base import Message
from dunning.queries.policies import channels

pytestmark = pytest.mark.django_db

MESSAGE = Message(
    to="ap@customer.example",
    subject="Reminder\r\nBcc: all@example.com",
    text="Pay",
    html="<p>Pay</p>",
    sender="Nordwind\r\nX: y <receivables@house.example>",
    reply_to="accounts@nordwind.example",
    message_id="notice.1.abc@house.example",
    pdf=b"%PDF-1.7",
)


def test_every_enabled_channel_loads_and_keeps_the_contract() -> None:
    assert load(tuple(settings.DUNNING_CHANNELS)).problems == ()
    assert set(channels()) == {"email", "letter", "call_task", "portal"}
    for code, channel in channels().items():
        assert channel.code == code
        assert channel.label
        assert channel.needs in ("", "email", "address", "mobile")
        assert channel.touches in (True, False)
        assert isinstance(channel.deliver(MESSAGE), Accepted)


def test_d84_no_header_can_be_forged_through_a_reminder() -> None:
    assert isinstance(channels()["email"].deliver(MESSAGE), Accepted)
    sent = mail.outbox[-1].message()
    assert sent["Bcc"] is None
    assert sent["X"] is None
    assert "\n" not in sent["Subject"]
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Message-ID"] == "<notice.1.abc@house.example>"
    assert sent["Reply-To"] == "accounts@nordwind.example"


def test_a_letter_without_its_pdf_is_refused_for_good() -> None:
    outcome = channels()["letter"].deliver(Message("", "s", "t", "h", "s", "", "m"))
    assert isinstance(outcome, Refused)
    assert outcome.permanent
