"""What to do next about a customer: one step, in words. Pure; the first that fits is taken, in order of urgency."""

from dataclasses import dataclass
from decimal import Decimal

from worklist.rules.facts import CustomerFacts, Slice
from worklist.rules.strategy import USUAL, Strategy
from worklist.rules.words import short_day, short_money


@dataclass(frozen=True, slots=True)
class NextStep:
    """A stable code and its words. `for_today` is False when there is nothing to do but to wait."""

    code: str
    text: str
    for_today: bool = True


def channel_of(facts: CustomerFacts, strategy: Strategy = USUAL) -> str:
    """By what the customer is best reached today: "call" or "mail"."""
    is_old = facts.oldest_days >= strategy.call_after_days
    return "call" if is_old or facts.broken or facts.call_due else "mail"


def next_step(facts: CustomerFacts, left: Slice, credit: Decimal, strategy: Strategy = USUAL) -> NextStep:
    """The next step; `left` is what is open less what is disputed or promised, `credit` what lies unused, positive."""
    on = facts.on
    if facts.hold_reason and facts.hold_until:
        return NextStep("held", f"On hold until {short_day(facts.hold_until, on)}", for_today=False)
    if facts.unknown_mail_on:
        return NextStep("check_mail", f"Check the mail of {short_day(facts.unknown_mail_on, on)}")
    if facts.last_contact_on == on:
        return NextStep("wait", "Wait for an answer", for_today=False)
    if facts.broken:
        return NextStep("call", "Call about the promise")
    if facts.call_due and left.overdue > 0:
        return NextStep("call", facts.call_due if "call" in facts.call_due.lower() else f"Call: {facts.call_due}"[:120])
    if facts.follow_up_on and facts.follow_up_on <= on:
        return NextStep("follow_up", "Follow up")
    return _by_money(facts, left, credit, strategy)


def _by_money(facts: CustomerFacts, left: Slice, credit: Decimal, strategy: Strategy) -> NextStep:
    on = facts.on
    if left.overdue <= 0:
        if facts.promise_until:
            return NextStep("wait_promise", f"Wait until {short_day(facts.promise_until, on)}", for_today=False)
        if facts.dispute_answer_by:
            day = short_day(facts.dispute_answer_by, on)
            return NextStep("answer_dispute", f"Answer the dispute by {day}")
        return NextStep("upcoming", "Nothing due yet", for_today=False)
    if credit >= left.overdue:
        return NextStep("match_cash", f"Match {short_money(credit, facts.currency)} of credit")
    if facts.mail_lost:
        return NextStep("find_contact", "Mail bounced: find a contact")
    if not facts.reachable:
        return NextStep("find_contact", "Find a contact")
    if facts.oldest_days >= strategy.call_after_days:
        return NextStep("call", "Call")
    return NextStep("send_statement", "Send a statement")
