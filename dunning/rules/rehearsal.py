"""What a policy would have done: the notices it would have sent are remembered here, and laid over the facts of the
next day, so that the same `decide` goes on from them. Pure; nothing is written and nothing is sent.

A rehearsed notice leaves on the day it is proposed, and a call is made on that day. What payers did stays as it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from dunning.rules.facts import Account, AskedItem, Decision, LastContact, OpenItem, PolicyFacts, lead_of
from dunning.rules.timing import month_end, nominal_days

Manual = Mapping[int, LastContact]  # by customer: the last contact by hand up to the day


class Reached(NamedTuple):
    """How far a claim got: the step, the day of the last notice with it, and the answers to broken promises it led."""

    sent_step: int = 0
    sent_on: date | None = None
    answered: tuple[int, ...] = ()


@dataclass(slots=True)
class Memory:
    """What is known of notices: those that really left before the first day, and the rehearsed ones since."""

    claims: dict[tuple[int, int | None], Reached] = field(default_factory=dict)  # by invoice and instalment
    contacts: dict[int, LastContact] = field(default_factory=dict)


def before(accounts: list[Account]) -> Memory:
    """The memory to begin with: how things stood at the end of the day before the first."""
    memory = Memory()
    for account in accounts:
        if account.last_contact:
            memory.contacts[account.customer_id] = account.last_contact
        for item in account.items:
            if item.sent_on:
                memory.claims[item.invoice_id, item.instalment_id] = Reached(
                    item.sent_step, item.sent_on, item.answered
                )
    return memory


def overlay(account: Account, memory: Memory, manual: Manual) -> Account:
    """The account with rehearsed notices instead of the real ones, and nothing under way.

    What was sent before a hold that asked to start again counts no more; contacts by hand stay as they were."""
    items = tuple(
        _seen(item, memory.claims.get((item.invoice_id, item.instalment_id)), account.restarted_on)
        for item in account.items
    )
    contact, by_hand = memory.contacts.get(account.customer_id), manual.get(account.customer_id)
    if by_hand and (contact is None or by_hand.on > contact.on):
        contact = by_hand
    return account._replace(items=items, last_contact=contact, in_hand=None, version=0)


def remember(memory: Memory, policy: PolicyFacts, customer_id: int, decision: Decision, on: date) -> None:
    """Nothing; afterwards the memory knows the notice that this decision proposes for that day.

    The item that leads has had the step. Each other has had the steps that its own days late had come to (R3); an
    answer to a broken promise leaves levels as they were."""
    step = decision.step
    if step is None:
        return
    lead = lead_of(decision.cycle)
    beside = step in policy.beside
    for one in decision.items:
        item, led = one.item, one.item.claim == lead
        own = 0 if beside else step.position if led else _own_step(policy, one, step.position)
        answered = (*item.answered, step.position) if beside and led else item.answered
        memory.claims[item.invoice_id, item.instalment_id] = Reached(max(item.sent_step, own), on, answered)
    memory.contacts[customer_id] = LastContact(on, step.name)


def _seen(item: OpenItem, reached: Reached | None, restarted_on: date | None) -> OpenItem:
    if reached and restarted_on and reached.sent_on and reached.sent_on < restarted_on:
        reached = None
    if reached is None:
        if item.sent_on is None and not item.sent_step:
            return item
        reached = Reached()
    return item._replace(sent_step=reached.sent_step, sent_on=reached.sent_on, answered=reached.answered)


def _own_step(policy: PolicyFacts, one: AskedItem, highest: int) -> int:
    """The highest step, up to that of the notice, whose days the item had reached by itself."""
    to_month_end = (month_end(one.item.due_on) - one.item.due_on).days
    reached = 0
    for step, (days, from_month_end) in zip(policy.steps, nominal_days(policy.steps), strict=True):
        if step in policy.beside or step.position > highest:
            continue
        if days + (to_month_end if from_month_end else 0) <= one.days_late:
            reached = max(reached, step.position)
    return reached
