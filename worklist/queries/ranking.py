"""The ranked list of what one person may see, for any day, computed from facts in memory. Writes nothing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.lib.rates import convert, ecb_rate
from customers.access import visible_customers
from worklist.queries.facts import customer_facts
from worklist.rules.score import Score, score

REFERENCE = "EUR"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One customer of the ranking."""

    customer_id: int
    number: str
    score: Score
    rank: Decimal


def ranking(*, user: User, on: date, limit: int) -> list[Ranked]:
    """The customers the person may see with a score above zero, highest first, equal ones by number."""
    ids = None
    if not user.may(Capability.SEE_ALL_TEAMS):
        ids = list(visible_customers(user).values_list("pk", flat=True))
    scored = (
        Ranked(placed.facts.customer_id, placed.facts.number, made, rank(made, on))
        for placed in customer_facts(ids, on=on)
        if placed.facts.exposures
        for made in (score(placed.facts, placed.strategy),)
    )
    found = sorted((row for row in scored if row.score.score > 0), key=lambda row: (-row.rank, row.number))
    return found[:limit]


def rank(found: Score, on: date) -> Decimal:
    """The score in euros, so that entities with different currencies share one order; as it is without a rate."""
    if found.currency == REFERENCE or not found.score:
        return found.score
    try:
        return convert(found.score, ecb_rate(found.currency, REFERENCE, on).rate, REFERENCE)
    except Refusal:
        return found.score
