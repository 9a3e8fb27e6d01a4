"""Delivers queued messages at most once. The only code that moves a delivery past `approved`.

For each message: 1. claim by conditional update, commit; 2. look again at the facts, in one set, and anew after some
seconds; reserve the contact in the budget; 3. write it; 4. mark `sending` by conditional update, commit: it fails when
somebody stopped everything or changed what may leave; 5. hand to the channel; 6. record what came of it. A process that
dies before 4 left nothing outside, so its claim goes back to the queue; one that dies after 4 leaves `sending`, which
the sweep turns into `unknown`: the message may have left, so it is never sent again by itself (F30)."""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from customers.channels.parcel import Accepted, Outcome, Refused, Uncertain
from customers.models import Delivery, OutgoingRules
from customers.queries.outgoing import outgoing_rules
from customers.rules.outgoing import is_allowed
from customers.services import settle_delivery as settle
from customers.services.claim import claim, give_back
from customers.services.reserve_touches import Touch, reserve_touches
from customers.services.settle_delivery import Arrived, Postponement, Withdrawal
from customers.services.watch_provider import (
    Passage,
    give_up_waiting,
    nothing_to_try,
    provider_answered,
    provider_failed,
    ways_open,
)

log = structlog.get_logger("collections.delivery")

D = TypeVar("D", bound=Delivery)

# What was found at the last look holds this long; a slow mail server must not let a paid customer be written to (R6).
LOOK_LASTS = timedelta(seconds=5)
# So often the program may fail while it looks at a message.
MAX_LOOKS = 5

Findings = Mapping[int, Withdrawal | Postponement | Refused]
# Columns that are kept with the mark: the words as they will leave.
Written = Mapping[str, Any]


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
    look_again: Callable[[Sequence[D]], Mapping[int, Withdrawal | Postponement]],
    send: Callable[[D], Outcome],
    now: Callable[[], datetime],
    limit: int = 20,
    only: Q | None = None,
    write: Callable[[D], Written | Refused] | None = None,
    touch: Callable[[D], Touch | None] | None = None,
    leaves: Callable[[D], bool] = lambda row: True,
) -> DeliveryCounts:
    """What came of the due, approved messages of this table, at most `limit` of them, oldest first.

    `look_again` gets the claimed rows at once, and those left of them once what it found is seconds old. It returns,
    by primary key, those that must not leave, with the reason (R6), or not now. `write` composes one message before it
    is marked and returns the columns to keep with the mark. `send` hands it over and should raise nothing: a fault of
    our own in it leaves the message `unknown`, for a person to look at. `touch` says which contact a message is, None
    for one that is none, `leaves` whether it leaves the house at all, so that the rules for what may leave apply.
    `only` narrows the table; the others stay in the queue. Must run outside a transaction."""
    rules = outgoing_rules()
    if rules.stopped_at is not None:
        return DeliveryCounts()
    ways = ways_open(now=now())
    rows = _taken(model, now(), limit, only, ways)
    if not rows:
        return DeliveryCounts()
    return _Delivering(look_again, send, now, write, touch, leaves, ways).all(rows)


def _taken(model: type[D], now: datetime, limit: int, only: Q | None, ways: Passage) -> list[D]:
    if ways.closed_to:
        give_up_waiting(model=model, now=now)
    if ways.tried:
        rows = claim(model=model, now=now, limit=1, only=(only or Q()) & Q(channel__in=ways.tried))
        if rows:
            return rows
        nothing_to_try(providers=ways.tried)
    return claim(model=model, now=now, limit=limit, only=only, closed_to=ways.closed_to | ways.tried)


@dataclass(slots=True)
class _Delivering(Generic[D]):
    """One batch on its way: what holds for it at the moment, and what came of it."""

    look_again: Callable[[Sequence[D]], Mapping[int, Withdrawal | Postponement]]
    send: Callable[[D], Outcome]
    now: Callable[[], datetime]
    write: Callable[[D], Written | Refused] | None
    touch: Callable[[D], Touch | None] | None
    leaves: Callable[[D], bool]
    ways: Passage
    rules: OutgoingRules = field(default_factory=OutgoingRules)
    closed: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    arrived: Arrived | None = None  # accepted, and recorded together with what is done next

    def all(self, rows: Sequence[D]) -> DeliveryCounts:
        try:
            self._all(rows)
        finally:
            self._record_arrived()
        return DeliveryCounts(**self.counts)

    def _all(self, rows: Sequence[D]) -> None:
        waiting = deque(rows)
        while waiting:
            self._record_arrived()
            self.rules = outgoing_rules()
            if self.rules.stopped_at is not None:
                give_back(waiting)
                break
            found, looked_at = self._found(list(waiting)), self.now()
            while waiting and self._one(waiting[0], found):
                waiting.popleft()
                if abs(self.now() - looked_at) >= LOOK_LASTS:
                    break

    def _found(self, rows: list[D]) -> Findings:
        found: dict[int, Withdrawal | Postponement | Refused] = self._looked(rows)
        for row in rows:
            row.redirect_to = self.rules.test_address if row.channel == "email" else ""
            if row.pk not in found and (why := self._kept_in(row)):
                found[row.pk] = why
        if self.touch is None:
            return found
        touches = {row.pk: self.touch(row) for row in rows if row.pk not in found}
        wanted = [touch for touch in touches.values() if touch is not None]
        reserved = reserve_touches(touches=wanted)
        for pk, touch in touches.items():
            if touch is not None and touch.source not in reserved:
                found[pk] = settle.over_budget(touch)
        return found

    def _looked(self, rows: list[D]) -> dict[int, Withdrawal | Postponement | Refused]:
        try:
            return dict(self.look_again(rows))
        except (OperationalError, InterfaceError):
            raise  # the database is away: the claims run out, and the sweep gives them back
        except Exception:
            log.exception("look_fault", table=_table(rows[0]), messages=len(rows))
        found: dict[int, Withdrawal | Postponement | Refused] = {}
        for row in rows:  # one message that cannot be looked at must not keep the others
            try:
                with transaction.atomic():
                    found |= self.look_again([row])
            except Exception as error:
                why = f"The program failed while looking at this message: {type(error).__name__}."
                found[row.pk] = Refused("look_failed", why, permanent=row.attempts >= MAX_LOOKS)
        return found

    def _kept_in(self, row: D) -> Withdrawal | None:
        """Why the rules for what may leave keep it here, if so."""
        if self.rules.test_address:
            return settle.TEST_MODE_HAS_NO_BOX if row.channel != "email" and self.leaves(row) else None
        if not self.rules.allowed or is_allowed(row.to_address, self.rules.allowed) or not self.leaves(row):
            return None
        told = row.to_address or "What goes to no address, as letters do,"
        return Withdrawal("not_allowed", f"{told} is not on the list of allowed addresses.")

    def _one(self, row: D, found: Findings) -> bool:
        """Whether what holds for the batch still does; if not, the row waits for a new look."""
        finding = found.get(row.pk)
        if finding is None and row.channel in self.closed:
            give_back([row])
        elif finding is not None:
            self._count(settle.without_sending(row, finding, self.now()))
        else:
            return self._sent(row)
        return True

    def _sent(self, row: D) -> bool:
        written = self._written(row)
        if isinstance(written, Refused):
            self._count(settle.without_sending(row, written, self.now()))
            return True
        try:
            # Outside a transaction the statements are one by themselves; tests run inside one.
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                marked = settle.mark_sending(row, written, self.rules, self.now(), arrived=self.arrived)
            self.arrived = None
        except IntegrityError:  # the invoice that leads now had this very step already
            twice = Refused("already_sent", "This step has been sent for the same debt already.", permanent=True)
            self._count(settle.without_sending(row, twice, self.now()))
            return True
        if not marked:
            return not settle.is_still_mine(row)
        outcome = self._handed_over(row)
        if isinstance(outcome, Accepted) and not row.redirect_to:
            self.arrived = Arrived(row, outcome, self.now())
            self._count("accepted")
        else:
            self._count(settle.record_outcome(row, outcome, self.now()))
        self._watch(row.channel, outcome)
        return True

    def _record_arrived(self) -> None:
        if self.arrived is not None:
            settle.record_accepted(self.arrived)
            self.arrived = None

    def _written(self, row: D) -> Written | Refused:
        if self.write is None:
            return {}
        try:
            return self.write(row)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # before anything left, so it is certain: try again, and say so
            log.exception("message_not_written", table=_table(row), pk=row.pk)
            return Refused("program_fault", f"The program failed while writing this message: {type(error).__name__}.")

    def _handed_over(self, row: D) -> Outcome:
        try:
            return self.send(row)
        except Exception as error:  # one broken message must not keep the others from leaving
            log.exception("delivery_fault", table=_table(row), pk=row.pk)
            return Uncertain("program_fault", f"The program failed while sending this message: {error}")

    def _watch(self, channel: str, outcome: Outcome) -> None:
        if isinstance(outcome, Refused | Uncertain) and outcome.provider_fault:
            if provider_failed(provider=channel, why=outcome.text, now=self.now()):
                self.closed.add(channel)
            self.ways = self.ways._replace(failing=self.ways.failing | {channel})
        elif channel in self.ways.failing:
            provider_answered(provider=channel)
            self.ways = self.ways._replace(failing=self.ways.failing - {channel})

    def _count(self, came: str) -> None:
        if came:
            self.counts[came] += 1


def _table(row: Delivery) -> str:
    return row._meta.label_lower
