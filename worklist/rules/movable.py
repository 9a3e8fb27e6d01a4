"""The money that acting today can still move: what is open, less what is nobody's to chase, less what comes in time
anyway, less what a contact would not change. Pure; the first half of a score."""

from collections.abc import Iterator
from decimal import Decimal

from worklist.rules.facts import ZERO, CustomerFacts, Slice
from worklist.rules.lateness import lateness, with_prediction
from worklist.rules.parts import Part, Sums, total_of
from worklist.rules.strategy import Strategy
from worklist.rules.words import percent, short_day, short_money

REACTION_WEIGHT = 5  # the strategy's share counts like this many contacts of the customer's own
_HUNDRED = Decimal(100)


def movable_parts(facts: CustomerFacts, sums: Sums, channel: str, strategy: Strategy) -> list[Part]:
    """The parts from the open money to what a contact through this channel ("call", "mail") can move; never below 0."""
    parts = list(_open(facts, sums, strategy))
    left = _left(facts, sums, strategy)
    if left.total <= 0:
        return parts
    covered = min(sums.credit, left.total)
    if covered > 0:
        words = f"{short_money(sums.credit, facts.currency)} of unused credit or cash covers part of it"
        parts.append(Part("credit", -covered, words))
    late = _late(facts, left, strategy) * (1 - covered / left.total)
    if (in_time := left.total - covered - late) != 0:
        parts.append(_in_time(facts, sums, in_time))
    share = _moved(facts, channel, strategy)
    parts.append(Part("effect", late * (share - 1), _effect_words(facts, channel, share)))
    return [*parts, *_sized(facts, sums, total_of(parts), strategy)]


def _open(facts: CustomerFacts, sums: Sums, strategy: Strategy) -> Iterator[Part]:
    cur, whole = facts.currency, sums.whole
    if whole.overdue > 0:
        up_to = "up to " if facts.overdue_documents > 1 else ""
        words = f"{short_money(whole.overdue, cur)} is {up_to}{facts.oldest_days} days late{_rates(facts)}"
        yield Part("overdue", whole.overdue, words)
    if whole.upcoming > 0:
        rates = "" if whole.overdue > 0 else _rates(facts)
        yield Part("upcoming", whole.upcoming, f"{short_money(whole.upcoming, cur)} is not due yet{rates}")
    disputed, promised = (sums.disputed.total, sums.promised.total)
    if disputed > 0 and strategy.points["disputed"]:
        words = f"{short_money(disputed, cur)} is in dispute and not chased"
        yield Part("disputed", -disputed * strategy.points["disputed"] / _HUNDRED, words)
    if promised > 0 and facts.promise_until and strategy.points["promised"]:
        words = f"{short_money(promised, cur)} is promised by {short_day(facts.promise_until, facts.on)}"
        yield Part("promised", -promised * strategy.points["promised"] / _HUNDRED, words)


def _left(facts: CustomerFacts, sums: Sums, strategy: Strategy) -> Slice:
    """What is to be chased."""
    left = sums.whole
    if sums.disputed.total > 0:
        left = left.minus(sums.disputed.times(strategy.points["disputed"] / _HUNDRED))
    if sums.promised.total > 0 and facts.promise_until:
        left = left.minus(sums.promised.times(strategy.points["promised"] / _HUNDRED))
    return left


def _late(facts: CustomerFacts, left: Slice, strategy: Strategy) -> Decimal:
    """How much of it is expected late."""
    share = lateness(facts.habit)
    judged = sum((row.predicted * (row.rate or ZERO) for row in facts.exposures), ZERO)
    upcoming = share.upcoming
    if judged > 0:
        late = sum((row.predicted_late * (row.rate or ZERO) for row in facts.exposures), ZERO)
        upcoming = with_prediction(facts.habit, upcoming, late / judged)
    return left.late(share._replace(upcoming=upcoming * strategy.points["upcoming"] / _HUNDRED)).total


def _in_time(facts: CustomerFacts, sums: Sums, amount: Decimal) -> Part:
    own, cur = facts.habit.own, facts.currency
    habit = f"{own.late} of {own.known} invoices of a year were late" if own.known else "no history of their own"
    words = f"{short_money(amount, cur)} of it is likely to come without us: {habit}"
    judged = sum((row.predicted * (row.rate or ZERO) for row in facts.exposures), ZERO)
    if judged > 0 and sums.whole.upcoming > 0:
        late = sum((row.predicted_late * (row.rate or ZERO) for row in facts.exposures), ZERO)
        words += f"; what is not due yet is predicted late with {percent(late / judged)}"
    return Part("in_time", -amount, words)


def _moved(facts: CustomerFacts, channel: str, strategy: Strategy) -> Decimal:
    """The share of what would come late that a contact moves, by what contacts did for this customer before."""
    made, answered = _made(facts, channel)
    usual = strategy.effects[channel] / _HUNDRED
    return (answered + REACTION_WEIGHT * usual) / (made + REACTION_WEIGHT)


def _made(facts: CustomerFacts, channel: str) -> tuple[int, int]:
    known = facts.reactions
    return (known.calls, known.calls_answered) if channel == "call" else (known.mails, known.mails_answered)


def _effect_words(facts: CustomerFacts, channel: str, share: Decimal) -> str:
    made, answered = _made(facts, channel)
    several = "calls" if channel == "call" else "mails"
    known = f": {answered} of {made} {several} of a year were followed by a payment, promise or answer" if made else ""
    return f"A {channel} moves about {percent(share)} of what would come late{known}"


def _sized(facts: CustomerFacts, sums: Sums, movable: Decimal, strategy: Strategy) -> Iterator[Part]:
    """What the size of the account adds or takes, where the strategy says so."""
    size = strategy.size_class(sums.whole.total)
    if (weight := strategy.class_percent[size]) != 100:
        yield Part("size_class", movable * (weight - 100) / _HUNDRED, f"Class {size} counts {weight} %")
    if (weight := strategy.band_percent(sums.whole.overdue)) != 100:
        words = f"{short_money(sums.whole.overdue, facts.currency)} of overdue money counts {weight} %"
        yield Part("amount_band", movable * (weight - 100) / _HUNDRED, words)


def _rates(facts: CustomerFacts) -> str:
    rows = [row for row in facts.exposures if row.rate is not None and row.currency != facts.currency]
    return "".join(f"; {row.currency} at {row.rate:.6f} {facts.currency} (ECB, {row.rate_on})" for row in rows)
