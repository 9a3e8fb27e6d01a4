"""Prepares the runs that are due today from beginning to end, in this process; where there are workers, they share the
chunks instead (`dunning.tasks`)."""

from collections.abc import Callable
from datetime import datetime

from dunning.models import Run
from dunning.services.prepare_run import go_on_with
from dunning.services.start_due import any_hour, start_due


def prepare_due(*, now: datetime, go_on: Callable[[], bool] = lambda: True) -> list[Run]:
    """The runs made or finished by this call: for each policy that is on and whose business day has none yet."""
    runs = []
    at_once = any_hour()
    for started in start_due(now=now) if go_on() else ():
        if not go_on():
            break
        runs.append(go_on_with(started, now=now, any_hour=at_once, go_on=go_on))
    return runs
