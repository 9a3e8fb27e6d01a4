"""Cancels notices that a later look replaces. They never left, and their reason says so."""

from django.db.models import QuerySet

from customers.models import DeliveryState
from dunning.models import Notice
from dunning.rules.sentences import sentence


def supersede(notices: QuerySet[Notice]) -> int:
    """How many were cancelled: those that fit at the moment of writing. The caller's filter names states that wait."""
    return notices.update(
        state=DeliveryState.CANCELLED, reason="superseded", reason_text=sentence("superseded", {}, "EUR")
    )
