"""Keeps what a mail provider reports, once each, and acts on nothing: what it means is found out later."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from customers.models import TrackingEvent

Kind = TrackingEvent.Kind
_KINDS = {
    EventType.SENT: Kind.SENT,
    EventType.DEFERRED: Kind.DEFERRED,
    EventType.DELIVERED: Kind.DELIVERED,
    EventType.BOUNCED: Kind.BOUNCED,
    EventType.REJECTED: Kind.REJECTED,
    EventType.FAILED: Kind.REJECTED,
    EventType.COMPLAINED: Kind.COMPLAINED,
    EventType.UNSUBSCRIBED: Kind.COMPLAINED,  # who wants no more mail gets none, by whichever button
    EventType.OPENED: Kind.OPENED,
    EventType.CLICKED: Kind.CLICKED,
}
_MAILBOX_GONE = frozenset({RejectReason.INVALID, RejectReason.BOUNCED})


def keep_mail_events(*, provider: str, events: Iterable[AnymailTrackingEvent], now: datetime) -> int:
    """How many events were given; one that is known already is kept once. One statement."""
    rows = [_row(provider, event, now) for event in events]
    TrackingEvent.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _row(provider: str, event: AnymailTrackingEvent, now: datetime) -> TrackingEvent:
    kind = _KINDS.get(event.event_type, Kind.OTHER)
    if kind == Kind.REJECTED and event.reject_reason == RejectReason.SPAM:
        kind = Kind.COMPLAINED
    refused = kind in (Kind.BOUNCED, Kind.REJECTED)
    provider_id = str(event.message_id or "")
    ours = str((event.metadata or {}).get("delivery", "")) or provider_id.strip("<>")
    told = event.mta_response or event.description or event.reject_reason or ""
    happened_at = event.timestamp or now
    return TrackingEvent(
        provider=provider, event_id=_id_of(event, kind), kind=kind,
        is_final=refused and event.reject_reason in _MAILBOX_GONE, message_id=_plain(ours, 200),
        provider_id=_plain(provider_id, 200), recipient=_plain(str(event.recipient or ""), 254),
        text=_plain(str(told), 500), happened_at=happened_at,
    )  # fmt: skip


def _id_of(event: AnymailTrackingEvent, kind: str) -> str:
    """The provider's id of the event; where it gives none, one made of what the event says."""
    if event.event_id and len(str(event.event_id)) <= 190:
        # Some give one id to all events of a message.
        return f"{kind}:{event.event_id}"
    said = "\n".join(map(str, (event.message_id, kind, event.timestamp, event.recipient, event.event_id)))
    return sha256(said.encode()).hexdigest()


def _plain(text: str, longest: int) -> str:
    return text.replace("\x00", "")[:longest]
