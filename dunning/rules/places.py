"""Which positions a policy's steps get when steps are added, moved or taken out. Pure."""

from collections.abc import Sequence


def placed(wanted: Sequence[int | None], last_used: int) -> list[int]:
    """The positions of the steps in their order, from those they had (None: new), rising.

    A step keeps its position where it can. A new one, and all that follow it, get numbers that no step ever had: what
    was sent at a position must not pass for a step that came later (R1). `last_used` is the highest ever given."""
    found: list[int] = []
    before = 0
    for position in wanted:
        if position is None or position <= before:
            position = last_used = max(last_used, before) + 1
        found.append(position)
        before = position
    return found
