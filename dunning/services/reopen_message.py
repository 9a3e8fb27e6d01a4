"""Takes a filed message up again: an undo, or a second thought."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.changes import announce
from dunning.actions import MESSAGE_REOPENED
from dunning.models import InboundMessage


@transaction.atomic
def reopen_message(*, message: InboundMessage, actor: AbstractBaseUser) -> InboundMessage:
    """The message, waiting again. What was confirmed stays done. Raises Conflict when it waits already."""
    moved = InboundMessage.objects.filter(pk=message.pk, state=InboundMessage.State.DONE).update(
        state=InboundMessage.State.WAITING, settled_at=None, settled_by=None
    )
    if not moved:
        raise Conflict("This message waits already.", code="message_waits")
    message.refresh_from_db(fields=["state", "settled_at", "settled_by"])
    record(MESSAGE_REOPENED, message, actor=actor)
    if message.customer_id is not None:
        announce([message.customer_id])
    return message
