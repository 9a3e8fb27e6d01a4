"""Which of a customer's items add up to an amount: bounded in work, and silent when there are two answers."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_ITEMS = 16  # 2 × 2⁸ half sums; with more items chance alone finds a sum for almost any amount
_MOST_PAIRED = 400


@dataclass(frozen=True, slots=True)
class Found:
    """The one combination found (places in the given order), or none; `several` when there is more than one."""

    places: tuple[int, ...] | None
    several: bool


def combination(amounts: Sequence[int], target: int) -> Found:
    """The only set of two or more amounts that adds up to the target, or what prevents an answer.

    Above MOST_ITEMS amounts nothing is searched: the answer is none, and `several`, for it cannot be excluded."""
    if len(amounts) > MOST_ITEMS:
        return Found(None, several=True)
    half = len(amounts) // 2
    left, right = _sums(amounts[:half]), _sums(amounts[half:])
    found: list[int] = []
    for total, masks in right.items():
        for low in left.get(target - total, ()):
            found.extend(mask << half | low for mask in masks if (mask << half | low).bit_count() > 1)
            if len(found) > 1:
                return Found(None, several=True)
    if not found:
        return Found(None, several=False)
    return Found(tuple(place for place in range(len(amounts)) if found[0] >> place & 1), several=False)


def pair_exists(amounts: Sequence[int], target: int) -> bool:
    """Whether two of the amounts add up to the target; True, to be careful, when there are too many to look."""
    if len(amounts) > _MOST_PAIRED:
        return True
    seen: set[int] = set()
    for amount in amounts:
        if target - amount in seen:
            return True
        seen.add(amount)
    return False


def _sums(amounts: Sequence[int]) -> dict[int, list[int]]:
    """Every sum of a subset -> the subsets, as bit masks; two are enough to know that there are several."""
    sums: dict[int, list[int]] = {0: [0]}
    for place, amount in enumerate(amounts):
        for total, masks in [(total, tuple(masks)) for total, masks in sums.items()]:
            entry = sums.setdefault(total + amount, [])
            entry.extend(mask | 1 << place for mask in masks[: 2 - len(entry)])
    return sums
