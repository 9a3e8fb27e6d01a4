"""The ladder of a pay session and what a payer may choose: pure rules."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.lib.errors import BadInput, Conflict
from invoices.rules.allocation import OpenDocument
from invoices.rules.pay_sessions import Choice, chosen_parts, is_final, later_state

STATES = ["created", "expired", "processing", "failed", "succeeded"]


@given(st.lists(st.sampled_from(STATES), min_size=1), st.randoms())
def test_d05_the_order_of_news_never_matters(news: list[str], shuffler: Random) -> None:
    shuffled = list(news)
    shuffler.shuffle(shuffled)
    ends = []
    for order in (news, shuffled, news + shuffled):
        state = "created"
        for one in order:
            state = later_state(state, one)
        ends.append(state)
    assert len(set(ends)) == 1


def test_money_that_arrived_outweighs_everything() -> None:
    assert {later_state(state, "succeeded") for state in STATES} == {"succeeded"}
    assert [state for state in STATES if is_final(state)] == ["failed", "succeeded"]


def choice(pk: int, amount: str, *, due: int = 1, seen: str = "") -> Choice:
    document = OpenDocument(pk, date(2026, 3, due), date(2026, 2, 1), Decimal(amount))
    return Choice(document, f"R{pk}", Decimal(seen or amount))


def test_everything_ticked_is_paid_in_full_without_an_amount() -> None:
    parts = chosen_parts([choice(1, "10.00"), choice(2, "5.50")], amount=None, currency="EUR")
    assert dict(parts) == {1: Decimal("10.00"), 2: Decimal("5.50")}


def test_a06_a_part_goes_to_the_oldest_due_first() -> None:
    choices = [choice(1, "10.00", due=9), choice(2, "10.00", due=3)]
    assert chosen_parts(choices, amount=Decimal("12.00"), currency="EUR") == [
        (2, Decimal("10.00")),
        (1, Decimal("2.00")),
    ]


def test_w02_an_amount_that_is_not_what_was_shown_stops_the_payment() -> None:
    with pytest.raises(Conflict):
        chosen_parts([choice(1, "9.00", seen="10.00")], amount=None, currency="EUR")


@pytest.mark.parametrize("amount", ["0.99", "10.01", "0", "-1"])
def test_u50_amounts_outside_the_bounds_are_refused(amount: str) -> None:
    with pytest.raises(BadInput, match=r"€"):
        chosen_parts([choice(1, "10.00")], amount=Decimal(amount), currency="EUR")


def test_an_invoice_below_the_smallest_part_can_still_be_paid_whole() -> None:
    assert chosen_parts([choice(1, "0.40")], amount=None, currency="EUR") == [(1, Decimal("0.40"))]


def test_nothing_ticked_is_nothing_to_pay() -> None:
    with pytest.raises(BadInput, match="Tick"):
        chosen_parts([], amount=None, currency="EUR")


@given(st.lists(st.decimals("0.01", "9999", places=2), min_size=1, max_size=6), st.decimals("1", "9999", places=2))
def test_the_parts_always_add_up_and_never_exceed_what_is_open(amounts: list[Decimal], wished: Decimal) -> None:
    choices = [choice(n, str(amount), due=n % 28 + 1) for n, amount in enumerate(amounts)]
    total = sum(amounts, Decimal(0))
    wished = min(max(wished, min(Decimal(1), total)), total)
    parts = chosen_parts(choices, amount=wished, currency="EUR")
    assert sum(part for _, part in parts) == wished
    assert all(0 < part <= amounts[pk] for pk, part in parts)
