"""A person says what became of a notice or a mail by hand whose delivery is unknown. Nothing is sent by it."""

from datetime import datetime
from typing import TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.changes import announce
from customers.models import DeliveryState
from dunning.actions import MESSAGE_RESOLVED, NOTICE_RESOLVED
from dunning.models import Notice, OwnMessage

M = TypeVar("M", Notice, OwnMessage)


@transaction.atomic
def resolve_unknown(*, notice: M, arrived: bool, actor: AbstractBaseUser, now: datetime) -> M:
    """The message: accepted when it arrived, failed when it did not; then a later run may propose the step again (R1),
    or a person write anew.

    Raises Conflict when its delivery is not unknown any more."""
    state = DeliveryState.ACCEPTED if arrived else DeliveryState.FAILED
    reason = "found_arrived" if arrived else "found_missing"
    text = f"{actor} found that it {'arrived' if arrived else 'did not arrive'}."
    won = (
        type(notice)
        ._default_manager.filter(pk=notice.pk, state=DeliveryState.UNKNOWN)
        .update(state=state, reason=reason, reason_text=text, settled_at=now)
    )
    if not won:
        raise Conflict("Somebody has resolved this already. Reload the page to see how.", code="not_unknown")
    notice.refresh_from_db()
    record(NOTICE_RESOLVED if isinstance(notice, Notice) else MESSAGE_RESOLVED, notice, actor=actor, arrived=arrived)
    announce([notice.customer_id])
    return notice
