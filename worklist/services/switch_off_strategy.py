"""Takes a strategy out of force: the accounts it was for are ranked by the next one that fits, or as usual."""

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from customers.changes import announce
from worklist.actions import STRATEGY_SWITCHED_OFF
from worklist.models import Strategy
from worklist.services.activate_strategy import affected


@transaction.atomic
def switch_off_strategy(*, strategy: Strategy, actor: User) -> Strategy:
    """The strategy, which counts for nobody. Its versions stay; activating one puts it in force again."""
    if Strategy.objects.filter(pk=strategy.pk, is_active=True).update(is_active=False):
        record(STRATEGY_SWITCHED_OFF, strategy, actor=actor, strategy=strategy.name)
        announce(affected(strategy))
    strategy.refresh_from_db()
    return strategy
