"""Portfolios: the first that fits holds the account, and only its people of the right team may have it."""

from decimal import Decimal

import pytest

from worklist.rules.portfolios import Share, Traits, share_of, who_may_work

ANY = Share(1, "All", None, None, None, None, frozenset({7, 8}))


def share(**asks: object) -> Share:
    fields: dict[str, object] = {"id": 2, "name": "Some", "entity_id": None, "segment_id": None, "least": None}
    return Share(**{**fields, "most": None, "analysts": frozenset({9}), **asks})  # type: ignore[arg-type]


def account(overdue: str = "500") -> Traits:
    return Traits(entity_id=10, segments=frozenset({20, 21}), overdue=Decimal(overdue))


@pytest.mark.parametrize(
    ("asks", "holds"),
    [
        ({}, True),
        ({"entity_id": 10}, True),
        ({"entity_id": 11}, False),
        ({"segment_id": 21}, True),
        ({"segment_id": 22}, False),
        ({"least": Decimal(500)}, True),
        ({"least": Decimal(501)}, False),
        ({"most": Decimal(501)}, True),
        ({"most": Decimal(500)}, False),
        ({"entity_id": 10, "segment_id": 22}, False),
    ],
)
def test_an_account_fits_when_everything_asked_is_so(asks: dict[str, object], holds: bool) -> None:
    assert (share_of(account(), [share(**asks)]) is not None) == holds


def test_bands_that_meet_hold_every_amount_once() -> None:
    small, large = share(id=3, most=Decimal(500)), share(id=4, least=Decimal(500))
    found = [share_of(account(overdue), [small, large]) for overdue in ("499.99", "500", "500.01")]
    assert [row.id if row else None for row in found] == [3, 4, 4]


def test_the_first_that_fits_counts() -> None:
    assert share_of(account(), [share(entity_id=11), share(id=5), ANY]) == share(id=5)
    assert share_of(account(), [share(entity_id=11)]) is None


def test_only_people_of_the_entitys_team_may_have_it() -> None:
    assert who_may_work(ANY, {8, 9}) == {8}


def test_an_account_of_no_portfolio_is_open_to_the_whole_team() -> None:
    assert who_may_work(None, {8, 9}) == {8, 9}
