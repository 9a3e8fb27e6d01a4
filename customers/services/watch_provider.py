"""Keeps the circuit of each provider in the database, so that every worker knows what one of them found out (D35).

While a circuit is open nothing is handed to its provider and no message spends an attempt; then one worker tries with
one message, and what comes of that one decides."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import structlog
from django.db import transaction
from django.db.models import Q

from customers.models import Delivery, DeliveryState, ProviderCircuit
from customers.rules.backoff import GIVE_UP_AFTER, TRY_LEASE, Circuit, after_failure, has_given_up

log = structlog.get_logger("collections.delivery")


class Passage(NamedTuple):
    """Where messages may go now. `tried`: providers that this process alone may try, with one message."""

    closed_to: frozenset[str]
    tried: frozenset[str]
    failing: frozenset[str]  # with failures in a row; the first success is to be told


def ways_open(*, now: datetime) -> Passage:
    """Which providers are open, and which of those that were away this process shall try. One query if all is well."""
    circuits = list(ProviderCircuit.objects.filter(failures__gt=0))
    closed, tried = set(), set()
    for row in circuits:
        if row.open_until is None:
            continue
        if row.open_until <= now and _may_try(row.provider, now):
            tried.add(row.provider)
        else:
            closed.add(row.provider)
    return Passage(frozenset(closed), frozenset(tried), frozenset(row.provider for row in circuits))


def provider_answered(*, provider: str) -> None:
    """Nothing; the provider's failures are forgotten."""
    if ProviderCircuit.objects.filter(provider=provider).delete()[0]:
        log.info("provider_answers_again", provider=provider)


@transaction.atomic
def provider_failed(*, provider: str, why: str, now: datetime) -> bool:
    """Whether the circuit is open now, after one more failure."""
    ProviderCircuit.objects.get_or_create(provider=provider)
    row = ProviderCircuit.objects.select_for_update().get(provider=provider)
    known = Circuit(row.failures, row.opened, row.away_since, row.open_until)
    after = after_failure(known, now=now, seed=provider)
    row.failures, row.opened, row.away_since, row.open_until = after
    row.trying_until, row.last_problem = None, why[:300]
    row.save()
    if after.open_until is not None:
        log.warning("provider_away", provider=provider, failures=row.failures, until=after.open_until.isoformat())
    return after.open_until is not None


def give_up_waiting(*, model: type[Delivery], now: datetime) -> int:
    """How many messages ended: their provider has been away for a day, and they have been due for half of it (D35)."""
    ended = 0
    for row in ProviderCircuit.objects.filter(open_until__isnull=False):
        if not has_given_up(Circuit(row.failures, row.opened, row.away_since, row.open_until), now=now):
            continue
        waiting = model._default_manager.filter(
            state=DeliveryState.APPROVED, channel=row.provider, due_at__lte=now - GIVE_UP_AFTER / 2
        )
        ended += waiting.update(
            state=DeliveryState.FAILED, settled_at=now, reason="provider_away",
            reason_text=f"The provider has been away for more than a day: {row.last_problem} It did not leave; a later "
            "run writes anew.",
        )  # fmt: skip
    if ended:
        log.error("deliveries_given_up", table=model._meta.label_lower, messages=ended)
    return ended


def nothing_to_try(*, providers: Collection[str]) -> None:
    """Nothing; the providers that this process might have tried may be tried by another at once."""
    if providers:
        ProviderCircuit.objects.filter(provider__in=providers).update(trying_until=None)


def _may_try(provider: str, now: datetime) -> bool:
    free = Q(trying_until__isnull=True) | Q(trying_until__lte=now)
    won = ProviderCircuit.objects.filter(free, provider=provider, open_until__lte=now).update(
        trying_until=now + TRY_LEASE
    )
    return won == 1
