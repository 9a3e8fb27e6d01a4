"""What gives way when money goes out, and what is filled when it comes back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.rules.taking_back import Slot, to_cut, to_restore

Target = tuple[int, int | None]

A: Target = (1, None)
B: Target = (2, None)


def slot(id_: int, target: Target, live: str, displaced: str = "0") -> Slot:
    return Slot(id_, target, Decimal(live), Decimal(displaced))


def test_the_newest_gives_way_first_and_survives_for_the_rest() -> None:
    slots = [slot(1, A, "60"), slot(2, B, "40")]
    assert to_cut(slots, Decimal(30)) == [(2, Decimal(10))]
    assert to_cut(slots, Decimal(70)) == [(2, Decimal(0)), (1, Decimal(30))]
    assert to_cut(slots, Decimal(0)) == []


def test_the_oldest_is_filled_first_and_no_more_than_it_can_take() -> None:
    slots = [slot(1, A, "0", "60"), slot(2, B, "0", "40")]
    room = {A: Decimal(60), B: Decimal(40)}
    assert to_restore(slots, Decimal(70), room) == [(1, Decimal(60)), (2, Decimal(10))]
    assert to_restore(slots, Decimal(70), {**room, A: Decimal(5)}) == [(1, Decimal(5)), (2, Decimal(40))]
    assert to_restore(slots, Decimal(70), {}) == []


def test_an_instalment_takes_no_more_than_it_and_its_invoice_can() -> None:
    first, second = slot(1, (1, 11), "0", "50"), slot(2, (1, 12), "0", "50")
    room = {(1, None): Decimal(60), (1, 11): Decimal(40), (1, 12): Decimal(50)}
    assert to_restore([first, second], Decimal(100), room) == [(1, Decimal(40)), (2, Decimal(20))]


# A won dispute waits for its dispute.
ORDERS = [("refund", "dispute", "won"), ("dispute", "refund", "won"), ("dispute", "won", "refund")]


@pytest.mark.parametrize("order", ORDERS)
def test_d05_whatever_the_order_the_same_stands_at_the_end(order: tuple[str, ...]) -> None:
    standing = {1: Decimal(60), 2: Decimal(40)}
    meant, free, took = dict(standing), Decimal(0), {"refund": Decimal(30), "dispute": Decimal(70)}
    for step in order:
        slots = [Slot(n, (n, None), standing[n], meant[n] - standing[n]) for n in (1, 2)]
        if step == "won":
            free += took["dispute"]
            for n, amount in to_restore(slots, free, {(n, None): meant[n] - standing[n] for n in (1, 2)}):
                standing[n] += amount
                free -= amount
        else:
            for n, survives in to_cut(slots, took[step] - free):
                standing[n] = survives
            free = Decimal(0)
    assert standing == {1: Decimal(60), 2: Decimal(10)}


amounts = st.integers(0, 500).map(Decimal)


@given(st.lists(amounts, max_size=6), amounts)
def test_exactly_the_amount_becomes_free(lives: list[Decimal], amount: Decimal) -> None:
    slots = [Slot(n, (n, None), live, Decimal(0)) for n, live in enumerate(lives)]
    wanted = min(amount, sum(lives, Decimal(0)))
    cuts = to_cut(slots, wanted)
    assert sum((lives[cut.id] - cut.survives for cut in cuts), Decimal(0)) == wanted
    assert [cut.id for cut in cuts] == sorted((cut.id for cut in cuts), reverse=True)


@given(st.lists(st.tuples(amounts, amounts), max_size=6), amounts)
def test_never_more_comes_back_than_gave_way_or_fits(parts: list[tuple[Decimal, Decimal]], amount: Decimal) -> None:
    slots = [Slot(n, (n, None), Decimal(0), displaced) for n, (displaced, _) in enumerate(parts)]
    back = dict(to_restore(slots, amount, {(n, None): room for n, (_, room) in enumerate(parts)}))
    assert sum(back.values(), Decimal(0)) <= amount
    assert all(0 < given <= min(parts[n]) for n, given in back.items())
