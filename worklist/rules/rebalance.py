"""Who should work which account when one person has too much and another has room: as few moves as possible, each with
its reason. Pure; minutes and money come in, moves come out, the same for the same day.

1. An account of nobody, of somebody who left, or of somebody its portfolio does not name, goes to whoever of the right
   people has most room in proportion to their day.
2. Whoever has more than a day holds gives accounts away until it fits: one account that is enough, else the longest
   first; accounts in the middle of a promise or a dispute last. They go to somebody who still has a full day's room for
   them, never to somebody who then has too much.
3. What nobody has room for stays where it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Why(StrEnum):
    """Why an account moves."""

    NOBODY = "nobody"  # it is nobody's
    LEFT = "left"  # its collector works no accounts any more, or not in these teams
    PORTFOLIO = "portfolio"  # its portfolio names other people
    ROOM = "room"  # its collector has more than a day holds


@dataclass(frozen=True, slots=True)
class Holding:
    """One account with today's expected minutes. `may_hold` are the people it may be given to; `collector_id` is None
    for nobody, and may be somebody without a day. `engaged`: a promise or a dispute is open, so a change of person
    costs more."""

    customer_id: int
    collector_id: int | None
    minutes: int
    money: Decimal
    may_hold: frozenset[int]
    engaged: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The minutes of a person's usual day, and what is on it besides the accounts to distribute, such as the list of
    somebody they stand in for. Somebody who is `away` keeps their accounts and is given none."""

    user_id: int
    capacity: int
    besides: int = 0
    away: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One account that changes hands."""

    customer_id: int
    from_id: int | None
    to_id: int
    minutes: int
    why: Why


@dataclass(frozen=True, slots=True)
class Plan:
    """The moves in the order of the accounts, and the minutes of each person before and after."""

    moves: Sequence[Move]
    before: Mapping[int, int]
    after: Mapping[int, int]


@dataclass(slots=True)
class _Desk:
    """Where everything lies while the plan is made."""

    days: Mapping[int, Day]
    load: dict[int, int]
    holder: dict[int, int | None]
    why: dict[int, Why] = field(default_factory=dict)

    def fill(self, user_id: int, more: int = 0) -> tuple[int, int]:
        """How full the day is in hundred-thousandths, and the person, so that equal ones keep an order."""
        return (self.load[user_id] + more) * 100_000 // max(self.days[user_id].capacity, 1), user_id

    def excess(self, user_id: int) -> int:
        return self.load[user_id] - self.days[user_id].capacity

    def give(self, row: Holding, to: int, why: Why) -> None:
        holder = self.holder[row.customer_id]
        if holder in self.load:
            self.load[holder] -= row.minutes
        self.load[to] += row.minutes
        self.holder[row.customer_id] = to
        self.why.setdefault(row.customer_id, why)


def rebalance(holdings: Iterable[Holding], days: Iterable[Day]) -> Plan:
    """The plan. Making it again after it was carried out, on the same day, gives no moves."""
    rows = sorted(holdings, key=lambda row: (-row.money, row.customer_id))
    known = {day.user_id: day for day in days}
    desk = _Desk(known, {day.user_id: day.besides for day in known.values()}, {})
    for row in rows:
        desk.holder[row.customer_id] = row.collector_id
        if row.collector_id in desk.load:
            desk.load[row.collector_id] += row.minutes
    before = dict(desk.load)
    for row in rows:
        _place(row, desk)
    while sum(_relieve(user_id, rows, desk) for user_id in _fullest_first(desk)):
        continue  # whoever was relieved may have room for somebody else's now
    moves = [
        Move(row.customer_id, row.collector_id, to, row.minutes, desk.why[row.customer_id])
        for row in rows
        if (to := desk.holder[row.customer_id]) is not None and to != row.collector_id
    ]
    return Plan(sorted(moves, key=lambda move: move.customer_id), before, dict(desk.load))


def _place(row: Holding, desk: _Desk) -> None:
    """Gives an account without the right person to the right one with most room, if anybody is there."""
    if row.collector_id in row.may_hold or not row.may_hold:
        return
    holder = desk.days.get(row.collector_id) if row.collector_id is not None else None
    if holder is not None and holder.away:
        return  # back soon; somebody stands in
    there = [user_id for user_id in row.may_hold if _takes(user_id, desk)]
    if there:
        to = min(there, key=lambda user_id: desk.fill(user_id, row.minutes))
        why = Why.NOBODY if row.collector_id is None else Why.LEFT if holder is None else Why.PORTFOLIO
        desk.give(row, to, why)


def _relieve(user_id: int, rows: Sequence[Holding], desk: _Desk) -> int:
    """How many accounts were taken from a person who has more than a day holds."""
    own = [row for row in rows if desk.holder[row.customer_id] == user_id and row.minutes > 0]
    own.sort(key=lambda row: (row.engaged, -row.minutes, row.money, row.customer_id))
    moved = 0
    while own and desk.excess(user_id) > 0:
        row = _enough(own, desk.excess(user_id)) or own[0]
        there = [
            other
            for other in row.may_hold
            if other != user_id and _takes(other, desk) and desk.excess(other) + row.minutes <= 0
        ]
        if there:
            own.remove(row)
            desk.give(row, min(there, key=lambda other: desk.fill(other, row.minutes)), Why.ROOM)
            moved += 1
        else:  # nor has anybody room for another account like it
            own = [other for other in own if (other.minutes, other.may_hold) != (row.minutes, row.may_hold)]
    return moved


def _enough(own: Sequence[Holding], excess: int) -> Holding | None:
    """The smallest of the least engaged accounts that alone makes the day fit."""
    rows = [row for row in own if row.minutes >= excess and row.engaged == own[0].engaged]
    return min(rows, key=lambda row: (row.minutes, row.money, row.customer_id), default=None)


def _fullest_first(desk: _Desk) -> list[int]:
    over = [user_id for user_id, day in desk.days.items() if not day.away and desk.excess(user_id) > 0]
    return sorted(over, key=lambda user_id: (-desk.fill(user_id)[0], user_id))


def _takes(user_id: int, desk: _Desk) -> bool:
    day = desk.days.get(user_id)
    return day is not None and not day.away and day.capacity > 0
