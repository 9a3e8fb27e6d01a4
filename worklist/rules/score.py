"""How much it is worth, in money, to act on a customer today. Pure: facts in, score with named parts out.

The money at risk of an invoice is its open amount × (own late rate + days late / 30) / 5, with at most 120 days:
nothing for a punctual customer on the due day, all of it for a hopeless one after four months. What is not yet due
counts its late rate half. Everything else adds to or takes from that, in parts that add up to the score exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from collections_app.lib.money import quantum
from worklist.rules.facts import ZERO, CustomerFacts, Exposure, Slice
from worklist.rules.next_step import NextStep, next_step
from worklist.rules.reasons import reason_line
from worklist.rules.words import percent, short_day, short_money

AGE_CAP_DAYS = 120  # beyond it another day changes nothing about what to do
PRIOR_INVOICES = 5  # the portfolio's late rate counts like this many invoices of the customer's own (shrinkage)
BROKEN_FOR_DAYS = 30  # how long a broken promise lifts a customer
DAMPENED_DAYS = 4  # a contact lowers the score on its day and the three after it
_FULL = Decimal(5)  # 1 (every invoice late) + 120/30 days: the highest factor, so that risk never exceeds the amount
_CALL = Decimal("0.25")
_FOLLOW_UP = Decimal("0.10")
_UNKNOWN = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Part:
    """One named part of a score, in the customer's currency of account, with its sentence."""

    name: str
    amount: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class Score:
    """The rank of a customer: the parts add up to `score`, which is never negative. All amounts in `currency`."""

    score: Decimal
    parts: tuple[Part, ...]
    why: str
    step: NextStep
    currency: str
    overdue: Decimal
    open_total: Decimal
    disputed: Decimal
    promised: Decimal


def score(facts: CustomerFacts) -> Score:
    """The score of one customer on the day of the facts, with every part that moved it, in the order of reading."""
    known = [row for row in facts.exposures if row.rate is not None]
    whole = _sum(row.open.times(row.rate or ZERO) for row in known)
    disputed = _sum(row.disputed.times(row.rate or ZERO) for row in known)
    promised = _sum(row.promised.times(row.rate or ZERO) for row in known)
    credit = sum((row.credit * (row.rate or ZERO) for row in known), ZERO)
    parts = _parts(facts, whole, disputed, promised, credit)
    unit = quantum(facts.currency)
    rounded = _rounded(parts, unit)
    total = sum((part.amount for part in rounded), ZERO)
    left = whole.minus(disputed).minus(promised)
    return Score(
        score=total,
        parts=tuple(rounded),
        why=reason_line(facts, whole.overdue, disputed.total),
        step=next_step(facts, left, credit),
        currency=facts.currency,
        overdue=whole.overdue.quantize(unit),
        open_total=whole.total.quantize(unit),
        disputed=disputed.total.quantize(unit),
        promised=promised.total.quantize(unit),
    )


def late_rate(facts: CustomerFacts) -> Decimal:
    """The customer's own share of invoices settled late, drawn towards the portfolio's while there are few of them."""
    habit = facts.habit
    return (habit.late + PRIOR_INVOICES * habit.portfolio) / Decimal(habit.invoices + PRIOR_INVOICES)


def at_risk(money: Slice, rate: Decimal) -> Decimal:
    """The money at risk of this slice with this late rate; not rounded."""
    return _habit(money, rate) + _age(money)


def _habit(money: Slice, rate: Decimal) -> Decimal:
    return rate * (money.overdue + money.upcoming / 2) / _FULL


def _age(money: Slice) -> Decimal:
    return money.aged / 30 / _FULL


def _parts(facts: CustomerFacts, whole: Slice, disputed: Slice, promised: Slice, credit: Decimal) -> list[Part]:
    rate, cur = late_rate(facts), facts.currency
    left = whole.minus(disputed).minus(promised)
    parts = [_unrated(row, facts) for row in facts.exposures if row.rate is None]
    if whole.total > 0:
        parts.append(Part("habit", _habit(whole, rate), _habit_words(facts, whole, rate)))
    if whole.aged > 0:
        days = (whole.aged / whole.overdue).quantize(Decimal(1))
        parts.append(Part("age", _age(whole), f"{short_money(whole.overdue, cur)} is {days} days late on average"))
    if disputed.total > 0:
        words = f"{short_money(disputed.total, cur)} is in dispute and not chased"
        parts.append(Part("disputed", -at_risk(disputed, rate), words))
    if promised.total > 0 and facts.promise_until:
        words = f"{short_money(promised.total, cur)} is promised by {short_day(facts.promise_until, facts.on)}"
        parts.append(Part("promised", -at_risk(promised, rate), words))
    if credit > 0 and left.total > 0:
        covered = min(credit, left.total)
        words = f"{short_money(credit, cur)} of unused credit or cash covers part of it"
        parts.append(Part("credit", -at_risk(left, rate) * covered / left.total, words))
    parts += _dampening(facts, parts)
    parts += _occasions(facts, left, cur)
    if facts.hold_reason and facts.hold_until:
        words = f"On hold until {short_day(facts.hold_until, facts.on)}: {facts.hold_reason.lower()}"
        parts.append(Part("hold", -sum((part.amount for part in parts), ZERO), words))
    return parts


def _habit_words(facts: CustomerFacts, whole: Slice, rate: Decimal) -> str:
    habit = facts.habit
    own = (
        f"{habit.late} of {habit.invoices} invoices of a year were late"
        if habit.invoices
        else "no history of their own"
    )
    words = f"{short_money(whole.total, facts.currency)} open at a late rate of {percent(rate)} ({own})"
    if whole.upcoming > 0:
        words += f"; {short_money(whole.upcoming, facts.currency)} of it is not due yet and counts half"
    rates = [row for row in facts.exposures if row.rate is not None and row.currency != facts.currency]
    return words + "".join(f"; {row.currency} at {row.rate:.6f} {facts.currency} (ECB, {row.rate_on})" for row in rates)


def _dampening(facts: CustomerFacts, parts: list[Part]) -> list[Part]:
    if facts.last_contact_on is None or not parts:
        return []
    days = (facts.on - facts.last_contact_on).days
    if not 0 <= days < DAMPENED_DAYS:
        return []
    share = Decimal(DAMPENED_DAYS - days) / (DAMPENED_DAYS + 1)
    when = "today" if days == 0 else short_day(facts.last_contact_on, facts.on)
    words = f"Last contact {when} ({facts.last_contact_kind}): {percent(share)} less until they had time to answer"
    return [Part("recent_contact", -share * sum((part.amount for part in parts), ZERO), words)]


def _occasions(facts: CustomerFacts, left: Slice, cur: str) -> list[Part]:
    """What makes today the day: a broken promise, a call that is due, a date noted, a mail nobody knows about."""
    parts, on = [], facts.on
    if facts.broken and facts.broken.still_open > 0:
        day = short_day(facts.broken.promised_on, on)
        words = f"Promise of {day} broken; {short_money(facts.broken.still_open, cur)} of it is still open"
        parts.append(Part("broken_promise", facts.broken.still_open, words))
    overdue = max(left.overdue, ZERO)
    if facts.call_due and overdue:
        parts.append(Part("call_due", overdue * _CALL, f"The dunning step “{facts.call_due}” waits for a call"))
    if facts.follow_up_on and facts.follow_up_on <= on and left.total > 0:
        words = f"Follow-up noted for {short_day(facts.follow_up_on, on)}"
        parts.append(Part("follow_up", left.total * _FOLLOW_UP, words))
    if facts.unknown_mail_on and overdue:
        words = f"Nobody knows whether the mail of {short_day(facts.unknown_mail_on, on)} arrived"
        parts.append(Part("unknown_mail", overdue * _UNKNOWN, words))
    return parts


def _unrated(row: Exposure, facts: CustomerFacts) -> Part:
    return Part(
        "no_rate", ZERO, f"{short_money(row.open.total, row.currency)} has no rate to {facts.currency}: not counted"
    )


def _rounded(parts: list[Part], unit: Decimal) -> list[Part]:
    """The parts in whole smallest units; the last one takes the rest, so that they add up to the rounded sum."""
    if not parts:
        return []
    total = max(sum((part.amount for part in parts), ZERO), ZERO).quantize(unit)
    rounded = [Part(part.name, part.amount.quantize(unit), part.why) for part in parts[:-1]]
    rest = total - sum((part.amount for part in rounded), ZERO)
    return [*rounded, Part(parts[-1].name, rest, parts[-1].why)]


def _sum(slices: Iterable[Slice]) -> Slice:
    total = Slice()
    for row in slices:
        total = total.plus(row)
    return total
