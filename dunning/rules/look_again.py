"""Whether a prepared notice is still right just before it leaves (R6), and the figures it then carries. Pure."""

from collections.abc import Collection
from datetime import date

from dunning.rules.conversation import conversation, oldest
from dunning.rules.decide import blocked_as_a_whole, no, priced, proposal, reaches
from dunning.rules.facts import CALL_TASK, Account, AskedItem, Decision, PolicyFacts, StepFacts, lead_of
from dunning.rules.timing import ready_on
from dunning.rules.weigh import Weighed, paused, weigh


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
    weighed = weigh(ours, on, policy.days_after_delivery)
    asked, lead, changed = _as_it_stands(policy, account, weighed, step, cycle, on)
    if changed:
        return changed
    if not asked or lead is None:
        return paused(weighed.left_out) or no("paid")
    if account.autopay and not any(one.item.pause and one.item.pause.charge_failed for one in asked):
        return no("autopay", documents=len(asked))  # R16
    refused, amount, credits = priced(policy, account, asked, on)
    if refused:
        return refused
    if channel != CALL_TASK and not reaches(account, step):
        return no("no_address", missing=step.needs)
    facts = {"documents": len(asked), "left_out": weighed.left_out, "credits": credits}
    since = ready_on(step, lead.item, account.region)
    return proposal(policy, account, step, channel, lead, asked, amount, credits, weighed.left_out, since, facts)


def _as_it_stands(
    policy: PolicyFacts, account: Account, weighed: Weighed, step: StepFacts, cycle: str, on: date
) -> tuple[list[AskedItem], AskedItem | None, Decision | None]:
    """The items and the lead the notice would have now, or a decision where its step is not the right one any more."""
    if step.before_due:
        changed = no("overdue_by_now", step=step.name) if weighed.overdue else None
        return weighed.not_due, oldest(weighed.not_due), changed
    asked, next_step, lead = conversation(policy, account, weighed.overdue, on)
    if lead is None or next_step is None:
        return [], None, None
    if step in policy.beside:
        return asked, lead, None if next_step == step else _another_step(account, cycle)
    if next_step in policy.beside or next_step.position < step.position:
        return asked, lead, _another_step(account, cycle)
    if lead.item.sent_step >= step.position:
        return asked, lead, no("already_sent", step=step.name)
    return asked, lead, None


def _another_step(account: Account, cycle: str) -> Decision:
    """The debt that led to this step is gone, or another step is owed for it by now (R2)."""
    if all(item.claim != lead_of(cycle) for item in account.items):
        return no("paid")
    return no("step_changed")
