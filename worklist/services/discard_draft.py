"""Throws the draft of a strategy away; one that never had another version goes with it."""

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from worklist.actions import STRATEGY_DISCARDED
from worklist.models import StrategyVersion


@transaction.atomic
def discard_draft(*, version: StrategyVersion, actor: User) -> bool:
    """Whether the strategy itself is gone with it. Raises Conflict for a version that is, or ever was, in force."""
    strategy = version.strategy
    held = StrategyVersion.objects.select_for_update().get(pk=version.pk)
    if held.state != StrategyVersion.State.DRAFT:
        raise Conflict("Only a draft can be thrown away. Versions that were in force stay as history.", code="no_draft")
    record(STRATEGY_DISCARDED, held, actor=actor, strategy=strategy.name, number=held.number)
    held.delete()
    if strategy.versions.exists():
        return False
    strategy.delete()
    return True
