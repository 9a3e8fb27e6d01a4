"""Takes a provider's webhook in: checks the raw bytes, stores each event once, and is done. `process_webhooks` acts."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from collections_app.lib.errors import BadInput
from invoices.gateways.base import Gateway

_INSERT = """
    INSERT INTO invoices_webhookevent (provider, event_id, kind, body, deliveries, state, reason, attempts)
    VALUES (%s, %s, %s, %s, 1, 'waiting', '', 0)
    ON CONFLICT (provider, event_id) DO UPDATE SET deliveries = invoices_webhookevent.deliveries + 1
"""


@transaction.atomic
def receive_webhook(*, gateway: Gateway, headers: Mapping[str, str], body: bytes, now: datetime) -> int:
    """How many events the body holds. Known ones are only counted as delivered once more (D1).

    Raises NotAuthentic before anything is read, BadInput when a signed body cannot be understood. `now` is real
    time."""
    gateway.verify(headers, body, now=now)
    events = gateway.read(body)
    text = _text(body)
    with connection.cursor() as cursor:
        # Sorted, so that two bodies with the same events cannot wait for each other.
        for event in sorted(events, key=lambda event: event.event_id):
            cursor.execute(_INSERT, [gateway.code, event.event_id, event.kind, text])
    return len(events)


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise BadInput("The event is not UTF-8 text.", code="unreadable_event")
    return text
