"""How late the money of a customer is likely to come if nobody does anything, from how late the customer paid before.
Pure arithmetic over counts of invoices; it knows no amounts and no customer.

The share of an amount that is expected late is the average of three chances: that it comes late at all, more than 15
and more than 30 days late. What is late already by some days is compared with those invoices only that were as late."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

LEVELS = (0, 15, 30)  # days late: the three chances that are averaged
OWN_WEIGHT = 5  # the portfolio counts like this many invoices of the customer's own (shrinkage)
DAY_ONE_WEIGHT = 50  # and what is usual elsewhere like this many of the portfolio's
_PAID_OVER = (0, 10, 15, 20, 30)
# How late something has to be for an invoice to be compared with it (None: any invoice), and the levels beyond that.
_CASES: tuple[tuple[int | None, tuple[int, ...]], ...] = (
    (None, (0, 15, 30)),
    (0, (15, 30)),
    (10, (15, 30)),
    (20, (30,)),
)


class Delays(NamedTuple):
    """Counts of invoices: paid within a year, how many of these came more than 0, 10, 15, 20, 30 days after their due
    date, and how many are open and as late as 0, 15, 30 days already (nobody knows yet how late they get)."""

    paid: int = 0
    paid_over: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    open_over: tuple[int, int, int] = (0, 0, 0)

    @property
    def late(self) -> int:
        """Invoices that came late or are late."""
        return self.paid_over[0] + self.open_over[0]

    @property
    def known(self) -> int:
        """Invoices of which it is known whether they came late."""
        return self.paid + self.open_over[0]

    def plus(self, other: "Delays") -> "Delays":
        """Both together."""
        (a0, a1, a2, a3, a4), (b0, b1, b2, b3, b4) = self.paid_over, other.paid_over
        (c0, c1, c2), (d0, d1, d2) = self.open_over, other.open_over
        paid_over = (a0 + b0, a1 + b1, a2 + b2, a3 + b3, a4 + b4)
        return Delays(self.paid + other.paid, paid_over, (c0 + d0, c1 + d1, c2 + d2))

    def seen(self, least: int | None, level: int) -> tuple[int, int]:
        """Of the invoices more than `least` days late (None: of all) those later than `level`, and how many there are.

        What is open and not yet that late counts as neither."""
        open_over = self.open_over[LEVELS.index(level)]
        paid = self.paid if least is None else self.paid_over[_PAID_OVER.index(least)]
        return self.paid_over[_PAID_OVER.index(level)] + open_over, paid + open_over


class Odds(NamedTuple):
    """The chances of a portfolio, in the order of `_CASES`, each a share from 0 to 1."""

    shares: tuple[Decimal, ...]


class Lateness(NamedTuple):
    """The share expected late, 0 to 1, of money not yet due, 1–10, 11–20, 21–30 and more days late."""

    upcoming: Decimal
    days_10: Decimal
    days_20: Decimal
    days_30: Decimal
    older: Decimal


# What two public ledgers show, in a thousand invoices: where a company has no history yet, it starts from this.
ELSEWHERE = Delays(1000, (430, 115, 80, 60, 35), (25, 10, 8))


def odds_of(portfolio: Delays) -> Odds:
    """The chances in a portfolio, drawn towards what is usual elsewhere while there are few invoices."""
    shares = []
    for least, levels in _CASES:
        for level in levels:
            late, known = portfolio.seen(least, level)
            usual_late, usual_known = ELSEWHERE.seen(least, level)
            usual = Decimal(usual_late) / usual_known
            shares.append((late + DAY_ONE_WEIGHT * usual) / (known + DAY_ONE_WEIGHT))
    return Odds(tuple(shares))


NO_DELAYS = Delays()
USUAL_ODDS = odds_of(NO_DELAYS)


@dataclass(frozen=True, slots=True)
class Habit:
    """How late a customer paid, and how late the portfolio does."""

    own: Delays = NO_DELAYS
    usual: Odds = USUAL_ODDS

    @property
    def late_rate(self) -> Decimal:
        """The customer's own share of invoices that came late, drawn towards the portfolio's while there are few."""
        return (self.own.late + OWN_WEIGHT * self.usual.shares[0]) / (self.own.known + OWN_WEIGHT)


def lateness(habit: Habit) -> Lateness:
    """The share expected late by how late the money is now; not rounded."""
    if not habit.own.known:
        return _averaged(habit.usual.shares)
    own = [habit.own.seen(least, level) for least, levels in _CASES for level in levels]
    return _averaged(
        tuple(
            (late + OWN_WEIGHT * usual) / (known + OWN_WEIGHT)
            for (late, known), usual in zip(own, habit.usual.shares, strict=True)
        )
    )


def with_prediction(habit: Habit, upcoming: Decimal, predicted: Decimal) -> Decimal:
    """The share expected late of money not yet due where a model says how probable it is to come late at all: how
    much later it gets than that stays a matter of habit. Both from 0 to 1, the result too."""
    rate = habit.late_rate
    return min(upcoming * predicted / rate, Decimal(1)) if rate else predicted


def _averaged(shares: tuple[Decimal, ...]) -> Lateness:
    any_0, any_15, any_30, late_15, late_30, over_10_15, over_10_30, over_20_30 = shares
    three = len(LEVELS)
    return Lateness(
        upcoming=(any_0 + any_15 + any_30) / three,
        days_10=(1 + late_15 + late_30) / three,
        days_20=(1 + over_10_15 + over_10_30) / three,
        days_30=(2 + over_20_30) / three,
        older=Decimal(1),
    )
