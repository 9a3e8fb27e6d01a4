"""Asks for the preview and the back-test of a version. A worker computes them; nothing else changes by it."""

from datetime import datetime

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from worklist.actions import STRATEGY_CHECK_ASKED
from worklist.models import StrategyVersion
from worklist.rules.strategy_check import RUNNING, WAITING

MOST_WAITING = 3  # in the whole house: each occupies a worker for a while


@transaction.atomic
def ask_strategy_check(*, version: StrategyVersion, now: datetime, actor: User) -> StrategyVersion:
    """The version, whose findings now wait to be computed; one that waits already is left waiting.

    Raises Conflict for a version that was replaced, or while three others wait."""
    held = StrategyVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if held.state == StrategyVersion.State.RETIRED:
        raise Conflict("This version was replaced. Restore it as a draft first.", code="version_retired")
    if held.findings.get("state") in (WAITING, RUNNING):
        return held
    if StrategyVersion.objects.filter(findings__state__in=[WAITING, RUNNING]).count() >= MOST_WAITING:
        raise Conflict(f"{MOST_WAITING} checks wait already. Ask again when one is done.", code="checks_waiting")
    held.findings = {"state": WAITING, "asked_at": now.isoformat()}
    held.save(update_fields=["findings"])
    record(STRATEGY_CHECK_ASKED, held, actor=actor, number=held.number)
    return held
