"""Which portfolio holds an account, and so who may work it. Pure: rows in, an answer out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """A portfolio as a rule. None asks nothing. Amounts are overdue, in the currency of the account: from `least` up
    to, but without, `most`."""

    id: int
    name: str
    entity_id: int | None
    segment_id: int | None
    least: Decimal | None
    most: Decimal | None
    analysts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Traits:
    """What portfolios ask of an account."""

    entity_id: int
    segments: frozenset[int]
    overdue: Decimal


def share_of(account: Traits, shares: Sequence[Share]) -> Share | None:
    """The first of these portfolios, in their order, that fits; None for an account that none asks for."""
    return next((share for share in shares if fits(account, share)), None)


def fits(account: Traits, share: Share) -> bool:
    """Whether entity, segment and overdue amount are all as the portfolio asks."""
    return (
        share.entity_id in (None, account.entity_id)
        and (share.segment_id is None or share.segment_id in account.segments)
        and (share.least is None or account.overdue >= share.least)
        and (share.most is None or account.overdue < share.most)
    )


def who_may_work(share: Share | None, team: Iterable[int]) -> frozenset[int]:
    """The people an account may be given to: those of its portfolio who are in the team of its entity, or without a
    portfolio all analysts of that team."""
    members = frozenset(team)
    return members if share is None else members & share.analysts
