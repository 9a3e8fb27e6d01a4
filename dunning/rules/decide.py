"""Which notice, if any, one customer is owed in one currency on one day. Pure; the nightly run, the pages that explain
it, the command, the rehearsal and the last look before sending all ask here. The R numbers are the house's dunning
rules; worked examples are in `docs/algorithms/dunning.md`."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from collections_app.lib.calendars import is_business_day, next_business_day
from dunning.rules.conversation import conversation, least_worth, oldest, open_in_all
from dunning.rules.facts import CALL_TASK, NOTHING, Account, AskedItem, Decision, PolicyFacts, StepFacts
from dunning.rules.timing import ready_on
from dunning.rules.weigh import Weighed, paused, weigh


def decide(policy: PolicyFacts, account: Account, on: date) -> Decision:
    """The decision for the business day `on`, with its reason. At most one step, never more (R1, R4)."""
    blocked = blocked_as_a_whole(account)
    if blocked:
        return blocked
    if account.in_hand:
        waiting = account.in_hand
        return no("in_hand", step=waiting.step_name, state=waiting.state, as_of=waiting.as_of)
    weighed = weigh(account.items, on, policy.days_after_delivery)
    if weighed.overdue:
        return _after_due(policy, account, weighed, on)
    return _before_due(policy, account, weighed, on)


def blocked_as_a_whole(account: Account) -> Decision | None:
    """The decision where nothing may be sent to the customer at all, else None."""
    if account.related_party:
        return no("related_party")  # R21
    if not account.items:
        return no("nothing_open")  # R24
    hold = account.hold
    if hold:  # R9
        return no("entity_paused" if hold.scope == "entity" else "on_hold", why=hold.reason, until=hold.until)
    return None


def _after_due(policy: PolicyFacts, account: Account, weighed: Weighed, on: date) -> Decision:
    asked, step, lead = conversation(policy, account, weighed.overdue, on)
    if lead is None or step is None:
        return _nothing_left_to_say(policy, weighed, asked)
    if account.autopay and not any(one.item.pause and one.item.pause.charge_failed for one in asked):
        return no("autopay", documents=len(asked))  # R16
    ready = ready_on(step, lead.item, account.region)
    if on < ready:
        return no("step_not_due", step=step.name, on=ready, lead=lead.item.number, days_late=lead.days_late)
    return _propose(policy, account, step, lead, asked, weighed.left_out, ready, on)


def _nothing_left_to_say(policy: PolicyFacts, weighed: Weighed, asked: Sequence[AskedItem]) -> Decision:
    if len(asked) == len(weighed.overdue):
        return no("only_claims", documents=len(asked))  # fees and interest alone lead no letter
    last = policy.ladder[-1].name if policy.ladder else ""
    return no("finished", last_step=last, documents=len(weighed.overdue), then=policy.end_action)  # R22


def _before_due(policy: PolicyFacts, account: Account, weighed: Weighed, on: date) -> Decision:
    if account.autopay and weighed.not_due:
        return no("autopay", documents=len(weighed.not_due))  # R16
    for step in reversed(policy.before):
        near = [
            one
            for one in weighed.not_due
            if one.item.sent_step < step.position and ready_on(step, one.item, account.region) <= on
        ]
        lead = oldest(near)
        if lead is not None:
            since = ready_on(step, lead.item, account.region)
            return _propose(policy, account, step, lead, near, weighed.left_out, since, on)
    pause = None if weighed.not_due else paused(weighed.left_out)
    if pause:
        return pause
    next_due = min((one.item.due_on for one in weighed.not_due), default=None)
    return no("not_due", documents=len(weighed.not_due), next_due=next_due, left_out=weighed.left_out)


def _propose(
    policy: PolicyFacts,
    account: Account,
    step: StepFacts,
    lead: AskedItem,
    asked: Sequence[AskedItem],
    left_out: list[dict[str, Any]],
    since: date,
    on: date,
) -> Decision:
    refused, amount, credits = priced(policy, account, asked, on)
    if refused:
        return refused
    facts: dict[str, Any] = {
        "step": step.name,
        "since": since,
        "lead": lead.item.number,
        "days_late": lead.days_late,
        "documents": len(asked),
        "credits": credits,
    }
    if since < on and (missed := _missed(policy, account, step, lead, since, on)):
        facts["missed"] = missed
    if left_out:
        facts["left_out"] = left_out
    channel = step.channel
    if not reaches(account, step):
        channel = CALL_TASK
        facts["missing"] = step.needs  # R19
    return proposal(policy, account, step, channel, lead, asked, amount, credits, left_out, since, facts)


def proposal(
    policy: PolicyFacts,
    account: Account,
    step: StepFacts,
    channel: str,
    lead: AskedItem,
    asked: Sequence[AskedItem],
    amount: Decimal,
    credits: Decimal,
    left_out: list[dict[str, Any]],
    since: date,
    facts: dict[str, Any],
) -> Decision:
    """The decision for a notice with these figures."""
    item = lead.item
    cycle = f"{item.claim}@{account.restarted_on.isoformat()}" if account.restarted_on else item.claim
    late = None if policy.beside and step in policy.beside else (since - item.due_on).days
    held = tuple(left_out) if policy.lists_held_items else ()
    fee_lead = None if step.before_due else lead
    return Decision(
        "propose", facts, step, channel, tuple(asked), amount, credits, cycle, fee_lead, late, held, policy.version
    )


def _missed(
    policy: PolicyFacts, account: Account, step: StepFacts, lead: AskedItem, since: date, on: date
) -> list[dict[str, Any]]:
    """The days that have passed without the step they were for: this step's and those of the steps that follow it.

    One step goes out, whatever the number (R4); the list says what the customer would have got (D42)."""
    last, region = account.last_contact, account.region
    earliest = last.on + timedelta(days=policy.min_days_between) if last else date.min
    found = []
    day = _working_day(max(since, earliest), region)
    if day < on:
        found.append({"step": step.name, "on": day})
    for later in policy.to_follow.get(step.position, ()):
        day = max(ready_on(later, lead.item, region), earliest)
        if day >= on:
            break
        day = _working_day(day, region)
        if day < on:
            found.append({"step": later.name, "on": day})
    return found


@lru_cache(maxsize=8192)
def _working_day(day: date, region: str) -> date:
    return next_business_day(day, region)


def priced(
    policy: PolicyFacts, account: Account, asked: Sequence[AskedItem], on: date
) -> tuple[Decision | None, Decimal, Decimal]:
    """A refusal or None, the amount to ask for, and the credits taken off it (R17)."""
    total, credits = NOTHING, account.credits
    for one in asked:
        total += one.asked
    amount = total - credits
    if amount <= 0:
        return no("covered_by_credits", credits=credits, asked=total), amount, total
    refused = None
    if credits and policy.credits == "hold":
        refused = no("credits_open", credits=credits, asked=total)
    elif amount < account.min_amount:
        refused = no("below_minimum", amount=amount, minimum=account.min_amount)
    elif policy.min_share and amount < least_worth(policy, account):
        refused = no("below_share", amount=amount, share=policy.min_share, open=open_in_all(account))
    else:
        refused = _not_today(policy, account, on)
    return refused, amount, credits


def _not_today(policy: PolicyFacts, account: Account, on: date) -> Decision | None:
    last = account.last_contact
    if last and (on - last.on).days < policy.min_days_between:  # R5
        free_on = last.on + timedelta(days=policy.min_days_between)
        return no("too_soon", last=last.on, what=last.what, until=free_on)
    if not is_business_day(on, account.region):  # R14
        return no("no_business_day", region=account.region, until=next_business_day(on, account.region))
    return None


def reaches(account: Account, step: StepFacts) -> bool:
    """Whether we have what the step's channel needs of somebody whom the step is for, or of the usual person (R19)."""
    needs, reach = step.needs, account.reach
    return not needs or needs in reach or any(f"{needs}:{part}" in reach for part in step.recipients)


def no(code: str, **facts: Any) -> Decision:
    """A decision against a notice."""
    return Decision(code, facts)
