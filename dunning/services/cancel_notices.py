"""Withdraws notices that have not left yet, by set."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import Fact, record_set
from collections_app.lib.errors import BadInput
from customers.models import DeliveryState
from dunning.actions import NOTICE_CANCELLED
from dunning.models import Notice

WITHDRAWABLE = (DeliveryState.PROPOSED, DeliveryState.APPROVED)


@transaction.atomic
def cancel_notices(
    *, notice_ids: Collection[int], actor: AbstractBaseUser, now: datetime, reason_text: str = ""
) -> int:
    """How many were cancelled: those named that are proposed or approved. What a worker holds already is left to it.

    Raises BadInput where nothing was chosen."""
    if not notice_ids:
        raise BadInput("Choose at least one notice to cancel.", code="nothing_chosen")
    rows = Notice.objects.select_for_update(of=("self",)).filter(pk__in=notice_ids, state__in=WITHDRAWABLE)
    chosen = list(rows.order_by("pk"))
    text = reason_text.strip() or f"Withdrawn by {actor}."
    Notice.objects.filter(pk__in=[row.pk for row in chosen]).update(
        state=DeliveryState.CANCELLED, reason="withdrawn", reason_text=text, settled_at=now
    )
    facts = [Fact(Notice._meta.label_lower, row.pk, row.customer_id, {"reason": text}) for row in chosen]
    record_set(NOTICE_CANCELLED, facts, actor=actor)
    return len(chosen)
