"""Computes the preview and the back-test of the versions that wait for it, and writes them into their findings."""

from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from worklist.models import StrategyVersion
from worklist.queries.strategy_backtest import strategy_backtest
from worklist.queries.strategy_preview import strategy_preview
from worklist.queries.strategy_scores import BothOrders
from worklist.rules.strategy_check import DONE, FAILED, RUNNING, WAITING

log = structlog.get_logger("collections.strategies")

LEASE = timedelta(minutes=15)  # a worker that took one and is gone gives it back after that


def check_strategies(*, on: date, now: datetime) -> int:
    """How many versions were checked as of the day. Two workers never take the same one; a failure is told in the
    findings and stops nothing else."""
    done = 0
    while (taken := _take(now)) is not None:
        done += 1
        try:
            found = _findings(taken, on)
        except Exception as error:  # a fault of ours must be seen on the page, and must not stop the others
            log.exception("strategy_check_failed", version=taken.pk)
            found = {"state": FAILED, "problem": type(error).__name__}
        _keep(taken, {**found, "checked_at": now.isoformat()})
    return done


def _findings(version: StrategyVersion, on: date) -> dict[str, Any]:
    orders = BothOrders(version)
    return {
        "state": DONE,
        "on": on.isoformat(),
        "against": [row.version_id for row in orders.in_force],
        "preview": strategy_preview(orders, on=on),
        "backtest": strategy_backtest(orders, today=on),
    }


@transaction.atomic
def _take(now: datetime) -> StrategyVersion | None:
    gone = Q(findings__state=RUNNING, findings__since__lt=(now - LEASE).isoformat())
    rows = StrategyVersion.objects.filter(Q(findings__state=WAITING) | gone).order_by("findings__asked_at", "pk")
    taken = rows.select_related("strategy").select_for_update(skip_locked=True, of=("self",)).first()
    if taken is not None:
        taken.findings = {**taken.findings, "state": RUNNING, "since": now.isoformat()}
        taken.save(update_fields=["findings"])
    return taken


def _keep(taken: StrategyVersion, findings: dict[str, Any]) -> None:
    """Writes the findings, unless the rule was changed meanwhile: then they are about something else."""
    asked = taken.findings["asked_at"]
    StrategyVersion.objects.filter(pk=taken.pk, rule=taken.rule, findings__asked_at=asked).update(findings=findings)
