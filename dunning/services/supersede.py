"""Cancels proposals that a later look replaces. They never left, and their reason says so."""

from django.db.models import QuerySet

from customers.models import DeliveryState
from dunning.models import Notice
from dunning.rules.sentences import sentence


def supersede(notices: QuerySet[Notice]) -> int:
    """How many of these were still proposed and are cancelled now. Must run inside a transaction."""
    pks = list(notices.values_list("pk", flat=True))
    return Notice.objects.filter(pk__in=pks, state=DeliveryState.PROPOSED).update(
        state=DeliveryState.CANCELLED, reason="superseded", reason_text=sentence("superseded", {}, "EUR")
    )
