"""Writes how the demo orders its lists: a strategy for everybody that is in force, which leaves the order as the tour
tells it, and a draft that a worker checks."""

from datetime import date

from django.utils import timezone

from collections_app.demo.build_people import Cast
from customers.models import Segment
from worklist.models import Strategy, StrategyVersion
from worklist.rules.strategy import as_data
from worklist.rules.strategy_starters import STARTERS
from worklist.services.activate_strategy import activate_strategy
from worklist.services.ask_strategy_check import ask_strategy_check
from worklist.services.check_strategies import check_strategies
from worklist.services.save_strategy import save_strategy


def build_strategies(cast: Cast, *, today: date) -> None:
    """Nothing; the demo's strategies are written: one in force, one asked to be checked."""
    manager, now = cast.users["administrator"], timezone.now()
    usual, backlog = STARTERS["balanced"], STARTERS["old_debt"]
    first = save_strategy(
        strategy=Strategy(name=usual.name), rule=as_data(usual.rule), note="What we began with", actor=manager
    )
    ask_strategy_check(version=first, now=now, actor=manager)
    check_strategies(on=today, now=now)
    activate_strategy(version=StrategyVersion.objects.get(pk=first.pk), on=today, actor=manager)
    draft = save_strategy(
        strategy=Strategy(name=backlog.name, segment=Segment.objects.get(code="long-overdue"), rank=50),
        rule=as_data(backlog.rule), note="To work off what has waited since the summer", actor=manager,
    )  # fmt: skip
    ask_strategy_check(version=draft, now=now, actor=manager)
