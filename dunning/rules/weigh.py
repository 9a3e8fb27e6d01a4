"""What of an account may be asked for on a day, and what is left out with the reason (R9, R10, R13, R15). Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from dunning.rules.facts import NOTHING, AskedItem, Decision, OpenItem

PAYER_PROMISE_DAYS = 14  # a payer's own promise pauses no longer than that (P5)
# The reasons for which a part is left out, the strongest first: where all is paused, the first that holds is told.
PAUSES = ("disputed", "invoice_held", "on_plan", "promised", "in_flight", "not_delivered", "just_delivered")


class Weighed(NamedTuple):
    """An account's items, parted: what can be asked for, and what is left out with the reason."""

    overdue: list[AskedItem]
    not_due: list[AskedItem]
    left_out: list[dict[str, Any]]


def weigh(items: Iterable[OpenItem], on: date, days_after_delivery: int = 3) -> Weighed:
    """The items parted into overdue and not due, each with what may be asked of it, and the parts left out (R9, R10).

    Due today is not overdue (R13). Only the disputed, held, promised or planned part is left out, not the item."""
    overdue: list[AskedItem] = []
    not_due: list[AskedItem] = []
    left_out: list[dict[str, Any]] = []
    today = on.toordinal()
    for item in items:
        asked = item.open
        if item.pause:
            asked = _after_pauses(item, on, days_after_delivery, left_out)
            if asked <= 0:
                continue
        late = today - item.due_on.toordinal()
        (overdue if late > 0 else not_due).append(AskedItem(item, asked, late))
    return Weighed(overdue, not_due, left_out)


def promise_pauses_until(*, made_on: date, promised_on: date, by_payer: bool, level: int) -> date | None:
    """The last day on which a promise keeps reminders back, or None where it does not (P5).

    What we agreed with the customer counts as agreed. A payer's own word counts for at most 14 days, and not a second
    time: from level 2 on the one before was not kept."""
    if not by_payer:
        return promised_on
    return None if level > 1 else min(promised_on, made_on + timedelta(days=PAYER_PROMISE_DAYS))


def paused(left_out: list[dict[str, Any]]) -> Decision | None:
    """The decision where everything that could be asked for is paused: the first reason that holds, with its end."""
    for why in PAUSES:
        parts = [part for part in left_out if part["why"] == why]
        if parts:
            ends = [part["until"] for part in parts if part.get("until")]
            amount = sum((part["amount"] for part in parts), NOTHING)
            facts = {"amount": amount, "left_out": left_out, **({"until": max(ends)} if ends else {})}
            return Decision(why, facts)
    return None


def _after_pauses(item: OpenItem, on: date, days_after_delivery: int, left_out: list[dict[str, Any]]) -> Decimal:
    """What may be asked of a paused item; what may not is noted in `left_out`."""
    pause, rest = item.pause, item.open
    assert pause is not None
    if pause.undelivered:
        left_out.append(_part(item, "not_delivered", rest))
        return NOTHING
    if pause.delivered_on and (on - pause.delivered_on).days < days_after_delivery:
        until = pause.delivered_on + timedelta(days=days_after_delivery - 1)
        left_out.append(_part(item, "just_delivered", rest, until))
        return NOTHING
    promised = pause.promised if pause.promised_until and on <= pause.promised_until else NOTHING
    held = pause.held if pause.held_until and on <= pause.held_until else NOTHING
    parts: tuple[tuple[str, Decimal, date | None], ...] = (
        ("invoice_held", held, pause.held_until),
        ("disputed", pause.disputed, None),
        ("in_flight", pause.in_flight, None),
        ("on_plan", pause.on_plan, None),
        ("promised", promised, pause.promised_until),
    )
    for why, part, ends in parts:
        taken = min(part, rest)
        if taken > 0:
            rest -= taken
            left_out.append(_part(item, why, taken, ends))
    return rest


def _part(item: OpenItem, why: str, amount: Decimal, until: date | None = None) -> dict[str, Any]:
    part: dict[str, Any] = {"number": item.number, "why": why, "amount": amount, "due_on": item.due_on}
    return part if until is None else {**part, "until": until}
