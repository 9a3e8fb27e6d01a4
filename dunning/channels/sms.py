"""Reminders as text messages, through any provider that takes one as an HTTP post: the form fields, or the JSON keys,
for recipient, sender and text are settings, and so is what proves who we are."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from django.conf import settings

from customers.channels.http_post import HttpLine
from customers.channels.parcel import Outcome, Refused
from dunning.channels.base import Line, Message

# Ten parts of a long text; providers refuse more, and nobody reads it.
LONGEST = 1530


class SmsChannel:
    """Posts one text to the configured provider. Enabled once its address is configured."""

    code = "sms"
    label = "Text message"
    needs = "mobile"
    written = True
    prints = False
    touches = True
    leaves = True

    def deliver(self, message: Message) -> Outcome:
        """What the provider answered, on a connection of its own."""
        with self.open() as line:
            return line(message)

    @contextmanager
    def open(self) -> Iterator[Line]:
        """A connection for many texts."""
        proof = {"Authorization": settings.SMS_AUTHORIZATION} if settings.SMS_AUTHORIZATION else {}
        with HttpLine(settings.SMS_URL, proof) as line:
            yield lambda message: _sent(line, message)


def _sent(line: HttpLine, message: Message) -> Outcome:
    number = re.sub(r"[^0-9+]", "", message.to)
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        why = f"“{message.to}” is no mobile number with its country code, such as +49 170 1234567."
        return Refused("bad_number", why, permanent=True)
    names = [name.strip() for name in settings.SMS_FIELDS.split(",")]
    fields = dict(zip(names, (number, settings.SMS_SENDER, message.text.strip()[:LONGEST]), strict=True))
    # Providers that know it take a message with the same key only once.
    headers = {"Idempotency-Key": message.message_id}
    if settings.SMS_FORMAT == "json":
        return line.post(json.dumps(fields).encode(), headers | {"Content-Type": "application/json"})
    return line.post(urlencode(fields).encode(), headers | {"Content-Type": "application/x-www-form-urlencoded"})
