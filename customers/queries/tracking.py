"""What providers reported about one message. Reads only."""

from django.db.models import Q, QuerySet

from customers.models import Delivery, TrackingEvent


def events_of(message: Delivery) -> QuerySet[TrackingEvent]:
    """The events of this message, the oldest first; none for one that never left."""
    named = Q(message_id=message.message_id) if message.message_id else Q(pk__in=[])
    named |= Q(provider_id=message.provider_id) if message.provider_id else Q(pk__in=[])
    return TrackingEvent.objects.filter(named).order_by("happened_at", "pk")
