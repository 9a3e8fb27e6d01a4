"""Writes what becomes of one claimed message: marked, sent, refused, put off, withdrawn. Each is a conditional update
that only the process holding the message can make. Which of them is due, `deliver` knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, QuerySet

from customers.channels.parcel import Accepted, Outcome, Refused
from customers.models import Delivery, DeliveryState, OutgoingRules
from customers.rules.backoff import MAX_ATTEMPTS, wait_before
from customers.services.reserve_touches import Touch
from customers.services.suppress_address import suppress_address


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why a message must not leave after all."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Postponement:
    """Until when a message stays in the queue: the moment it was due has passed, and this one does not fit (D43)."""

    until: datetime


# Plain statements, because every message needs both: the model layer would cost more than sending does (B6).
_MARK = """
UPDATE {table} SET state = 'sending', sending_at = %s{names}
WHERE id = %s AND state = 'claimed' AND claim_token = %s AND {same}
"""
_SAME_RULES = "EXISTS (SELECT 1 FROM customers_outgoingrules WHERE id = 1 AND changed_at = %s AND stopped_at IS NULL)"
_NO_RULES = "NOT EXISTS (SELECT 1 FROM customers_outgoingrules)"
_ACCEPT = """
UPDATE {table} SET state = 'accepted', settled_at = %s, provider_id = %s, reason = '', reason_text = %s
WHERE id = %s AND state = 'sending' AND claim_token = %s;
"""

TEST_MODE_HAS_NO_BOX = Withdrawal("test_mode", "Test mode: only mail can go to a box of our own, so nothing left.")


def over_budget(touch: Touch) -> Withdrawal | Postponement:
    """What becomes of a message for which the contact budget has no room today: later, and not for ever."""
    if touch.on < touch.give_up_on:
        return Postponement(touch.again_at)
    later = "This person was contacted as often as is allowed, day after day. A later run looks at the account anew."
    return Withdrawal("contact_budget", touch.told or later)


class Arrived(NamedTuple):
    """A message that was accepted and is to be recorded so."""

    row: Delivery
    outcome: Accepted
    at: datetime


def mark_sending(
    row: Delivery, columns: Mapping[str, Any], rules: OutgoingRules, now: datetime, *, arrived: Arrived | None
) -> bool:
    """Whether the message is marked: it was still ours, and the rules for what may leave are still those we know.

    `columns` are named as the table names them, keys and not rows. `arrived` is the message before, recorded in the
    same commit: one for each message, not two (B6). Raises IntegrityError when the database refuses the columns; then
    nothing was recorded either."""
    kept = {"message_id": row.message_id, "to_address": row.to_address, **columns}
    fields: list[Any] = [row._meta.get_field(name) for name in kept]
    names = "".join(f", {field.column} = %s" for field in fields)
    values = [field.get_db_prep_save(value, connection) for field, value in zip(fields, kept.values(), strict=True)]
    mark = _MARK.format(table=row._meta.db_table, names=names, same=_NO_RULES if rules._state.adding else _SAME_RULES)
    known = [] if rules._state.adding else [rules.changed_at]
    before, told = _accepting(arrived) if arrived else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(before + mark, [*told, now, *values, row.pk, row.claim_token, *known])
        return bool(cursor.rowcount == 1)


def record_accepted(arrived: Arrived) -> None:
    """Nothing; the message is recorded as accepted."""
    with connection.cursor() as cursor:
        cursor.execute(*_accepting(arrived))


def _accepting(arrived: Arrived) -> tuple[str, list[Any]]:
    row, outcome, at = arrived
    return _ACCEPT.format(table=row._meta.db_table), [at, outcome.provider_id, outcome.text, row.pk, row.claim_token]


def is_still_mine(row: Delivery) -> bool:
    """Whether this process still holds the message, so that it was the rules that changed."""
    return _mine(row, DeliveryState.CLAIMED).exists()


def without_sending(row: Delivery, finding: Withdrawal | Postponement | Refused, now: datetime) -> str:
    """What the message counts as, "" when another process took it over. It has not been marked as sending."""
    mine = _mine(row, DeliveryState.CLAIMED)
    if isinstance(finding, Withdrawal):
        done = mine.update(
            state=DeliveryState.CANCELLED, settled_at=now, reason=finding.code, reason_text=finding.sentence
        )
        return "cancelled" if done else ""
    if isinstance(finding, Postponement):
        done = mine.update(
            state=DeliveryState.APPROVED, due_at=finding.until, claim_token=None, claimed_at=None,
            attempts=F("attempts") - 1,
        )  # fmt: skip
        return "postponed" if done else ""
    return _refused(row, mine, finding, now)


def record_outcome(row: Delivery, outcome: Outcome, now: datetime) -> str:
    """What the message counts as, after it was handed to its channel."""
    mine = _mine(row, DeliveryState.SENDING)
    if isinstance(outcome, Accepted) and row.redirect_to:
        mine.update(
            state=DeliveryState.CANCELLED, settled_at=now, provider_id=outcome.provider_id, reason="test_mode",
            reason_text=f"Test mode: it went to {row.redirect_to} and not to the customer.",
        )  # fmt: skip
        return "cancelled"
    if isinstance(outcome, Accepted):
        record_accepted(Arrived(row, outcome, now))
        return "accepted"
    if isinstance(outcome, Refused):
        return _refused(row, mine, outcome, now)
    mine.update(state=DeliveryState.UNKNOWN, settled_at=now, reason=outcome.reason, reason_text=outcome.text)
    return "unknown"


def _refused(row: Delivery, mine: QuerySet[Delivery], why: Refused, now: datetime) -> str:
    told = {"reason": why.reason, "reason_text": why.text}
    if why.permanent or row.attempts >= MAX_ATTEMPTS:
        ended = mine.update(state=DeliveryState.FAILED, settled_at=now, **told)
        if ended and why.bounced and not row.redirect_to:
            suppress_address(contact_id=row.contact_id, address=row.to_address, why=why.text)
        return "failed" if ended else ""
    wait = wait_before(row.attempts, seed=row.pk, asked=why.wait)
    queued = mine.update(state=DeliveryState.APPROVED, due_at=now + wait, claim_token=None, claimed_at=None, **told)
    return "retried" if queued else ""


def _mine(row: Delivery, state: str) -> QuerySet[Delivery]:
    return type(row)._default_manager.filter(pk=row.pk, state=state, claim_token=row.claim_token)
