"""Takes an approval back while nothing has left: the notices are proposed again, for a person to decide anew."""

from collections.abc import Collection

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import Fact, record_set
from customers.models import DeliveryState
from dunning.actions import APPROVAL_UNDONE
from dunning.models import Notice, Run
from dunning.queries.runs import still_to_leave


@transaction.atomic
def undo_approval(*, run: Run, notice_ids: Collection[int] | None, actor: AbstractBaseUser) -> int:
    """How many are proposed again: those named, or all for None, that wait in the queue and that nobody tried to send.

    What a worker holds already, what left, and apologies, which nobody approved, stay as they are."""
    waiting = still_to_leave(run)
    if notice_ids is not None:
        waiting = waiting.filter(pk__in=notice_ids)
    chosen = list(waiting.select_for_update(of=("self",)).order_by("pk").only("pk", "customer_id"))
    Notice.objects.filter(pk__in=[row.pk for row in chosen], state=DeliveryState.APPROVED).update(
        state=DeliveryState.PROPOSED, approved_by=None, approved_at=None
    )
    facts = [Fact(Notice._meta.label_lower, row.pk, row.customer_id, {}) for row in chosen]
    record_set(APPROVAL_UNDONE, facts, actor=actor)
    return len(chosen)
