"""Reads a message by the rules and keeps what was found as proposals. It acts on none of them."""

from django.db import transaction

from collections_app.lib.dates import business_day
from dunning.models import InboundMessage, MessageProposal
from dunning.rules.reading.read import Asked, Finding, read_text


@transaction.atomic
def read_message(*, message: InboundMessage) -> list[MessageProposal]:
    """The open proposals of this message, in the order of its words. What was decided already stays and is not proposed
    again; what was open is read anew, for a customer who is known by now says which currency and language."""
    reading = read_text(message.said, _asked(message))
    message.proposals.filter(state=MessageProposal.State.OPEN).delete()
    decided = {(row.kind, row.starts_at) for row in message.proposals.all()}
    rows = [_proposal(message, found) for found in reading.findings if (found.kind, found.start) not in decided]
    if message.language != reading.language:
        message.language = reading.language
        message.save(update_fields=["language"])
    return MessageProposal.objects.bulk_create(rows)


def _asked(message: InboundMessage) -> Asked:
    """The day in the writer's own zone, and what is known about the writer."""
    customer, written_at = message.customer, message.sent_at or message.received_at
    if customer is None:
        return Asked(on=business_day(now=written_at, time_zone="UTC"), sender=message.from_address)
    language = (message.contact.language if message.contact else "") or customer.language or customer.entity.language
    return Asked(
        on=business_day(now=written_at, time_zone=customer.time_zone or customer.entity.time_zone),
        language=language,
        country=customer.country,
        currency=customer.currency,
        sender=message.from_address,
    )


def _proposal(message: InboundMessage, found: Finding) -> MessageProposal:
    return MessageProposal(
        message=message,
        kind=found.kind,
        starts_at=found.start,
        ends_at=found.end,
        day=found.day,
        amount=found.amount,
        currency=found.currency,
        reason=found.reason,
        reference=found.reference,
        name=found.name,
        email=found.email,
    )
