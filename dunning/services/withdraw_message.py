"""Takes back a mail by hand that waits in the queue. What a worker has in hand already cannot be taken back."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.changes import announce
from customers.models import DeliveryState
from dunning.actions import MESSAGE_WITHDRAWN
from dunning.models import OwnMessage

WITHDRAWN = "withdrawn"
WITHDRAWABLE = (DeliveryState.PROPOSED, DeliveryState.APPROVED)


@transaction.atomic
def withdraw_message(*, message: OwnMessage, actor: AbstractBaseUser, now: datetime) -> OwnMessage:
    """The mail, now cancelled. Raises Conflict when it is on its way, has left, or was settled otherwise."""
    won = OwnMessage.objects.filter(pk=message.pk, state__in=WITHDRAWABLE).update(
        state=DeliveryState.CANCELLED, settled_at=now, reason=WITHDRAWN, reason_text=f"{actor} took it back."
    )
    if not won:
        raise Conflict("It has left already, or is on its way, so it cannot be taken back.", code="has_left")
    message.refresh_from_db()
    record(MESSAGE_WITHDRAWN, message, actor=actor)
    announce([message.customer_id])
    return message
