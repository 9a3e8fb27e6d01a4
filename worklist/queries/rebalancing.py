"""The facts of rebalancing: every account on the list with who holds it and who may, and every person's usual day.
Reads only, by set."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from collections_app.accounts.models import User
from customers.access import visible_entities
from customers.models import Customer, SegmentMember
from worklist.queries.filters import visible_items
from worklist.queries.portfolios import active_shares
from worklist.queries.team import WORKING_ROLES, stand_ins, weeks_of
from worklist.rules.portfolios import Share, Traits, share_of, who_may_work
from worklist.rules.rebalance import Day, Holding, Move, Plan, rebalance
from worklist.rules.team import usual_day

_COLUMNS = (
    "pk", "collector_id", "analyst_id", "entity_id", "overdue", "rank", "minutes", "for_today", "snoozed_until",
    "done_on", "promised", "disputed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan with what is needed to show it: people by id, their usual days, and the portfolio of each account that
    moves because of it."""

    plan: Plan
    people: Mapping[int, User]
    days: Mapping[int, Day]
    portfolios: Mapping[int, str]

    def customers(self, moves: Sequence[Move]) -> Mapping[int, Customer]:
        """The customers of these moves, by id."""
        return Customer.objects.select_related("collector").in_bulk([move.customer_id for move in moves])


@dataclass(frozen=True, slots=True)
class _Team:
    """Who works accounts, in which teams, and which team looks after which entity."""

    people: Mapping[int, User]
    members: Mapping[int, frozenset[int]]  # team -> people who work accounts
    team_of: Mapping[int, int]  # entity -> team


def propose(user: User, *, on: date) -> Proposal:
    """How the accounts the person sees would be distributed best today. A fixed number of statements."""
    shares, team, away = active_shares(), _team(user), stand_ins(on)
    rows = list(visible_items(user).filter(score__gt=0).order_by().values_list(*_COLUMNS, named=True))
    segments = _segments(shares)
    held = [_share(row, shares, segments) for row in rows]
    pools = _Pools(team)
    holdings = [_holding(row, pools, share, away, on) for row, share in zip(rows, held, strict=True)]
    days = _days(rows, team, away, on)
    plan = rebalance(holdings, days.values())
    names = {row.pk: share.name for row, share in zip(rows, held, strict=True) if share is not None}
    return Proposal(plan, team.people, days, names)


def _team(user: User) -> _Team:
    team_of = dict(visible_entities(user).values_list("pk", "team_id"))
    people = {
        person.pk: person
        for person in User.objects.filter(is_active=True, role__in=WORKING_ROLES, teams__in=set(team_of.values()))
    }
    members: dict[int, set[int]] = defaultdict(set)
    for user_id, team_id in User.teams.through.objects.filter(user__in=people).values_list("user_id", "team_id"):
        members[team_id].add(user_id)
    return _Team(people, {team_id: frozenset(found) for team_id, found in members.items()}, team_of)


def _segments(shares: Sequence[Share]) -> Mapping[int, frozenset[int]]:
    asked = {share.segment_id for share in shares if share.segment_id is not None}
    found: dict[int, set[int]] = defaultdict(set)
    if asked:
        rows = SegmentMember.objects.filter(segment__in=asked, until=None).values_list("customer_id", "segment_id")
        for customer_id, segment_id in rows:
            found[customer_id].add(segment_id)
    return {customer_id: frozenset(ids) for customer_id, ids in found.items()}


def _share(row: Any, shares: Sequence[Share], segments: Mapping[int, frozenset[int]]) -> Share | None:
    return share_of(Traits(row.entity_id, segments.get(row.pk, frozenset()), row.overdue), shares)


@dataclass(slots=True)
class _Pools:
    """The people an account may be given to; accounts that are alike share one set."""

    team: _Team
    known: dict[tuple[int | None, int, int | None], frozenset[int]] = field(default_factory=dict)

    def of(self, share: Share | None, entity_id: int, collector: int | None) -> frozenset[int]:
        key = (share.id if share else None, entity_id, None if share else collector)
        if key not in self.known:
            members = who_may_work(share, self.team.members.get(self.team.team_of.get(entity_id, 0), frozenset()))
            if share is None:  # open to the analysts of the team; a manager who holds it keeps it
                members = frozenset(pk for pk in members if self.team.people[pk].role == "analyst" or pk == collector)
            self.known[key] = members
        return self.known[key]


def _holding(row: Any, pools: _Pools, share: Share | None, away: Mapping[int, int | None], on: date) -> Holding:
    may_hold = pools.of(share, row.entity_id, row.collector_id)
    minutes = row.minutes if _is_due(row, on) and row.collector_id not in away else 0
    return Holding(row.pk, row.collector_id, minutes, row.rank, may_hold, bool(row.promised or row.disputed))


def _is_due(row: Any, on: date) -> bool:
    awake = row.snoozed_until is None or row.snoozed_until <= on
    return bool(row.for_today and awake and row.done_on != on)


def _days(rows: Sequence[Any], team: _Team, away: Mapping[int, int | None], on: date) -> Mapping[int, Day]:
    besides: dict[int, int] = defaultdict(int)
    for row in rows:
        if row.analyst_id and row.analyst_id != row.collector_id and _is_due(row, on):
            besides[row.analyst_id] += row.minutes
    weeks = weeks_of(team.people)
    return {pk: Day(pk, usual_day(weeks[pk]), besides[pk], pk in away) for pk in team.people}
