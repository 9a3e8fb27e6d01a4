"""Whether a prepared notice is still right just before it leaves (R6), and the figures it then carries. Pure."""

from collections.abc import Collection
from datetime import date

from dunning.rules.decide import blocked_as_a_whole, conversation, no, paused, priced, weigh
from dunning.rules.facts import CALL_TASK, Account, AskedItem, Decision, PolicyFacts, StepFacts


def look_again(
    policy: PolicyFacts,
    account: Account | None,
    *,
    step: StepFacts,
    channel: str,
    cycle: str,
    claims: Collection[str],
    on: date,
) -> Decision:
    """A "propose" with today's items and amount, or the reason why the notice must not leave after all.

    `account` holds today's facts without this notice; None when nothing is open any more. Only claims that were on the
    notice stay on it: a person may have approved it, and what came later waits for the next run. The decision's
    cycle names the invoice that leads now: the one of `cycle` may have been left off."""
    if account is None:
        return no("paid")
    blocked = blocked_as_a_whole(account)
    if blocked:
        return blocked if account.items else no("paid")
    ours = [item for item in account.items if item.claim in claims]
    if not ours:
        return no("paid")
    weighed = weigh(ours, on)
    if step.offset_days > 0:
        asked, next_step, lead = conversation(policy, weighed.overdue)
        if lead is not None and (next_step is None or next_step.position < step.position):
            return _milder_now(account, cycle)
        if lead is not None and lead.item.sent_step >= step.position:
            return no("already_sent", step=step.name)
    else:
        asked, lead = weighed.not_due, min(weighed.not_due, key=_oldest, default=None)
        if weighed.overdue:
            return no("overdue_by_now", step=step.name)
    if not asked or lead is None:
        return paused(weighed.left_out) or no("paid")
    if account.autopay and not any(one.item.pause and one.item.pause.charge_failed for one in asked):
        return no("autopay", documents=len(asked))  # R16
    refused, amount, credits = priced(policy, account, asked, on)
    if refused:
        return refused
    if channel != CALL_TASK and step.needs and step.needs not in account.reach:
        return no("no_address", missing=step.needs)
    facts = {"documents": len(asked), "left_out": weighed.left_out, "credits": credits}
    return Decision("propose", facts, step, channel, tuple(asked), amount, credits, lead.item.claim)


def _oldest(asked: AskedItem) -> tuple[date, int]:
    return asked.item.due_on, asked.item.invoice_id


def _milder_now(account: Account, cycle: str) -> Decision:
    """The debt that led to this step is gone, so what is left is owed a milder one (R2)."""
    if all(item.claim != cycle for item in account.items):
        return no("paid")
    return no("step_changed")
