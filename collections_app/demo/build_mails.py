"""Writes what the demo's analysts wrote by hand: mails of the last days, one delivered, one of which nobody knows if
it arrived, one that was kept here because the money came first. They are records; nothing is sent."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from collections_app.demo.build_people import Cast
from customers.models import Customer, TrackingEvent
from customers.services.note_contact import note_contact
from dunning.models import OwnMessage, OwnMessageItem
from dunning.queries.mail_desk import Desk, mail_templates
from dunning.queries.standing import known_about
from dunning.rules.own_message import TELLS
from dunning.services.start_message import start_message
from dunning.services.write_message import WrittenMessage, write_message

_UNSURE = "The process stopped while handing this message over. It may have arrived: ask the provider or the customer."
# How many days ago, at which hour, and what became of it.
_MAILS: tuple[tuple[int, int, dict[str, Any]], ...] = (
    (2, 9, {"state": "accepted"}),
    (1, 14, {"state": "unknown", "reason": "process_died", "reason_text": _UNSURE}),
    (3, 11, {"state": "cancelled", "reason": "paid_meanwhile",
             "reason_text": "Paid or credited meanwhile. Look at the mail again."}),
)  # fmt: skip


def build_mails(cast: Cast, *, today: date) -> None:
    """Nothing; the mails stand on their customers' timelines, and count as contacts of their days."""
    for (before, hour, came), (customer, written) in zip(_MAILS, _written(cast, today), strict=False):
        on = today - timedelta(days=before)
        at = datetime.combine(on, time(hour, 12), UTC)
        message = _kept(written, on, at, came)
        for item in written.items:
            item.message = message
        OwnMessageItem.objects.bulk_create(written.items)
        if came["state"] == "accepted":
            TrackingEvent.objects.create(
                provider="demo", event_id=f"own-{message.pk}", kind=TrackingEvent.Kind.DELIVERED,
                message_id=message.message_id, recipient=message.to_address, happened_at=at + timedelta(seconds=9),
                processed_at=at + timedelta(seconds=30),
            )  # fmt: skip
        if came["state"] != "cancelled":
            note_contact(
                customer=customer, contact=message.contact, channel="email", on=on, source=f"own:{message.pk}",
                address=message.to_address,
            )  # fmt: skip


def _written(cast: Cast, today: date) -> Iterator[tuple[Customer, WrittenMessage]]:
    """Mails about what is late, as the composer would open them, to customers a few apart from each other."""
    templates = mail_templates()
    for customer in cast.customers[4::23]:
        if customer.collector is None or customer.is_related_party:
            continue
        desk = Desk(customer, known_about({customer.pk}, on=today, now=timezone.now()), templates)
        draft = start_message(desk=desk, actor=customer.collector)
        if draft.to is None or not any(claim.due_on < today for claim in desk.chosen_claims()):
            continue
        written = write_message(customer=customer, draft=draft, actor=customer.collector, known=desk.known)
        if written.words is not None and all(one.weight == TELLS for one in written.findings):
            yield customer, written


def _kept(written: WrittenMessage, on: date, at: datetime, came: dict[str, Any]) -> OwnMessage:
    message, words = written.message, written.words
    assert words is not None
    message.as_of, message.approved_by, message.approved_at = on, message.written_by, at
    message.created_at = message.due_at = message.settled_at = at
    message.attempts, message.message_id = 1, f"own.{message.token.hex}@nordwind.example"
    for name, value in came.items():
        setattr(message, name, value)
    if message.state != "cancelled":
        message.subject, message.body_text, message.body_html = words.subject, words.text, words.html
        message.sending_at, message.sent_on, message.pay_by = at, on, words.pay_by
    message.save()
    return message
