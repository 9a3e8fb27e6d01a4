"""What a promise to pay is worth: which day it may name, when it is judged, and how. Pure; reads and writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from collections_app.lib.calendars import next_business_day
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput

PAYER_HORIZON_DAYS = 14  # a payer's own promise pauses reminders, so it must not do so without limit (P5)
ANALYST_HORIZON_DAYS = 366  # farther away it is a slip of the finger or a payment plan
BANK_LAG_DAYS = 0  # days a value date may lie behind the promised day and still count as in time (P2)


class Verdict(StrEnum):
    """How a promise ended once its day was over. The values are the states of a promise."""

    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class PromisedItem:
    """One promised invoice at the time of judging. Amounts in its currency, none negative."""

    promised: Decimal
    paid_in_time: Decimal  # payments put against it since the promise, with a value date in time; reversals taken off
    payable: Decimal  # what was open when the promise was made, less credits since: nobody owes more than that


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict with the figures it rests on: what arrived in time, of what was still to pay."""

    verdict: Verdict
    arrived: Decimal
    expected: Decimal


def check_day(*, promised_on: date, made_on: date, by_payer: bool) -> None:
    """Nothing; raises BadInput when the promised day lies before the day of the promise or beyond the horizon (P5)."""
    horizon = PAYER_HORIZON_DAYS if by_payer else ANALYST_HORIZON_DAYS
    last = made_on + timedelta(days=horizon)
    if promised_on < made_on:
        raise _bad_day(f"A promise names a day to come. Choose {format_date(made_on)} or later.", "promise_in_past")
    if promised_on > last:
        raise _bad_day(f"Choose a day up to {format_date(last)}; that is {horizon} days from now.", "promise_too_far")


def last_day_in_time(promised_on: date, region: str, *, lag_days: int = BANK_LAG_DAYS) -> date:
    """The last value date that still keeps the promise, inclusive: the promised day, or the next business day of the
    region when nobody's bank works on it (D51), plus the lag."""
    return next_business_day(promised_on, region) + timedelta(days=lag_days)


def is_over(promised_on: date, region: str, on: date, *, lag_days: int = BANK_LAG_DAYS) -> bool:
    """Whether the last day in time has ended on the business day `on`, so that the promise can be judged (P2)."""
    return on > last_day_in_time(promised_on, region, lag_days=lag_days)


def judge(items: Iterable[PromisedItem], *, tolerance: Decimal = Decimal(0)) -> Judgement:
    """Kept when what arrived in time covers what was promised (less the tolerance), partly kept when something arrived,
    broken otherwise (P2). A credit that took the debt away also takes the promise away: nothing expected is kept."""
    rows = list(items)
    arrived = sum((max(row.paid_in_time, Decimal(0)) for row in rows), Decimal(0))
    expected = sum((max(min(row.promised, row.payable), Decimal(0)) for row in rows), Decimal(0))
    if arrived >= expected - tolerance:
        return Judgement(Verdict.KEPT, arrived, expected)
    return Judgement(Verdict.PARTLY_KEPT if arrived > 0 else Verdict.BROKEN, arrived, expected)


def next_level(earlier: Iterable[tuple[int, str, Decimal]]) -> int:
    """The level of a new promise, from the last promise of each invoice as (level, state, arrived so far) (P1).

    It rises by one when the last one was open, broken or withdrawn without anything arriving, and stays when it was
    kept for a part. A kept one starts afresh. The highest over the invoices counts."""
    levels = [1]
    for level, state, arrived in earlier:
        if state == "kept":
            continue
        levels.append(level if state == "partly_kept" or arrived > 0 else level + 1)
    return max(levels)


def _bad_day(sentence: str, code: str) -> BadInput:
    return BadInput(sentence, code=code, fields={"promised_on": sentence})
