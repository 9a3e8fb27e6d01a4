"""Decisions over a whole policy, chunk by chunk: the same rule and the same facts for the run and the command. Writes
nothing."""

from collections.abc import Iterator
from datetime import date

from dunning.models import Policy
from dunning.queries.facts import Person, facts_about, next_chunk
from dunning.queries.stale_data import stale_entities
from dunning.rules.decide import decide
from dunning.rules.facts import Decision
from dunning.rules.staleness import guarded

CHUNK = 1000  # customers that a worker takes at once: large enough to be quick, small enough to be shared

Decided = tuple[Person, str, Decision]  # whose account, its currency, and what was decided


def decide_about(policy: Policy, customer_ids: list[int], as_of: date) -> list[Decided]:
    """The decision for each account of these customers that has something open."""
    facts = facts_about(policy, customer_ids, as_of)
    people, rules = facts.people, facts.rules
    stale = stale_entities(as_of)
    return [
        (people[account.customer_id], account.currency, guarded(decide(rules[account.version], account, as_of), stale))
        for account in facts.accounts
    ]


def ids_between(policy: Policy, first: int, last: int) -> list[int]:
    """The policy's customers with ids from `first` to `last`, both inclusive, in order."""
    ids: list[int] = []
    while found := next_chunk(policy, ids[-1] if ids else first - 1, CHUNK, upto=last):
        ids += found
    return ids


def decide_all(policy: Policy, as_of: date, *, chunk: int = CHUNK) -> Iterator[list[Decided]]:
    """The decisions for every customer the policy looks after, in lists of at most `chunk` customers."""
    after = 0
    while ids := next_chunk(policy, after, chunk):
        yield decide_about(policy, ids, as_of)
        after = ids[-1]
