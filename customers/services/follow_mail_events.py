"""Acts on what mail providers reported, each event once: a delivery whose fate was unknown is resolved, a mailbox that
is gone or whose reader complained is written to no more (D25, D36, D37). That a mail was opened decides nothing: a
machine may have done it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.apps import apps
from django.db import transaction
from django.db.models import F, Q

from customers.changes import announce
from customers.models import Contact, Delivery, DeliveryState, TrackingEvent
from customers.services.suppress_address import suppress_address

log = structlog.get_logger("collections.delivery")

Kind = TrackingEvent.Kind
# So often the program may fail on an event.
MAX_ATTEMPTS = 5
_LEFT_THE_HOUSE = {Kind.SENT, Kind.DEFERRED, Kind.DELIVERED, Kind.COMPLAINED}
_NOT_ARRIVED = {Kind.BOUNCED, Kind.REJECTED}


@dataclass(slots=True)
class EventCounts:
    """What came of the events in one call."""

    seen: int = 0
    resolved: int = 0
    suppressed: int = 0


def follow_mail_events(*, now: datetime, limit: int = 200) -> EventCounts:
    """What came of the waiting events, at most `limit`, in the order they came. Several processes may run at once."""
    counts = EventCounts()
    waiting = TrackingEvent.objects.filter(processed_at__isnull=True, attempts__lt=MAX_ATTEMPTS)
    for pk in list(waiting.order_by("received_at", "pk").values_list("pk", flat=True)[:limit]):
        try:
            _follow(pk, now, counts)
        except Exception:  # one bad event must not hold up the others
            log.exception("tracking_event_fault", event_row=pk)
            TrackingEvent.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
    return counts


def tables() -> Sequence[type[Delivery]]:
    """All tables of outgoing messages, whichever app they belong to."""
    return [model for model in apps.get_models() if issubclass(model, Delivery)]


@transaction.atomic
def _follow(pk: int, now: datetime, counts: EventCounts) -> None:
    event = TrackingEvent.objects.select_for_update(skip_locked=True).filter(pk=pk, processed_at__isnull=True).first()
    if event is None:
        return
    counts.seen += 1
    for model in tables():
        for row in _meant(model, event):
            counts.resolved += _resolve(row, event, now)
            counts.suppressed += _suppress(row, event)
    event.processed_at = now
    event.save(update_fields=["processed_at"])


def _meant(model: type[Delivery], event: TrackingEvent) -> list[Delivery]:
    """The messages the event is about: by our own id, else by the provider's. One of neither is not ours."""
    named = Q(message_id=event.message_id) if event.message_id else Q(pk__in=[])
    named |= Q(provider_id=event.provider_id) if event.provider_id else Q(pk__in=[])
    return list(model._default_manager.filter(named)[:2])


def _resolve(row: Delivery, event: TrackingEvent, now: datetime) -> int:
    """1 when a message whose fate was unknown is known now (D25)."""
    if row.state != DeliveryState.UNKNOWN or not _is_recipient(row, event):
        return 0
    if event.kind in _LEFT_THE_HOUSE:
        state, told = DeliveryState.ACCEPTED, "The provider reported that it had the message."
    elif event.kind in _NOT_ARRIVED:
        state, told = DeliveryState.FAILED, f"The provider reported that it did not arrive: {event.text}"
    else:
        return 0
    won = type(row)._default_manager.filter(pk=row.pk, state=DeliveryState.UNKNOWN).update(
        state=state, settled_at=now, reason=f"event_{event.kind}", reason_text=told,
        provider_id=event.provider_id or row.provider_id,
    )  # fmt: skip
    announce([row.customer_id])
    return won


def _suppress(row: Delivery, event: TrackingEvent) -> int:
    """1 when a contact of this customer is written to no more."""
    complained = event.kind == Kind.COMPLAINED
    if not complained and not (event.kind in _NOT_ARRIVED and event.is_final):
        return 0
    address = event.recipient or row.to_address
    contact = Contact.objects.filter(customer_id=row.customer_id, email__iexact=address).order_by("pk").first()
    by = f"mail provider {event.provider}"
    told = suppress_address(
        contact_id=contact.pk if contact else None, address=address, why=event.text, complained=complained, by=by
    )
    return int(told is not None)


def _is_recipient(row: Delivery, event: TrackingEvent) -> bool:
    """Whether the event is about the recipient, and not about somebody who got a copy."""
    return not event.recipient or event.recipient.casefold() == row.to_address.casefold()
