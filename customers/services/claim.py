"""Takes due messages in hand for one process, and gives back what dead processes held. Sends nothing."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from django.db import transaction
from django.db.models import F, Q

from customers.models import Delivery, DeliveryState
from customers.rules.backoff import MAX_ATTEMPTS

log = structlog.get_logger("collections.delivery")

D = TypeVar("D", bound=Delivery)

# A claim held this long belongs to a process that is gone; so does a hand-over (mail times out after 20 s).
CLAIM_LEASE = timedelta(minutes=2)
# A message in whose company processes died so often is taken alone, so that it takes no others down with it.
ALONE_FROM = 3
PROCESS_DIED = "process_died"


def claim(
    *, model: type[D], now: datetime, limit: int, only: Q | None = None, closed_to: Collection[str] = ()
) -> list[D]:
    """The rows this process now holds, committed; none over the channels `closed_to`. Rows another process is looking
    at are passed over."""
    token = model.new_claim()
    with transaction.atomic():
        due = list(
            model._default_manager.select_for_update(skip_locked=True, of=("self",))
            .filter(only or Q(), ~Q(channel__in=closed_to), state=DeliveryState.APPROVED, due_at__lte=now)
            .order_by("due_at", "pk")
            .values_list("pk", "attempts", "reason")[:limit]
        )
        risky = [pk for pk, attempts, reason in due if reason == PROCESS_DIED and attempts >= ALONE_FROM]
        ids = risky[:1] if risky and risky[0] == due[0][0] else [pk for pk, _, _ in due if pk not in risky]
        if ids:
            model._default_manager.filter(pk__in=ids, state=DeliveryState.APPROVED).update(
                state=DeliveryState.CLAIMED, claim_token=token, claimed_at=now, attempts=F("attempts") + 1
            )
    if not ids:
        return []
    return list(model._default_manager.filter(claim_token=token, state=DeliveryState.CLAIMED).order_by("due_at", "pk"))


def sweep(*, model: type[Delivery], now: datetime) -> dict[str, int]:
    """How many rows of dead processes were given back (claimed), ended as failed (claimed too often) or marked unknown
    (sending)."""
    stale = now - CLAIM_LEASE
    held = model._default_manager.filter(state=DeliveryState.CLAIMED, claimed_at__lt=stale)
    with transaction.atomic():
        failed = held.filter(attempts__gte=MAX_ATTEMPTS).update(
            state=DeliveryState.FAILED,
            settled_at=now,
            reason="gave_up",
            reason_text=f"The program stopped {MAX_ATTEMPTS} times while preparing this message. It did not leave. "
            "Ask whoever runs the program to look at the log.",
        )
        given_back = held.update(
            state=DeliveryState.APPROVED, claim_token=None, claimed_at=None, reason=PROCESS_DIED,
            reason_text="A process stopped while preparing this message. It is tried again.",
        )  # fmt: skip
        unknown = model._default_manager.filter(state=DeliveryState.SENDING, sending_at__lt=stale).update(
            state=DeliveryState.UNKNOWN,
            settled_at=now,
            reason=PROCESS_DIED,
            reason_text="The process stopped while handing this message over. It may have arrived: ask the provider or "
            "the customer before you send it again.",
        )
    if given_back or failed or unknown:
        table = model._meta.label_lower
        log.warning("deliveries_swept", table=table, given_back=given_back, failed=failed, unknown=unknown)
    return {"given_back": given_back, "failed": failed, "unknown": unknown}


def give_back(rows: Collection[Delivery]) -> None:
    """Nothing; what this process still holds of these rows is in the queue again, as if it had not been taken."""
    if not rows:
        return
    first = next(iter(rows))
    mine = type(first)._default_manager.filter(
        pk__in=[row.pk for row in rows], state=DeliveryState.CLAIMED, claim_token=first.claim_token
    )
    mine.update(state=DeliveryState.APPROVED, claim_token=None, claimed_at=None, attempts=F("attempts") - 1)
