"""Prepares a dunning run: looks at every customer of a policy on one business day and writes what is proposed.

Works in chunks, each a short transaction, so a killed run is taken up where it stopped, and several processes share one
run instead of making two (R7, D29, D31). Sends nothing."""

from collections.abc import Callable
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser

from dunning.models import Policy, Run
from dunning.queries.decisions import CHUNK
from dunning.queries.runs import chunk_totals
from dunning.services.prepare_chunk import prepare_chunk
from dunning.services.start_run import start_run


def prepare_run(
    *,
    policy: Policy,
    as_of: date,
    now: datetime,
    started_by: AbstractBaseUser | None = None,
    any_hour: bool = False,
    chunk: int = CHUNK,
    go_on: Callable[[], bool] = lambda: True,
    is_dry: bool = False,
) -> Run:
    """The run of this policy and day: new, taken up again, or the finished one of before, unchanged.

    In automatic mode its notices are approved when all are written. `go_on` is asked before each chunk; where it says
    no, or where other workers have the last chunks in hand, the run stays `preparing`, and its counts are those so far.
    Raises Conflict for a day before the last run (R7) or a policy that is off."""
    run = start_run(policy=policy, as_of=as_of, started_by=started_by, chunk=chunk, is_dry=is_dry)
    return go_on_with(run, now=now, any_hour=any_hour, go_on=go_on)


def go_on_with(run: Run, *, now: datetime, any_hour: bool, go_on: Callable[[], bool] = lambda: True) -> Run:
    """The run with as many of its chunks prepared as `go_on` allowed and other workers left."""
    while run.state == Run.State.PREPARING and go_on():
        taken = prepare_chunk(run_id=run.pk, now=now, any_hour=any_hour)
        run = Run.objects.select_related("policy__entity").get(pk=run.pk)
        if not taken:
            break
    if run.state == Run.State.PREPARING:
        run.proposed, run.skipped = chunk_totals(run)
    return run
