"""A table of legal moves between states. Must not store anything or know what the states mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from collections_app.lib.errors import Conflict, quoted


@dataclass(frozen=True)
class States:
    """Legal moves: state -> the states it may become. A final state stands in the table with an empty set."""

    moves: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        unknown = sorted({target for targets in self.moves.values() for target in targets} - set(self.moves))
        if unknown:
            raise ValueError(f"Give these states a line of their own (an empty set if final): {', '.join(unknown)}")

    @property
    def all(self) -> frozenset[str]:
        """Every state of the table."""
        return frozenset(self.moves)

    @property
    def final(self) -> frozenset[str]:
        """The states nothing leaves."""
        return frozenset(state for state, targets in self.moves.items() if not targets)

    def may(self, current: str, target: str) -> bool:
        """Whether `current` may become `target`; False for a state that is not in the table."""
        return target in self.moves.get(current, frozenset())

    def check(self, current: str, target: str) -> None:
        """Return in silence if the move is legal; else raise Conflict with code 'illegal_move'."""
        if self.may(current, target):
            return
        targets = sorted(self.moves.get(current, frozenset()))
        hint = f"From here it can only become {' or '.join(targets)}." if targets else "Nothing can follow this state."
        raise Conflict(f"{quoted(current)} cannot become {quoted(target)}. {hint}", code="illegal_move")
