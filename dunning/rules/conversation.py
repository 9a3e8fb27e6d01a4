"""Which items a customer is asked for together, which one leads, and which step comes next for it (R1 to R3). Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dunning.rules.facts import CLAIM_KINDS, NOTHING, Account, AskedItem, OpenItem, PolicyFacts, StepFacts
from dunning.rules.timing import is_fixed, ready_on


class Conversation(NamedTuple):
    """What is said next: the items together, the step, and the item that leads. Without a step nothing is left to say.

    An item that had the last step is out of it (R22): it waits for people, while younger items go on."""

    asked: list[AskedItem]
    step: StepFacts | None = None
    lead: AskedItem | None = None


def conversation(policy: PolicyFacts, account: Account, overdue: Sequence[AskedItem], on: date) -> Conversation:
    """The conversation about these overdue items on that day.

    The lead is the item that got farthest, the oldest of several (R2). Fees and interest join and never lead. A broken
    promise is answered first, where the policy has a step for it (P4)."""
    last = policy.ladder[-1].position if policy.ladder else 0
    alive = [one for one in overdue if one.item.sent_step < last]
    leading = [one for one in alive if one.item.kind not in CLAIM_KINDS]
    if not leading:
        return Conversation(alive)
    if policy.beside:
        answer = _answer(policy, leading)
        if answer:
            return Conversation(alive, *answer)
    lead = farthest(leading)
    step = next_step(policy, account, lead, on)
    if len(leading) > 1 and (account.min_amount or policy.min_share):
        lead, step = _worth_its_step(policy, account, alive, leading, (lead, step), on)
    return Conversation(alive, step, lead)


def farthest(leading: Sequence[AskedItem]) -> AskedItem:
    """The item that got farthest, the oldest of several."""
    lead = leading[0]
    best = lead.item
    for one in leading:
        item = one.item
        if item.sent_step > best.sent_step or (
            item.sent_step == best.sent_step and (item.due_on, item.invoice_id) < (best.due_on, best.invoice_id)
        ):
            lead, best = one, item
    return lead


def oldest(asked: Iterable[AskedItem]) -> AskedItem | None:
    """The item that fell or falls due first; fees and interest never lead. None where there is nothing else."""
    leading = [one for one in asked if one.item.kind not in CLAIM_KINDS]
    return min(leading, key=lambda one: (one.item.due_on, one.item.invoice_id), default=None)


def next_step(policy: PolicyFacts, account: Account, lead: AskedItem, on: date) -> StepFacts:
    """The step after the last one sent for the lead (R1). Steps before the due date are over once it has passed.

    The lead has not had the last step. With entry "matching" an item that had none of them starts where its days late
    have got to."""
    ladder, sent = policy.ladder, lead.item.sent_step
    if policy.entry == "matching" and sent < ladder[0].position:
        for step in reversed(ladder):
            if is_fixed(step) and ready_on(step, lead.item, account.region) <= on:
                return step
    for step in ladder:
        if step.position > sent:
            return step
    raise ValueError("The lead has had the last step.")


def least_worth(policy: PolicyFacts, account: Account) -> Decimal:
    """The least a letter must ask for: the minimum amount, and the share of all that is open if that is more (R2)."""
    if not policy.min_share:
        return account.min_amount
    return max(account.min_amount, open_in_all(account) * policy.min_share / 100)


def open_in_all(account: Account) -> Decimal:
    """All that is open in the account, due or not."""
    return sum((item.open for item in account.items), NOTHING)


def _worth_its_step(
    policy: PolicyFacts,
    account: Account,
    alive: Sequence[AskedItem],
    leading: Sequence[AskedItem],
    first: tuple[AskedItem, StepFacts],
    on: date,
) -> tuple[AskedItem, StepFacts]:
    """The highest step for which enough is owed at that step or beyond it, and its lead (R2).

    Where too little is, the next lower step is tried. Items that got farther stay on the letter and at their level."""
    floor = least_worth(policy, account)
    places = [next_step(policy, account, one, on).position for one in leading]
    joined = sum((one.asked for one in alive if one.item.kind in CLAIM_KINDS), -account.credits)
    lead, step = first
    while True:
        reached = sum((one.asked for one, at in zip(leading, places, strict=True) if at >= step.position), joined)
        if reached >= floor:
            return lead, step
        lower = [one for one, at in zip(leading, places, strict=True) if at < step.position]
        if not lower:
            return first
        lead = farthest(lower)
        step = next_step(policy, account, lead, on)


def _answer(policy: PolicyFacts, leading: Sequence[AskedItem]) -> tuple[StepFacts, AskedItem] | None:
    """The step that answers a broken promise nobody has written about yet, and the oldest item that was promised."""
    broken = [one for one in leading if one.item.broken_on and not _written_since(one.item)]
    for one in sorted(broken, key=lambda found: (found.item.due_on, found.item.invoice_id)):
        for step in policy.beside:
            if step.position not in one.item.answered:
                return step, one
    return None


def _written_since(item: OpenItem) -> bool:
    return item.sent_on is not None and item.broken_on is not None and item.sent_on >= item.broken_on
