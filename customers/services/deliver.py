"""Delivers queued messages at most once. The only code that moves a delivery past `approved`.

For each message: 1. claim by conditional update, commit; 2. look again at the facts, in one set, and anew after some
seconds; 3. mark `sending` by conditional update, commit; 4. hand to the channel; 5. record what came of it. A process
that dies before 3 left nothing outside, so its claim goes back to the queue; one that dies after 3 leaves `sending`,
which the sweep turns into `unknown`: the message may have left, so it is never sent again by itself (F30)."""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Model, Q, QuerySet

from customers.channels.parcel import Accepted, Outcome, Refused, Uncertain
from customers.models import Delivery, DeliveryState
from customers.services.suppress_address import suppress_address

log = structlog.get_logger("collections.delivery")

D = TypeVar("D", bound=Delivery)

# A claim held this long belongs to a process that is gone; so does a hand-over (mail times out after 20 s).
CLAIM_LEASE = timedelta(minutes=2)
# What was found at the last look holds this long; a slow mail server must not let a paid customer be written to (R6).
LOOK_LASTS = timedelta(seconds=5)
# With the doubling waits below some twelve hours: a mail server that is away for a working day costs no message.
MAX_ATTEMPTS = 16
_LOST = "lost"  # another process took the row over


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why a message must not leave after all."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Postponement:
    """Until when a message stays in the queue: the moment it was due has passed, and this one does not fit (D43)."""

    until: datetime


Findings = Mapping[int, Withdrawal | Postponement]


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """What came of one call."""

    accepted: int = 0
    cancelled: int = 0
    retried: int = 0
    failed: int = 0
    unknown: int = 0
    postponed: int = 0

    @property
    def total(self) -> int:
        """How many messages were taken in hand."""
        return self.accepted + self.cancelled + self.retried + self.failed + self.unknown + self.postponed


def deliver_due(
    *,
    model: type[D],
    look_again: Callable[[Sequence[D]], Findings],
    send: Callable[[D], Outcome],
    now: Callable[[], datetime],
    limit: int = 20,
    only: Q | None = None,
) -> DeliveryCounts:
    """What came of the due, approved messages of this table, at most `limit` of them, oldest first.

    `look_again` gets the claimed rows at once, and those left of them once what it found is seconds old. It returns,
    by primary key, those that must not leave, with the reason (R6), or not now. `send` composes and hands over one
    message and should raise nothing: a fault of our own in it leaves the message `unknown`, for a person to look at.
    `only` narrows the table; the others stay in the queue. Must be called outside a transaction."""
    rows = claim(model=model, now=now(), limit=limit, only=only)
    if not rows:
        return DeliveryCounts()
    counts: Counter[str] = Counter()
    waiting = deque(rows)
    while waiting:
        found, looked_at = look_again(list(waiting)), now()
        counts[_come_of(waiting.popleft(), found, send, now)] += 1
        while waiting and abs(now() - looked_at) < LOOK_LASTS:
            counts[_come_of(waiting.popleft(), found, send, now)] += 1
    del counts[_LOST]
    return DeliveryCounts(**counts)


def _come_of(row: D, found: Findings, send: Callable[[D], Outcome], now: Callable[[], datetime]) -> str:
    finding = found.get(row.pk)
    if isinstance(finding, Withdrawal):
        return "cancelled" if _cancel(row, finding, now()) else _LOST
    if isinstance(finding, Postponement):
        return "postponed" if _put_off(row, finding.until) else _LOST
    return _record(row, _handed_over(row, send), now()) if _mark_sending(row, now()) else _LOST


def claim(*, model: type[D], now: datetime, limit: int, only: Q | None = None) -> list[D]:
    """The rows this process now holds, committed. Rows another process is looking at are passed over."""
    token = model.new_claim()
    with transaction.atomic():
        ids = list(
            model._default_manager.select_for_update(skip_locked=True, of=("self",))
            .filter(only or Q(), state=DeliveryState.APPROVED, due_at__lte=now)
            .order_by("due_at", "pk")
            .values_list("pk", flat=True)[:limit]
        )
        if ids:
            model._default_manager.filter(pk__in=ids, state=DeliveryState.APPROVED).update(
                state=DeliveryState.CLAIMED, claim_token=token, claimed_at=now, attempts=F("attempts") + 1
            )
    return list(model._default_manager.filter(claim_token=token, state=DeliveryState.CLAIMED).order_by("due_at", "pk"))


def sweep(*, model: type[Delivery], now: datetime) -> dict[str, int]:
    """How many rows of dead processes were given back (claimed) or marked unknown (sending)."""
    stale = now - CLAIM_LEASE
    with transaction.atomic():
        given_back = model._default_manager.filter(state=DeliveryState.CLAIMED, claimed_at__lt=stale).update(
            state=DeliveryState.APPROVED, claim_token=None, claimed_at=None
        )
        unknown = model._default_manager.filter(state=DeliveryState.SENDING, sending_at__lt=stale).update(
            state=DeliveryState.UNKNOWN,
            settled_at=now,
            reason="process_died",
            reason_text="The process stopped while handing this message over. It may have arrived: ask the provider or "
            "the customer before you send it again.",
        )
    if given_back or unknown:
        log.warning("deliveries_swept", table=_table(model), given_back=given_back, unknown=unknown)
    return {"given_back": given_back, "unknown": unknown}


def _mark_sending(row: Delivery, now: datetime) -> bool:
    won = _mine(row, DeliveryState.CLAIMED).update(
        state=DeliveryState.SENDING, sending_at=now, message_id=row.message_id, to_address=row.to_address
    )
    return won == 1


def _handed_over(row: D, send: Callable[[D], Outcome]) -> Outcome:
    try:
        return send(row)
    except Exception as error:  # one broken message must not keep the others from leaving
        log.exception("delivery_fault", table=_table(type(row)), pk=row.pk)
        return Uncertain("program_fault", f"The program failed while sending this message: {error}")


def _cancel(row: Delivery, why: Withdrawal, now: datetime) -> int:
    return _mine(row, DeliveryState.CLAIMED).update(
        state=DeliveryState.CANCELLED, settled_at=now, reason=why.code, reason_text=why.sentence
    )


def _put_off(row: Delivery, until: datetime) -> int:
    return _mine(row, DeliveryState.CLAIMED).update(
        state=DeliveryState.APPROVED, due_at=until, claim_token=None, claimed_at=None, attempts=F("attempts") - 1
    )


def _record(row: Delivery, outcome: Outcome, now: datetime) -> str:
    mine = _mine(row, DeliveryState.SENDING)
    if isinstance(outcome, Accepted):
        mine.update(state=DeliveryState.ACCEPTED, settled_at=now, provider_id=outcome.provider_id, reason="")
        return "accepted"
    why = {"reason": outcome.reason, "reason_text": outcome.text}
    if isinstance(outcome, Refused):
        if outcome.permanent or row.attempts >= MAX_ATTEMPTS:
            if mine.update(state=DeliveryState.FAILED, settled_at=now, **why) and outcome.bounced:
                suppress_address(contact_id=row.contact_id, address=row.to_address, why=outcome.text)
            return "failed"
        wait = timedelta(minutes=2 ** min(row.attempts, 6))
        mine.update(state=DeliveryState.APPROVED, due_at=now + wait, claim_token=None, claimed_at=None, **why)
        return "retried"
    mine.update(state=DeliveryState.UNKNOWN, settled_at=now, **why)
    return "unknown"


def _mine(row: Delivery, state: str) -> QuerySet[Delivery]:
    token: UUID | None = row.claim_token
    return type(row)._default_manager.filter(pk=row.pk, state=state, claim_token=token)


def _table(model: type[Model]) -> str:
    return model._meta.label_lower
