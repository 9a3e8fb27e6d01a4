"""Proposals for putting a sum against open items: exact, oldest first, what is due; never more than there is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.rules.allocation import OpenDocument
from invoices.rules.fills import due_by, exact_match, oldest
from tests.factories import DAY


def items(*amounts: str) -> list[OpenDocument]:
    """Open items of these amounts, each due a day after the one before, from DAY on; ids count from 0."""
    return [
        OpenDocument(place, DAY + timedelta(days=place), DAY, Decimal(amount)) for place, amount in enumerate(amounts)
    ]


@pytest.mark.parametrize(
    ("amount", "open_amounts", "chosen"),
    [
        ("70.00", ["50.00", "70.00", "20.00"], [1]),  # one item before two
        ("70.00", ["50.00", "20.00", "30.00"], [0, 1]),
        ("60.00", ["10.00", "20.00", "30.00", "60.01"], [0, 1, 2]),
        ("70.00", ["70.00", "70.00"], [0]),  # the earlier of two that fit
        ("10.00", ["1.00", "2.00", "3.00", "4.00"], [0, 1, 2, 3]),  # everything together
        ("99.00", ["50.00", "70.00"], []),
        ("10.00", [], []),
    ],
)
def test_the_fewest_items_that_come_to_the_amount_are_proposed(
    amount: str, open_amounts: list[str], chosen: list[int]
) -> None:
    documents = items(*open_amounts)
    assert exact_match(Decimal(amount), documents) == {place: documents[place].open_amount for place in chosen}


def test_what_is_due_takes_no_money_for_later_items() -> None:
    documents = items("50.00", "70.00", "20.00")
    assert due_by(Decimal("200.00"), documents, DAY + timedelta(days=1)) == {0: 50, 1: 70}
    assert due_by(Decimal("60.00"), documents, DAY + timedelta(days=1)) == {0: 50, 1: 10}
    assert due_by(Decimal("60.00"), documents, DAY - timedelta(days=1)) == {}


def test_nothing_left_proposes_nothing() -> None:
    assert oldest(Decimal(0), items("50.00")) == {}


_cents = st.integers(1, 5000).map(lambda cents: Decimal(cents) / 100)


@given(_cents, st.lists(_cents, max_size=8))
def test_no_proposal_exceeds_the_money_or_an_item(amount: Decimal, opens: list[Decimal]) -> None:
    documents = items(*map(str, opens))
    for proposed in (exact_match(amount, documents), oldest(amount, documents), due_by(amount, documents, DAY)):
        assert sum(proposed.values(), Decimal(0)) <= amount
        assert all(0 < share <= documents[place].open_amount for place, share in proposed.items())
    exact = exact_match(amount, documents)
    assert not exact or sum(exact.values()) == amount
