"""What makes today the day for a customer: a broken promise, a deadline, a call that is due, silence. Pure; the second
half of a score. Each counts the strategy's percentage of the money that it is about."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from worklist.rules.facts import ZERO, CustomerFacts
from worklist.rules.parts import Part, Sums
from worklist.rules.strategy import Strategy
from worklist.rules.words import short_day, short_money

NEARLY = Decimal("0.9")  # of a credit limit: from here on it is as good as reached, and counts half
_HUNDRED = Decimal(100)


def occasion_parts(facts: CustomerFacts, sums: Sums, strategy: Strategy) -> list[Part]:
    """The parts of what is urgent today; each above 0."""
    parts = [*_words(facts, sums, strategy), *_deadlines(facts, sums, strategy), *_silence(facts, sums, strategy)]
    return [part for part in parts if part.amount > 0]


def is_near(day: date | None, facts: CustomerFacts, strategy: Strategy) -> bool:
    """Whether a deadline is so near, or over, that it counts."""
    return day is not None and day <= facts.on + timedelta(days=strategy.soon_days)


def _words(facts: CustomerFacts, sums: Sums, strategy: Strategy) -> Iterator[Part]:
    """What was said, or may not have been heard."""
    on, cur, points = facts.on, facts.currency, strategy.points
    overdue = max(sums.left.overdue, ZERO)
    if facts.broken:
        day, still = short_day(facts.broken.promised_on, on), short_money(facts.broken.still_open, cur)
        words = f"Promise of {day} broken; {still} of it is still open"
        yield Part("broken_promise", facts.broken.still_open * points["broken_promise"] / _HUNDRED, words)
    if facts.call_due:
        words = f"The dunning step “{facts.call_due}” waits for a call"
        yield Part("call_due", overdue * points["call_due"] / _HUNDRED, words)
    if facts.follow_up_on and facts.follow_up_on <= on:
        words = f"Follow-up noted for {short_day(facts.follow_up_on, on)}"
        yield Part("follow_up", max(sums.left.total, ZERO) * points["follow_up"] / _HUNDRED, words)
    if facts.unknown_mail_on:
        words = f"Nobody knows whether the mail of {short_day(facts.unknown_mail_on, on)} arrived"
        yield Part("unknown_mail", overdue * points["unknown_mail"] / _HUNDRED, words)


def _deadlines(facts: CustomerFacts, sums: Sums, strategy: Strategy) -> Iterator[Part]:
    """What has to happen by a day, and a limit that is reached."""
    on, cur, points = facts.on, facts.currency, strategy.points
    overdue, used, limit = max(sums.left.overdue, ZERO), sums.whole.total - sums.credit, facts.credit_limit
    if limit is not None and used >= limit * NEARLY:
        name, weight = ("credit_limit", 1) if used > limit else ("credit_limit_near", Decimal("0.5"))
        words = f"{short_money(used, cur)} is open at a credit limit of {short_money(limit, cur)}"
        yield Part(name, overdue * points["credit_limit"] * weight / _HUNDRED, words)
    if facts.dispute_answer_by and is_near(facts.dispute_answer_by, facts, strategy):
        words = f"The dispute has to be answered by {short_day(facts.dispute_answer_by, on)}"
        yield Part("dispute_deadline", sums.disputed.total * points["dispute_deadline"] / _HUNDRED, words)
    if facts.tell_insurer_by and is_near(facts.tell_insurer_by, facts, strategy):
        covered = sums.whole.overdue if facts.insured is None else min(facts.insured, sums.whole.overdue)
        words = f"The insurer has to be told by {short_day(facts.tell_insurer_by, on)}"
        yield Part("insurer_deadline", covered * points["insurer_deadline"] / _HUNDRED, words)


def _silence(facts: CustomerFacts, sums: Sums, strategy: Strategy) -> Iterator[Part]:
    """What grows while nothing comes."""
    step = strategy.escalated(facts.unanswered_days)
    if step is None or facts.unanswered_since is None:
        return
    since = short_day(facts.unanswered_since, facts.on)
    words = f"No reaction for {facts.unanswered_days} days, since {since}: {step.percent} % of what is overdue on top"
    yield Part("no_reaction", max(sums.left.overdue, ZERO) * step.percent / _HUNDRED, words)
