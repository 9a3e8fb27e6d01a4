"""The history of one document: what happened, in which order, and what was left of it after each step. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `change` is what it does to the document's open amount, signed, in its currency; None
    when it moves no money. `recorded_at` is None where only the day was kept. `row` is what the event is about."""

    what: str
    effective_on: date
    recorded_at: datetime | None
    row: Any = None
    change: Decimal | None = None
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """An event and the document's open amount after it; `left` is None for events that move no money."""

    event: Event
    left: Decimal | None


def known(events: Iterable[Event], *, as_of: date, before: datetime | None = None) -> list[Event]:
    """The events that had taken effect at the end of `as_of` and, with `before`, had been recorded before that moment.

    What was recorded without a moment counts as known from the end of its day on."""
    return [event for event in events if event.effective_on <= as_of and (before is None or _recorded(event) < before)]


def steps(events: Iterable[Event]) -> list[Step]:
    """The events by effective day, then by the moment they were recorded, each with what was left after it."""
    left = Decimal(0)
    found = []
    for event in sorted(events, key=_place):
        left += event.change or Decimal(0)
        found.append(Step(event, None if event.change is None else left))
    return found


def left_of(events: Sequence[Event]) -> Decimal:
    """What is left after all of these events, in the document's currency."""
    return sum((event.change for event in events if event.change is not None), Decimal(0))


def end_of_day(day: date, time_zone: str) -> datetime:
    """The first moment after the day in that zone."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))


def _place(event: Event) -> tuple[date, bool, datetime]:
    # A document is there before anything happens to it, whenever it was recorded.
    return event.effective_on, event.what not in BIRTHS, _recorded(event)


BIRTHS = frozenset({"issued", "received", "posted", "paid_out"})


def _recorded(event: Event) -> datetime:
    return event.recorded_at or datetime.combine(event.effective_on, time.max, UTC)
