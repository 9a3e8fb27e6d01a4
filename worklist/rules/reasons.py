"""Why a customer stands here, in one line, and the badges beside it. Pure. The line is put together from the parts of
the score and says nothing that no part says: the strongest occasion or two, the money, and what was taken out of it."""

from collections.abc import Sequence
from decimal import Decimal

from worklist.rules.facts import CustomerFacts
from worklist.rules.parts import Part
from worklist.rules.words import short_day, short_money

_MOST = 3
_OCCASIONS = ("broken_promise", "unknown_mail", "call_due", "follow_up", "dispute_deadline", "insurer_deadline",
              "credit_limit", "credit_limit_near", "no_reaction")  # fmt: skip
_MONEY = ("overdue", "promised", "disputed", "recent_contact", "credit", "upcoming", "no_rate")


def reason_line(facts: CustomerFacts, parts: Sequence[Part]) -> str:
    """One line such as 'promise broken 2 Nov · €31k is 34 d late', from these parts; empty where there are none."""
    found = {part.name: part for part in parts}
    urgent = [found[name] for name in _OCCASIONS if name in found]
    urgent.sort(key=lambda part: -part.amount)
    chosen = [part for name in ("hold", "unreachable") if (part := found.get(name))]
    chosen += urgent[:2]
    chosen += [found[name] for name in _MONEY if name in found and not (name == "upcoming" and "overdue" in found)]
    return " · ".join([short_reason(part, facts) for part in chosen][:_MOST])[:300]


def short_reason(part: Part, facts: CustomerFacts) -> str:
    """A few words for a part, such as '€31k is 34 d late'; the sentence itself for parts that are never in the line."""
    amount = short_money(abs(part.amount), facts.currency)
    return _plain_words(part, facts, amount) or _words_with_a_day(part, facts) or part.why


def _plain_words(part: Part, facts: CustomerFacts, amount: str) -> str:
    match part.name:
        case "overdue":
            up_to = "up to " if facts.overdue_documents > 1 else ""
            return f"{amount} is {up_to}{facts.oldest_days} d late"
        case "upcoming":
            return "nothing is due yet"
        case "disputed":
            return f"{amount} in dispute"
        case "credit":
            return f"{amount} of credit to match"
        case "call_due":
            return "call due" if facts.call_due.lower() == "call" else f"call due: {facts.call_due}"
        case "follow_up":
            return "follow-up due"
        case "credit_limit":
            return "over the credit limit"
        case "credit_limit_near":
            return "credit limit nearly reached"
        case "no_reaction":
            return f"no reaction for {facts.unanswered_days} d"
        case "unreachable":
            return "no mail reaches them" if facts.mail_lost else "nobody can be reached"
    return ""


def _words_with_a_day(part: Part, facts: CustomerFacts) -> str:
    on = facts.on
    if part.name == "hold" and facts.hold_until:
        return f"on hold until {short_day(facts.hold_until, on)}: {facts.hold_reason.lower()}"
    if part.name == "broken_promise" and facts.broken:
        return f"promise broken {short_day(facts.broken.promised_on, on)}"
    if part.name == "unknown_mail" and facts.unknown_mail_on:
        return f"mail of {short_day(facts.unknown_mail_on, on)} unknown"
    if part.name == "dispute_deadline" and facts.dispute_answer_by:
        return f"dispute to answer by {short_day(facts.dispute_answer_by, on)}"
    if part.name == "insurer_deadline" and facts.tell_insurer_by:
        return f"insurer to tell by {short_day(facts.tell_insurer_by, on)}"
    if part.name == "promised" and facts.promise_until:
        return f"promised by {short_day(facts.promise_until, on)}"
    if part.name == "recent_contact" and facts.last_contact_on:
        return "contacted today" if facts.last_contact_on == on else f"contacted {short_day(facts.last_contact_on, on)}"
    return ""


def badges(facts: CustomerFacts, disputed: Decimal, promised: Decimal) -> tuple[tuple[str, str], ...]:
    """(state, word) pairs, most urgent first; states are those of the badge component."""
    found: list[tuple[str, str]] = []
    if facts.hold_reason:
        found.append(("held", "On hold"))
    if facts.broken:
        found.append(("critical", "Promise broken"))
    if facts.unknown_mail_on:
        found.append(("attention", "Mail unknown"))
    if promised > 0:
        found.append(("promised", "Promise"))
    if disputed > 0:
        found.append(("disputed", "Dispute"))
    if facts.mail_lost:
        found.append(("attention", "Mail bounced"))
    elif not facts.reachable:
        found.append(("attention", "No contact"))
    return tuple(found)
