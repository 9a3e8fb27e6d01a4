"""What a payment plan may look like, which of its instalments came in time, and how it ends (F39, P7). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from collections_app.lib.calendars import next_business_day
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput
from collections_app.lib.money import format_amount_with_code, split

BANK_LAG_DAYS = 0  # days a value date may lie behind the due day and still count as in time, as for promises (P2)
_ZERO = Decimal(0)


class Part(NamedTuple):
    """One instalment: `amount`, above zero in the plan's currency, is to arrive by `due_on`, inclusive."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """How far one person may agree to wait, and a payer may ask for. `grace_days` follow an instalment's last day.

    `max_days` and `first_within_days` count from the day of the proposal; None sets no bound. Above `approve_over`, in
    the plan's currency, a second person agrees. `name` is the template these come from, if any."""

    max_parts: int = 6
    max_months: int = 6
    min_part: Decimal = _ZERO
    grace_days: int = 3
    max_days: int | None = None
    first_within_days: int | None = None
    approve_over: Decimal | None = None
    payer_may_propose: bool = True
    reminds: bool = True
    name: str = ""


class PlanVerdict(StrEnum):
    """What becomes of an active plan. The values other than "active" are the states in which it ends."""

    GOES_ON = "active"
    KEPT = "kept"
    DEFAULTED = "defaulted"
    CANCELLED = "cancelled"


class InstalmentState(StrEnum):
    """How one instalment stands on a day."""

    KEPT = "kept"
    KEPT_LATE = "kept_late"
    OPEN = "open"
    LATE = "late"  # its day has passed, the grace has not
    MISSED = "missed"


class PlannedItem(NamedTuple):
    """One invoice on a plan. `arrivals` are the payments put against it since the agreement, by value date, reversals
    negative; `payable` is what it came to at the agreement less credits since; `open` is what is open of it now."""

    amount: Decimal
    payable: Decimal
    open: Decimal
    arrivals: tuple[tuple[date, Decimal], ...] = ()

    @property
    def cap(self) -> Decimal:
        """What of the item is expected: never more than is owed."""
        return max(min(self.amount, self.payable), _ZERO)

    def arrived(self, by: date) -> Decimal:
        """What counts of the money with a value date up to `by`, inclusive."""
        return max(min(sum((amount for day, amount in self.arrivals if day <= by), _ZERO), self.cap), _ZERO)


class Instalment(NamedTuple):
    """A part as it stands: `missing` of it on the day asked for; `in_time_until` and `grace_until` are inclusive."""

    part: Part
    state: InstalmentState
    missing: Decimal
    in_time_until: date
    grace_until: date


@dataclass(frozen=True)
class PlanFacts:
    """One plan with what arrived. `unapplied`: money of the customer in this currency that lies against nothing yet."""

    plan_id: int
    customer_id: int
    currency: str
    parts: tuple[Part, ...]
    items: tuple[PlannedItem, ...]
    region: str
    grace_days: int = 3
    unapplied: Decimal = _ZERO
    tolerance: Decimal = _ZERO

    @cached_property
    def expected(self) -> Decimal:
        """What is to arrive in all. A credit shortens the plan from its end."""
        return sum((item.cap for item in self.items), _ZERO)

    def arrived(self, by: date) -> Decimal:
        """What counts of the money with a value date up to `by`, inclusive."""
        return sum((item.arrived(by) for item in self.items), _ZERO)

    def in_time_until(self, part: Part) -> date:
        """The last value date that keeps the part: a bank holiday moves it on (D51)."""
        return next_business_day(part.due_on, self.region) + timedelta(days=BANK_LAG_DAYS)


class PlanJudgement(NamedTuple):
    """The verdict with its figures; `missed` is the instalment whose grace ran out, with what is missing of it."""

    verdict: PlanVerdict
    arrived: Decimal
    expected: Decimal
    missed: Instalment | None = None


def instalments(facts: PlanFacts, on: date) -> list[Instalment]:
    """Every instalment as it stands on the business day `on`, earliest first. Money fills the earliest first."""
    found = []
    arrived = facts.arrived(on)
    for part, due in zip(facts.parts, accumulate(part.amount for part in facts.parts), strict=True):
        wanted = min(due, facts.expected)
        own = max(min(part.amount, wanted - (due - part.amount)), _ZERO)
        last = facts.in_time_until(part)
        grace = last + timedelta(days=facts.grace_days)
        missing = max(min(wanted - arrived, own), _ZERO)
        if missing <= facts.tolerance:
            in_time = facts.arrived(last) >= wanted - facts.tolerance
            state, missing = (InstalmentState.KEPT if in_time else InstalmentState.KEPT_LATE), _ZERO
        elif on <= last:
            state = InstalmentState.OPEN
        else:
            state = InstalmentState.LATE if on <= grace else InstalmentState.MISSED
        found.append(Instalment(part, state, missing, last, grace))
    return found


def judge_plan(facts: PlanFacts, on: date) -> PlanJudgement:
    """What becomes of an active plan on the business day `on` (P7).

    Kept once everything expected arrived. Cancelled when nothing is open any more though it did not, for example after
    a write-off. Defaulted when the grace of an instalment ran out and it is still missing, more than the tolerance and
    more than the money that lies unapplied: nobody defaults because we did not put their money where it belongs."""
    arrived = facts.arrived(on)
    if arrived >= facts.expected - facts.tolerance:
        return PlanJudgement(PlanVerdict.KEPT, arrived, facts.expected)
    if not any(item.open > 0 for item in facts.items):
        return PlanJudgement(PlanVerdict.CANCELLED, arrived, facts.expected)
    missed = [row for row in instalments(facts, on) if row.state is InstalmentState.MISSED]
    if missed and sum((row.missing for row in missed), _ZERO) > facts.unapplied + facts.tolerance:
        return PlanJudgement(PlanVerdict.DEFAULTED, arrived, facts.expected, missed[0])
    return PlanJudgement(PlanVerdict.GOES_ON, arrived, facts.expected)


class Every(StrEnum):
    """How far the parts of a plan lie from each other."""

    MONTH = "month"
    FORTNIGHT = "fortnight"
    WEEK = "week"


def even_parts(total: Decimal, count: int, first_on: date, currency: str, every: str = Every.MONTH) -> list[Part]:
    """The total in `count` parts from `first_on` on: even amounts in whole units of the currency, the last part takes
    the rest; a month without that day has its last day."""
    if count < 1:
        raise _bad("count", "Choose one part or more.", "plan_no_parts")
    amounts = split(total, currency, [1] * count)
    if min(amounts) <= 0:
        raise _bad("count", "The parts would be less than the smallest unit. Choose fewer of them.", "plan_crumbs")
    return [Part(_later(first_on, place, Every(every)), amount) for place, amount in enumerate(amounts)]


def _later(day: date, place: int, every: Every) -> date:
    try:
        if every is Every.MONTH:
            return _months_on(day, place)
        return day + timedelta(days=place * (14 if every is Every.FORTNIGHT else 7))
    except (OverflowError, ValueError):  # beyond the last year that a calendar knows
        told = "The parts would end after every calendar. Choose an earlier first day or fewer parts."
        raise _bad("first_on", told, "plan_too_late") from None


def check_parts(parts: Sequence[Part], *, total: Decimal, currency: str, on: date) -> None:
    """Nothing; raises BadInput when the parts cannot be a plan over `total`: none, not above zero, on one day twice,
    before `on`, or not adding up to it."""
    if not parts:
        raise _bad("count", "Name at least one part.", "plan_no_parts")
    if any(part.amount <= 0 for part in parts):
        raise _bad("amount", "Each part needs an amount above zero.", "plan_amount_not_positive")
    if len({part.due_on for part in parts}) < len(parts):
        raise _bad("first_on", "Two parts fall on one day. Put them together.", "plan_same_day")
    if min(part.due_on for part in parts) < on:
        raise _bad("first_on", f"A part cannot lie in the past. Choose {format_date(on)} or later.", "plan_in_past")
    if sum((part.amount for part in parts), _ZERO) != total:
        wanted = format_amount_with_code(total, currency)
        raise _bad("amount", f"The parts do not add up to {wanted}. Change one of them.", "plan_sum")


def beyond_limits(parts: Iterable[Part], limits: PlanLimits, *, currency: str, on: date) -> str:
    """The sentence that says which limit the parts exceed; "" when they keep to all of them. The least part does not
    bind the last one, which only takes the rest."""
    rows = sorted(parts)
    if len(rows) > limits.max_parts:
        return f"A plan has at most {limits.max_parts} parts. Choose fewer."
    last = _months_on(on, limits.max_months) if limits.max_days is None else on + timedelta(days=limits.max_days)
    if limits.first_within_days is not None and (rows[0].due_on - on).days > limits.first_within_days:
        first = format_date(on + timedelta(days=limits.first_within_days))
        return f"The first part falls at the latest on {first}. Begin earlier."
    if rows[-1].due_on > last:
        return f"A plan ends at the latest on {format_date(last)}. Choose fewer parts, or begin earlier."
    if any(part.amount < limits.min_part for part in rows[:-1] or rows):
        least = format_amount_with_code(limits.min_part, currency)
        return f"A part is at least {least}. Choose fewer parts."
    return ""


def wants_second(parts: Iterable[Part], limits: PlanLimits, *, currency: str, on: date) -> str:
    """Why a second person has to agree: a limit the parts exceed, or their sum; "" when one person may."""
    rows = list(parts)
    beyond = beyond_limits(rows, limits, currency=currency, on=on)
    total = sum((part.amount for part in rows), _ZERO)
    if beyond or limits.approve_over is None or total <= limits.approve_over:
        return beyond
    return f"A plan over more than {format_amount_with_code(limits.approve_over, currency)} takes two people."


def _months_on(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _bad(field: str, sentence: str, code: str) -> BadInput:
    return BadInput(sentence, code=code, fields={field: sentence})
