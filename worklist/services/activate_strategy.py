"""Puts a version of a strategy in force: from now on it says the order of the accounts it is for."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.changes import announce
from customers.models import Customer
from worklist.actions import STRATEGY_ACTIVATED
from worklist.models import Strategy, StrategyVersion
from worklist.queries.strategies import strategies_in_force
from worklist.rules.strategy_check import obstacle


@transaction.atomic
def activate_strategy(*, version: StrategyVersion, on: date, actor: User) -> StrategyVersion:
    """The version in force; the one before is replaced, and everybody it is for is scored again soon.

    Raises Conflict when it was replaced, when its segment is switched off, or when its preview and back-test are
    missing, older than a few days, or were compared with other strategies than those in force today."""
    # All of them, so that of two activations at once the second one sees the first.
    locked = {row.pk: row for row in Strategy.objects.select_for_update(no_key=True).order_by("pk")}
    strategy = locked[version.strategy_id]
    held = StrategyVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    _refuse(strategy, held, on)
    if held.state == StrategyVersion.State.DRAFT:
        strategy.versions.filter(state=StrategyVersion.State.ACTIVE).update(state=StrategyVersion.State.RETIRED)
        held.state, held.activated_by, held.activated_at = StrategyVersion.State.ACTIVE, actor, timezone.now()
        held.save(update_fields=["state", "activated_by", "activated_at"])
    strategy.is_active = True
    strategy.save(update_fields=["is_active"])
    record(STRATEGY_ACTIVATED, held, actor=actor, strategy=strategy.name, number=held.number, rule=held.rule)
    announce(affected(strategy))
    return held


def affected(strategy: Strategy) -> list[int]:
    """The customers whose order the strategy may touch: those of its entity, or all."""
    rows = Customer.objects.filter(merged_into=None)
    return list((rows.filter(entity=strategy.entity_id) if strategy.entity_id else rows).values_list("pk", flat=True))


def _refuse(strategy: Strategy, held: StrategyVersion, on: date) -> None:
    if held.state == StrategyVersion.State.RETIRED:
        raise Conflict("This version was replaced. Restore it as a draft, and check that.", code="version_retired")
    if strategy.segment is not None and not strategy.segment.is_active:
        raise Conflict("The segment of this strategy is switched off, so it would be for nobody.", code="segment_off")
    against = [row.version_id for row in strategies_in_force()]
    sentence = obstacle(held.findings, on=on, against=against)
    if sentence:
        raise Conflict(sentence, code="not_checked")
