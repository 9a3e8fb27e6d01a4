"""Files a message once nobody has to do anything about it. What it says stays on the account."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.changes import announce
from dunning.actions import MESSAGE_SETTLED
from dunning.models import InboundMessage


@transaction.atomic
def settle_message(*, message: InboundMessage, actor: AbstractBaseUser) -> InboundMessage:
    """The message, now done; undecided proposals stay as they are. Raises Conflict when it is done already."""
    done = InboundMessage.State.DONE
    moved = InboundMessage.objects.filter(pk=message.pk, state=InboundMessage.State.WAITING).update(
        state=done, settled_at=timezone.now(), settled_by=actor.pk
    )
    if not moved:
        raise Conflict("Somebody settled this message meanwhile. Look at the list again.", code="message_done")
    message.refresh_from_db(fields=["state", "settled_at", "settled_by"])
    record(MESSAGE_SETTLED, message, actor=actor)
    if message.customer_id is not None:
        announce([message.customer_id])
    return message
