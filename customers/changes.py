"""Tells upper rooms that facts about customers changed, so that they recompute sooner. Never needed for the truth:
the scheduled jobs recompute everything from the facts."""

from collections.abc import Iterable

from django.db import transaction
from django.dispatch import Signal

facts_changed = Signal()  # sent with customer_ids: frozenset[int], after the commit


def announce(customer_ids: Iterable[int]) -> None:
    """Nothing; after the current transaction commits, whoever listens is told once about these customers.

    A listener that fails is passed over: what it wanted to do will be done by its scheduled job."""
    ids = frozenset(customer_ids)
    if ids:
        transaction.on_commit(lambda: facts_changed.send_robust(sender=None, customer_ids=ids) and None)
