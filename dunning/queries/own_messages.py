"""Mails by hand as others need them: whom a person wrote to last, and words for what became of one. Reads only."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models.functions import Coalesce

from customers.models import TrackingEvent
from customers.queries.tracking import events_of
from dunning.models import InboundMessage, OwnMessage
from dunning.rules.facts import LastContact

# What left, or may have left.
LEFT = ("accepted", "unknown")


class ShownState(NamedTuple):
    """One state of a mail: the badge's tone, its word, and a sentence for people who have not met it before (U29)."""

    tone: str
    word: str
    sentence: str


_STATES: Mapping[str, ShownState] = {
    "proposed": ShownState("held", "Not sent", "It was written and not sent."),
    "approved": ShownState("promised", "Queued", "It leaves in a few seconds, after one more look at the account."),
    "claimed": ShownState("promised", "Being prepared", "The account is looked at once more. Nothing has left yet."),
    "sending": ShownState("promised", "Sending", "It is being handed over right now."),
    "accepted": ShownState("ok", "Accepted", "The mail server took it. Whether it was read, nobody can know."),
    "unknown": ShownState(
        "critical",
        "Unknown – check",
        "The connection broke or the program stopped while it was handed over: it may or may not have arrived. It is "
        "never sent again by itself. Ask the mail server’s log or the customer, then say here what you found.",
    ),
    "failed": ShownState("late", "Failed", "It certainly did not leave. Mend what is named here and write it again."),
    "cancelled": ShownState("held", "Not sent", "It did not leave. The reason stands here."),
}
_DELIVERED = ShownState("ok", "Delivered", "The customer’s mail server has it.")
_BOUNCED = ShownState("critical", "Bounced", "The mail server took it, and it came back: it reached nobody.")
_COMPLAINED = ShownState(
    "critical", "Marked as spam", "It arrived, and its reader complained. No more mail goes there."
)


def shown_state(message: OwnMessage) -> ShownState:
    """What became of the mail, as it is shown: what providers and bounces told goes before our own state."""
    state = _STATES[message.state]
    if message.state == "approved" and message.reason_text:
        return ShownState("attention", "Waiting to try again", message.reason_text)
    if message.state not in LEFT:
        return state
    kinds = {event.kind for event in events_of(message)}
    came_back = set(InboundMessage.objects.filter(own_message=message).values_list("kind", flat=True))
    Kind, Inbound = TrackingEvent.Kind, InboundMessage.Kind
    if Kind.COMPLAINED in kinds or Inbound.COMPLAINT in came_back:
        return _COMPLAINED
    if kinds & {Kind.BOUNCED, Kind.REJECTED} or Inbound.BOUNCE in came_back:
        return _BOUNCED
    return _DELIVERED if Kind.DELIVERED in kinds else state


def last_own_messages(customer_ids: Sequence[int], as_of: date) -> Mapping[int, LastContact]:
    """Per customer id, the last mail by hand that left up to `as_of` inclusive; one query for the set (R5)."""
    rows = (
        OwnMessage.objects.filter(customer_id__in=customer_ids, state__in=LEFT)
        .annotate(day=Coalesce("sent_on", "as_of"))
        .filter(day__lte=as_of)
        .order_by("customer_id", "-day", "-pk")
        .distinct("customer_id")
        .values_list("customer_id", "day")
    )
    return {customer_id: LastContact(day, "e-mail") for customer_id, day in rows}
