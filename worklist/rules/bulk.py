"""What doing one thing for many customers would do: for whom it takes effect, who is skipped and why (U14). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum


class Do(StrEnum):
    """What can be done for many at once."""

    SNOOZE = "snooze"
    ASSIGN = "assign"
    NOTE = "note"
    PIN = "pin"
    WORKED = "worked"


class Skip(StrEnum):
    """Why a customer is left out."""

    TAKEN = "taken"  # a colleague is on it at this moment
    SNOOZED = "snoozed"  # off the list as long or longer already
    NO_PROMISE = "no_promise"  # "after the promise", and there is none
    THEIRS = "theirs"  # that person's already
    NOT_ALLOWED = "not_allowed"  # that person may not work this account
    PINNED = "pinned"  # on top as long already
    WORKED = "worked"  # worked today already


@dataclass(frozen=True, slots=True)
class Chosen:
    """One selected customer as it stands. `overdue` in `currency`; `promised_until` is the last day of an open promise;
    `taken_by` is the first name of the colleague who is on it."""

    customer_id: int
    name: str
    entity_id: int
    currency: str
    overdue: Decimal
    collector_id: int | None = None
    snoozed_until: date | None = None
    pinned_until: date | None = None
    done_on: date | None = None
    promised_until: date | None = None
    taken_by: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done on the day `on`. `until` is the day of a snooze or pin, or None for the day after each one's
    promise; `to` is who gets the accounts (None: nobody) and `may_work` the entities that this person may work."""

    do: Do
    on: date
    until: date | None = None
    to: int | None = None
    may_work: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Effect:
    """For whom it takes effect, each with the day of a snooze or pin, and who is skipped and why; in list order."""

    takes: list[tuple[Chosen, date | None]] = field(default_factory=list)
    skipped: list[tuple[Chosen, Skip]] = field(default_factory=list)

    @property
    def money(self) -> dict[str, Decimal]:
        """The overdue money of those it takes effect for, by currency."""
        sums: dict[str, Decimal] = {}
        for row, _day in self.takes:
            sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.overdue
        return {currency: amount for currency, amount in sums.items() if amount}


def effect_of(plan: Plan, rows: Iterable[Chosen]) -> Effect:
    """The effect of the plan on the selected customers."""
    found = Effect()
    for row in rows:
        day = _day(plan, row)
        reason = _reason(plan, row, day)
        if reason is None:
            found.takes.append((row, day))
        else:
            found.skipped.append((row, reason))
    return found


def _day(plan: Plan, row: Chosen) -> date | None:
    if plan.do is Do.SNOOZE and plan.until is None:
        promised = row.promised_until
        return promised + timedelta(days=1) if promised and promised >= plan.on else None
    return plan.until


def _reason(plan: Plan, row: Chosen, day: date | None) -> Skip | None:
    if row.taken_by and plan.do is not Do.NOTE:
        return Skip.TAKEN
    match plan.do:
        case Do.SNOOZE if day is None:
            return Skip.NO_PROMISE
        case Do.SNOOZE if row.snoozed_until and day and row.snoozed_until >= day:
            return Skip.SNOOZED
        case Do.PIN if row.pinned_until and day and row.pinned_until >= day:
            return Skip.PINNED
        case Do.ASSIGN if row.collector_id == plan.to:
            return Skip.THEIRS
        case Do.ASSIGN if plan.to is not None and row.entity_id not in plan.may_work:
            return Skip.NOT_ALLOWED
        case Do.WORKED if row.done_on == plan.on:
            return Skip.WORKED
    return None
