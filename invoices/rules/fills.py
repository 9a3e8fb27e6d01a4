"""Proposals for putting a sum against open items: an exact match, the oldest first, or what is due. Pure; a person
looks at the amounts before anything is posted."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations

from invoices.rules.allocation import OpenDocument, oldest_first

# Up to three items out of this many: some thirty thousand sums, a few hundredths of a second.
WIDEST, MOST = 60, 3


def exact_match(amount: Decimal, items: Sequence[OpenDocument]) -> dict[int, Decimal]:
    """The open amounts, by id, of the fewest items that add up to `amount`, earliest due first; empty if none do.

    Everything open, and everything due together, are tried after single items, pairs and triples."""
    ordered = sorted(items, key=lambda item: (item.due_on, item.issued_on, item.id))
    for size in range(1, MOST + 1):
        for chosen in combinations(ordered[:WIDEST], size):
            if sum((item.open_amount for item in chosen), Decimal(0)) == amount:
                return _of(chosen)
    return _of(ordered) if sum((item.open_amount for item in ordered), Decimal(0)) == amount else {}


def oldest(amount: Decimal, items: Sequence[OpenDocument]) -> dict[int, Decimal]:
    """What each item takes when the earliest due is filled first; items that get nothing are left out."""
    if amount <= 0:
        return {}
    shares, _rest = oldest_first(amount, items)
    return {share.id: share.amount for share in shares}


def due_by(amount: Decimal, items: Sequence[OpenDocument], day: date) -> dict[int, Decimal]:
    """Like `oldest`, with items due on `day` or before only."""
    return oldest(amount, [item for item in items if item.due_on <= day])


def _of(items: Sequence[OpenDocument]) -> dict[int, Decimal]:
    return {item.id: item.open_amount for item in items}
