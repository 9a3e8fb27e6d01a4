"""Why a customer stands here, in one line, and the badges beside it. Pure; the strongest two or three reasons only."""

from decimal import Decimal

from worklist.rules.facts import CustomerFacts
from worklist.rules.words import short_day, short_money

_MOST = 3


def reason_line(facts: CustomerFacts, overdue: Decimal, disputed: Decimal) -> str:
    """One line such as 'promise broken 2 Nov · €31k is 34 d late'. Overdue and disputed in the currency of account."""
    on, cur = facts.on, facts.currency
    reasons: list[str] = []
    if facts.hold_reason and facts.hold_until:
        reasons.append(f"on hold until {short_day(facts.hold_until, on)}: {facts.hold_reason.lower()}")
    if facts.broken:
        reasons.append(f"promise broken {short_day(facts.broken.promised_on, on)}")
    if facts.unknown_mail_on:
        reasons.append(f"mail of {short_day(facts.unknown_mail_on, on)} unknown")
    if facts.mail_lost:
        reasons.append("no mail reaches them")
    if facts.call_due:
        reasons.append("call due" if facts.call_due.lower() == "call" else f"call due: {facts.call_due}")
    if facts.follow_up_on and facts.follow_up_on <= on:
        reasons.append("follow-up due")
    if overdue > 0:
        up_to = "up to " if facts.overdue_documents > 1 else ""
        reasons.append(f"{short_money(overdue, cur)} is {up_to}{facts.oldest_days} d late")
    if facts.promise_until:
        reasons.append(f"promised by {short_day(facts.promise_until, on)}")
    if disputed > 0:
        reasons.append(f"{short_money(disputed, cur)} in dispute")
    if not reasons and facts.exposures:
        reasons.append("nothing is due yet")
    return " · ".join(reasons[:_MOST])[:300]


def badges(facts: CustomerFacts, disputed: Decimal, promised: Decimal) -> list[list[str]]:
    """[state, word] pairs, most urgent first; states are those of the badge component."""
    found: list[list[str]] = []
    if facts.hold_reason:
        found.append(["held", "On hold"])
    if facts.broken:
        found.append(["critical", "Promise broken"])
    if facts.unknown_mail_on:
        found.append(["attention", "Mail unknown"])
    if promised > 0:
        found.append(["promised", "Promise"])
    if disputed > 0:
        found.append(["disputed", "Dispute"])
    if facts.mail_lost:
        found.append(["attention", "Mail bounced"])
    elif not facts.reachable:
        found.append(["attention", "No contact"])
    return found
