"""Which notice, if any, one customer is owed in one currency on one day. Pure; the nightly run, the pages that explain
it, the command and the last look before sending all ask here. The R numbers are the house's dunning rules; worked
examples are in `docs/algorithms/dunning.md`."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from collections_app.lib.calendars import is_business_day, next_business_day
from dunning.rules.facts import CALL_TASK, NOTHING, Account, AskedItem, Decision, OpenItem, PolicyFacts, StepFacts

DAYS_AFTER_DELIVERY = 3  # an invoice that has just arrived is not reminded of (R15)


class Weighed(NamedTuple):
    """An account's items, parted: what can be asked for, and what is left out with the reason."""

    overdue: list[AskedItem]
    not_due: list[AskedItem]
    left_out: list[dict[str, Any]]


def decide(policy: PolicyFacts, account: Account, on: date) -> Decision:
    """The decision for the business day `on`, with its reason. At most one step, never more (R1, R4)."""
    blocked = blocked_as_a_whole(account)
    if blocked:
        return blocked
    if account.in_hand:
        waiting = account.in_hand
        return no("in_hand", step=waiting.step_name, state=waiting.state, as_of=waiting.as_of)
    weighed = weigh(account.items, on)
    if weighed.overdue:
        return _after_due(policy, account, weighed, on)
    return _before_due(policy, account, weighed, on)


def blocked_as_a_whole(account: Account) -> Decision | None:
    """The decision where nothing may be sent to the customer at all, else None."""
    if account.related_party:
        return no("related_party")  # R21
    if not account.items:
        return no("nothing_open")  # R24
    if account.hold:
        return no("on_hold", why=account.hold.reason, until=account.hold.until)  # R9
    return None


def weigh(items: Iterable[OpenItem], on: date) -> Weighed:
    """The items parted into overdue and not due, each with what may be asked of it, and the parts left out (R9, R10).

    Due today is not overdue (R13). Only the disputed, promised or paid-in-flight part is left out, not the item."""
    overdue: list[AskedItem] = []
    not_due: list[AskedItem] = []
    left_out: list[dict[str, Any]] = []
    today = on.toordinal()
    for item in items:
        asked, pause = item.open, item.pause
        if pause:
            asked = _after_pauses(item, on, left_out)
            if asked <= 0:
                continue
        late = today - item.due_on.toordinal()
        (overdue if late > 0 else not_due).append(AskedItem(item, asked, late))
    return Weighed(overdue, not_due, left_out)


def _after_pauses(item: OpenItem, on: date, left_out: list[dict[str, Any]]) -> Decimal:
    """What may be asked of a paused item; what may not is noted in `left_out`."""
    pause, rest = item.pause, item.open
    assert pause is not None
    if pause.undelivered:
        left_out.append({"number": item.number, "why": "not_delivered", "amount": rest})
        return NOTHING
    if pause.delivered_on and (on - pause.delivered_on).days < DAYS_AFTER_DELIVERY:
        until = pause.delivered_on + timedelta(days=DAYS_AFTER_DELIVERY - 1)
        left_out.append({"number": item.number, "why": "just_delivered", "amount": rest, "until": until})
        return NOTHING
    promised = pause.promised if pause.promised_until and on <= pause.promised_until else NOTHING
    for why, part in (("disputed", pause.disputed), ("in_flight", pause.in_flight), ("promised", promised)):
        taken = min(part, rest)
        if taken > 0:
            rest -= taken
            end = {"until": pause.promised_until} if why == "promised" else {}
            left_out.append({"number": item.number, "why": why, "amount": taken, **end})
    return rest


def _after_due(policy: PolicyFacts, account: Account, weighed: Weighed, on: date) -> Decision:
    asked, step, lead = conversation(policy, weighed.overdue)
    if lead is None or step is None:
        return no("finished", last_step=policy.steps[-1].name, documents=len(weighed.overdue))  # R22
    if account.autopay and not any(a.item.pause and a.item.pause.charge_failed for a in asked):
        return no("autopay", documents=len(asked))  # R16
    if lead.days_late < step.offset_days:
        ready = lead.item.due_on + timedelta(days=step.offset_days)
        return no("step_not_due", step=step.name, on=ready, lead=lead.item.number, days_late=lead.days_late)
    return _propose(policy, account, step, lead, asked, weighed.left_out, on)


def conversation(
    policy: PolicyFacts, overdue: Sequence[AskedItem]
) -> tuple[list[AskedItem], StepFacts | None, AskedItem | None]:
    """The items the customer is asked for together, the step that comes next, and the item that leads (R2, R3).

    The lead is the item that got farthest, the oldest of several. An item that had the last step is out of it (R22): it
    waits for people, while younger items have a conversation of their own."""
    last = policy.steps[-1].position
    alive = [asked for asked in overdue if asked.item.sent_step < last]
    if not alive:
        return alive, None, None
    lead = alive[0]
    for asked in alive:
        if _leads(asked.item, lead.item):
            lead = asked
    return alive, _next_step(policy, lead), lead


def _leads(item: OpenItem, other: OpenItem) -> bool:
    if item.sent_step != other.sent_step:
        return item.sent_step > other.sent_step
    return (item.due_on, item.invoice_id) < (other.due_on, other.invoice_id)


def _next_step(policy: PolicyFacts, lead: AskedItem) -> StepFacts | None:
    """The step after the last one sent for the lead (R1). Steps before the due date are over once it has passed."""
    due = [step for step in policy.steps if step.offset_days > 0]
    after = [step for step in due if step.position > lead.item.sent_step]
    if not after:
        return None
    if policy.entry == "matching" and len(after) == len(due):
        for step in reversed(after):
            if step.offset_days <= lead.days_late:
                return step
    return after[0]


def _before_due(policy: PolicyFacts, account: Account, weighed: Weighed, on: date) -> Decision:
    if account.autopay and weighed.not_due:
        return no("autopay", documents=len(weighed.not_due))  # R16
    for step in reversed(policy.steps):
        if step.offset_days > 0:
            continue
        near = [
            asked
            for asked in weighed.not_due
            if asked.days_late >= step.offset_days and asked.item.sent_step < step.position
        ]
        if near:
            lead = min(near, key=lambda asked: (asked.item.due_on, asked.item.invoice_id))
            return _propose(policy, account, step, lead, near, weighed.left_out, on)
    return _nothing_to_ask(weighed)


def paused(left_out: list[dict[str, Any]]) -> Decision | None:
    """The decision where everything that could be asked for is paused: the first reason that holds, with its end."""
    for why in ("disputed", "promised", "in_flight", "not_delivered", "just_delivered"):
        parts = [part for part in left_out if part["why"] == why]
        if parts:
            ends = [part["until"] for part in parts if "until" in part]
            amount = sum((part["amount"] for part in parts), NOTHING)
            return no(why, amount=amount, left_out=left_out, **({"until": max(ends)} if ends else {}))
    return None


def _nothing_to_ask(weighed: Weighed) -> Decision:
    pause = None if weighed.not_due else paused(weighed.left_out)
    if pause:
        return pause
    next_due = min((asked.item.due_on for asked in weighed.not_due), default=None)
    return no("not_due", documents=len(weighed.not_due), next_due=next_due, left_out=weighed.left_out)


def _propose(
    policy: PolicyFacts,
    account: Account,
    step: StepFacts,
    lead: AskedItem,
    asked: Sequence[AskedItem],
    left_out: list[dict[str, Any]],
    on: date,
) -> Decision:
    refused, amount, credits = priced(policy, account, asked, on)
    if refused:
        return refused
    facts: dict[str, Any] = {
        "step": step.name,
        "since": lead.item.due_on + timedelta(days=step.offset_days),  # a later day is a catch-up (R4, D42)
        "lead": lead.item.number,
        "days_late": lead.days_late,
        "documents": len(asked),
        "credits": credits,
    }
    if left_out:
        facts["left_out"] = left_out
    channel = step.channel
    if step.needs and step.needs not in account.reach:
        channel = CALL_TASK
        facts["missing"] = step.needs  # R19
    return Decision("propose", facts, step, channel, tuple(asked), amount, credits, lead.item.claim)


def priced(
    policy: PolicyFacts, account: Account, asked: Sequence[AskedItem], on: date
) -> tuple[Decision | None, Decimal, Decimal]:
    """A refusal or None, the amount to ask for, and the credits taken off it (R17)."""
    total = NOTHING
    for one in asked:
        total += one.asked
    amount = total - account.credits
    if amount <= 0:
        return no("covered_by_credits", credits=account.credits, asked=total), amount, total
    if amount < account.min_amount:
        return no("below_minimum", amount=amount, minimum=account.min_amount), amount, account.credits
    last = account.last_contact
    if last and (on - last.on).days < policy.min_days_between:  # R5
        free_on = last.on + timedelta(days=policy.min_days_between)
        return no("too_soon", last=last.on, what=last.what, until=free_on), amount, account.credits
    if not is_business_day(on, account.region):  # R14
        next_day = next_business_day(on, account.region)
        return no("no_business_day", region=account.region, until=next_day), amount, account.credits
    return None, amount, account.credits


def no(code: str, **facts: Any) -> Decision:
    """A decision against a notice."""
    return Decision(code, facts)
