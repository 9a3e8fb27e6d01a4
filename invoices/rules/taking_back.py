"""Which allocations give way when money goes out again, and what is filled when it comes back. Pure: amounts only.

A payment was put against documents in an order. Whatever goes out takes the unapplied rest first, then the newest
allocations; whatever comes back fills the oldest of those that gave way. So the end is the same in whatever order
refunds, chargebacks and won disputes become known (D5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Slot:
    """One allocation as it was meant: `live` of it stands, `displaced` gave way to money that went out. Both are zero
    or more. `target` names what it was put against."""

    id: int
    target: tuple[int, int | None]
    live: Decimal
    displaced: Decimal = ZERO


class Cut(NamedTuple):
    """A slot that gives way, and how much of it survives."""

    id: int
    survives: Decimal


def to_cut(slots: Sequence[Slot], amount: Decimal) -> list[Cut]:
    """The slots that give way so that `amount` becomes free, newest first; only the last of them survives for a part.

    `slots` come in the order in which they were made and hold at least `amount`."""
    cuts = []
    for slot in reversed(slots):
        if amount <= 0:
            break
        if slot.live > 0:
            part = min(amount, slot.live)
            cuts.append(Cut(slot.id, slot.live - part))
            amount -= part
    return cuts


def to_restore(
    slots: Sequence[Slot], amount: Decimal, room: Mapping[tuple[int, int | None], Decimal]
) -> list[tuple[int, Decimal]]:
    """What is put back, as (slot, amount above zero), oldest slot first: what gave way, at most `amount` together, and
    never more than there is `room` for. `room` is asked for the whole document, (id, None), and for the target."""
    left = dict(room)
    filled = []
    for slot in slots:
        whole = (slot.target[0], None)
        part = min(amount, slot.displaced, left.get(whole, ZERO), left.get(slot.target, ZERO))
        if part > 0:
            filled.append((slot.id, part))
            amount -= part
            left[slot.target] -= part
            if slot.target != whole:
                left[whole] -= part
    return filled
