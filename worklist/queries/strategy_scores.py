"""The scores of many customers under today's strategies and under a version that is not in force yet, from the same
facts and the same rule as the list. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.lib.errors import Refusal
from collections_app.lib.rates import convert, ecb_rate
from customers.models import Customer
from worklist.models import StrategyVersion
from worklist.queries.facts import Placed, customer_facts
from worklist.queries.ranking import REFERENCE, rank
from worklist.queries.strategies import InForce, first_fitting, rule_of, segments_on, strategies_in_force
from worklist.rules.score import Score, score

CHUNK = 5000


@dataclass(frozen=True, slots=True)
class BothScores:
    """One customer's facts, with the score of today's order and of the one to come; `touched` says that the version is
    for this customer."""

    placed: Placed
    now: Score
    then: Score
    touched: bool


class BothOrders:
    """Scores customers both ways. The strategies are read once, when it is made."""

    def __init__(self, version: StrategyVersion) -> None:
        self.version = version
        self.in_force: Sequence[InForce] = strategies_in_force()
        self._to_come = strategies_in_force(instead=version)
        self._for_segments = any(row.segment_id for row in (*self.in_force, *self._to_come))

    def customers(self) -> list[int]:
        """Whom the comparison is about: all accounts of the version's legal entity, or all."""
        rows = Customer.objects.filter(merged_into=None)
        entity = self.version.strategy.entity_id
        return list((rows.filter(entity=entity) if entity else rows).order_by("pk").values_list("pk", flat=True))

    def scores(self, customer_ids: Sequence[int], *, on: date) -> Iterator[BothScores]:
        """The scores of these customers as of the day, some thousand customers at a time."""
        for start in range(0, len(customer_ids), CHUNK):
            chunk = customer_ids[start : start + CHUNK]
            segments = segments_on(chunk, on) if self._for_segments else {}
            for placed in customer_facts(chunk, on=on):
                inside = segments.get(placed.facts.customer_id, frozenset())
                was = first_fitting(self.in_force, placed.entity_id, inside)
                comes = first_fitting(self._to_come, placed.entity_id, inside)
                before = score(placed.facts, rule_of(was))
                same = rule_of(was) == rule_of(comes)
                after = before if same else score(placed.facts, rule_of(comes))
                touched = comes is not None and comes.version_id == self.version.pk
                yield BothScores(placed, before, after, touched)


def place_rank(found: Score, on: date) -> Decimal:
    """What the customer is ordered by on today's list; 0 when there is nothing to do today."""
    return rank(found, on) if found.step.for_today and found.score > 0 else Decimal(0)


def in_reference(amount: Decimal, currency: str, on: date) -> Decimal:
    """The amount in the currency that lists are ordered in, at the rate of the day; 0 where no rate is known."""
    if currency == REFERENCE or not amount:
        return amount
    try:
        return convert(amount, ecb_rate(currency, REFERENCE, on).rate, REFERENCE)
    except Refusal:
        return Decimal(0)
