"""Reminders handed to another system of the house as a signed HTTP post; what reaches the customer is that system's."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from customers.channels.http_post import HttpLine
from customers.channels.parcel import Outcome
from dunning.channels.base import Line, Message


class WebhookChannel:
    """Posts what is known of the notice as JSON. The receiver checks the signature over the time and the body, and
    takes a notice it knows by its id only once. Enabled once its address is configured."""

    code = "webhook"
    label = "Outgoing webhook"
    needs = ""
    written = False
    prints = False
    touches = False
    leaves = True

    def deliver(self, message: Message) -> Outcome:
        """What the receiver answered, on a connection of its own."""
        with self.open() as line:
            return line(message)

    @contextmanager
    def open(self) -> Iterator[Line]:
        """A connection for many posts."""
        with HttpLine(settings.NOTICE_WEBHOOK_URL) as line:
            yield lambda message: _posted(line, message, int(time.time()))


def signature(body: bytes, at: int, secret: str) -> str:
    """ "t=SECONDS,v1=HEX": HMAC-SHA-256 over the seconds, a full stop and the body."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


def _posted(line: HttpLine, message: Message, at: int) -> Outcome:
    told = {"id": message.message_id, "kind": "notice", "subject": message.subject, **message.facts}
    body = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": message.message_id,
        "X-Collections-Signature": signature(body, at, settings.NOTICE_WEBHOOK_SECRET),
    }
    return line.post(body, headers)
