"""What matching gives back: suggestions with their shares and reasons, best first, and whether the first is certain."""

from dataclasses import dataclass
from decimal import Decimal

from invoices.rules.matching.facts import OpenItem
from invoices.rules.matching.points import Reason


@dataclass(frozen=True, slots=True)
class MatchedShare:
    """How much of the money goes to one item; positive, in the line's currency."""

    item: OpenItem
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One possible match of a line. Shares and `rest` add up to the line's amount.

    `rest` stays unapplied on the customer. `short` is what the named items then lack, and `short_kind` what it looks
    like: early_payment_discount, late_discount, small_difference, deduction; empty when nothing lacks.
    `takes_back` is the payment that a negative line takes back; such a suggestion has no shares."""

    customer_id: int
    shares: tuple[MatchedShare, ...]
    rest: Decimal
    short: Decimal
    short_kind: str
    strength: int  # the sum of all points; `score` is it within 0 and 100
    reasons: tuple[Reason, ...]
    takes_back: int | None = None

    @property
    def score(self) -> int:
        """0 to 100."""
        return max(0, min(100, self.strength))

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its reasons."""
        return frozenset(found.code for found in self.reasons)


@dataclass(frozen=True, slots=True)
class Answer:
    """The suggestions for one line, best first. `certain`: the first may post by itself."""

    line_id: int
    suggestions: tuple[Suggestion, ...]
    certain: bool

    @property
    def best(self) -> Suggestion | None:
        """The first suggestion, if there is any."""
        return self.suggestions[0] if self.suggestions else None
