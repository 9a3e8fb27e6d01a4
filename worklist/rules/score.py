"""How much it is worth, in money, to act on a customer today. Pure: facts and a strategy in, a score of parts out.

The expected value of acting is the money that an action can still move (`movable`), more while the customer rests
after a contact, plus what is urgent today (`occasions`), less what the work costs. The parts add up to the score."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from collections_app.lib.money import quantum
from worklist.rules.facts import ZERO, CustomerFacts
from worklist.rules.movable import movable_parts
from worklist.rules.next_step import NextStep, channel_of, next_step
from worklist.rules.occasions import occasion_parts
from worklist.rules.parts import Part, Sums, sums_of, total_of
from worklist.rules.reasons import badges, reason_line
from worklist.rules.strategy import USUAL, Strategy
from worklist.rules.words import percent, short_day, short_money

__all__ = ["Part", "Score", "score"]

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Score:
    """The rank of a customer: the parts add up to `score`, which is never negative. All amounts in `currency`.

    `minutes` is what the next step is expected to take, `size_class` A, B or C by the open amount, `badges` are [state,
    word] pairs, most urgent first."""

    score: Decimal
    parts: tuple[Part, ...]
    why: str
    step: NextStep
    currency: str
    overdue: Decimal
    open_total: Decimal
    disputed: Decimal
    promised: Decimal
    minutes: int = 0
    size_class: str = ""
    badges: tuple[tuple[str, str], ...] = ()


def score(facts: CustomerFacts, strategy: Strategy = USUAL) -> Score:
    """The score of one customer on the day of the facts, with every part that moved it, in the order of reading."""
    facts = _still_broken(facts, strategy)
    sums, unit = sums_of(facts), quantum(facts.currency)
    step = next_step(facts, sums.left, sums.credit, strategy)
    minutes = strategy.minutes.get(step.code, 0)
    parts = _rounded(_parts(facts, sums, minutes, strategy), unit)
    return Score(
        score=total_of(parts),
        parts=tuple(parts),
        why=reason_line(facts, parts),
        step=step,
        currency=facts.currency,
        overdue=sums.whole.overdue.quantize(unit),
        open_total=sums.whole.total.quantize(unit),
        disputed=sums.disputed.total.quantize(unit),
        promised=sums.promised.total.quantize(unit),
        minutes=minutes,
        size_class=strategy.size_class(sums.whole.total),
        badges=badges(facts, sums.disputed.total, sums.promised.total),
    )


def _still_broken(facts: CustomerFacts, strategy: Strategy) -> CustomerFacts:
    """The facts without a broken promise that is older than the strategy looks back."""
    if facts.broken is None or (facts.on - facts.broken.promised_on).days <= strategy.broken_days:
        return facts
    return replace(facts, broken=None)


def _parts(facts: CustomerFacts, sums: Sums, minutes: int, strategy: Strategy) -> list[Part]:
    parts = [Part("no_rate", ZERO, _no_rate_words(row.currency, row.open.total, facts.currency))
             for row in facts.exposures if row.rate is None]  # fmt: skip
    if sums.whole.total > 0 and (facts.mail_lost or not facts.reachable):
        words = "No mail reaches them" if facts.mail_lost else "Nobody there can be reached"
        parts.append(Part("unreachable", ZERO, words))
    parts += movable_parts(facts, sums, channel_of(facts, strategy), strategy)
    parts += _resting(facts, total_of(parts), strategy)
    parts += occasion_parts(facts, sums, strategy)
    parts += _cost(facts, total_of(parts), minutes, strategy)
    if facts.hold_reason and facts.hold_until:
        words = f"On hold until {short_day(facts.hold_until, facts.on)}: {facts.hold_reason.lower()}"
        parts.append(Part("hold", -total_of(parts), words))
    return parts


def _no_rate_words(currency: str, amount: Decimal, account: str) -> str:
    return f"{short_money(amount, currency)} has no rate to {account}: not counted"


def _resting(facts: CustomerFacts, movable: Decimal, strategy: Strategy) -> list[Part]:
    """What a contact of the last days takes: the money rests until they had time to answer."""
    if facts.last_contact_on is None or movable <= 0:
        return []
    days, rest = (facts.on - facts.last_contact_on).days, strategy.rest_days
    if not 0 <= days < rest:
        return []
    share = min(Decimal(rest - days) / (rest + 1) * strategy.points["recent_contact"] / _HUNDRED, Decimal(1))
    when = "today" if days == 0 else short_day(facts.last_contact_on, facts.on)
    words = f"Last contact {when} ({facts.last_contact_kind}): {percent(share)} less until they had time to answer"
    return [Part("recent_contact", -share * movable, words)]


def _cost(facts: CustomerFacts, worth: Decimal, minutes: int, strategy: Strategy) -> list[Part]:
    """What the work costs, at most half of what it is worth: a small debt comes last, but it does not disappear."""
    cost = minutes * strategy.minute_cost
    if cost <= 0 or worth <= 0:
        return []
    words = f"About {minutes} minutes of work cost {cost:.2f} {facts.currency}"
    if cost > worth / 2:
        words += ", counted to half of what it is worth"
    return [Part("cost", -min(cost, worth / 2), words)]


def _rounded(parts: Sequence[Part], unit: Decimal) -> list[Part]:
    """The parts in whole smallest units; the last one takes the rest, so that they add up to the rounded sum."""
    if not parts:
        return []
    total = max(total_of(parts), ZERO).quantize(unit)
    rounded = [Part(part.name, part.amount.quantize(unit) + ZERO, part.why) for part in parts[:-1]]
    return [*rounded, Part(parts[-1].name, total - total_of(rounded) + ZERO, parts[-1].why)]
