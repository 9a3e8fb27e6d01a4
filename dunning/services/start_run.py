"""Starts a dunning run and parts its customers into chunks. Decides nothing about any of them; workers do that, a chunk
at a time (`prepare_chunk`)."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import Conflict
from customers.models import DeliveryState
from customers.queries.clock import business_day
from dunning.models import Notice, Policy, Run, RunChunk
from dunning.queries.decisions import CHUNK
from dunning.queries.facts import next_chunk
from dunning.services.end_stays import end_stays
from dunning.services.supersede import supersede

_CHUNKS_AT_ONCE = 20  # whose bounds are looked up by one statement


@transaction.atomic
def start_run(
    *,
    policy: Policy,
    as_of: date,
    started_by: AbstractBaseUser | None = None,
    chunk: int = CHUNK,
    is_dry: bool = False,
) -> Run:
    """The run of this policy and day: new with its chunks still to do, or the one that exists already.

    Two people who start it together get one run (R7, D31). A dry run looks and keeps what it found, and nothing can be
    sent from it; it may be made while the policy is off, and again as often as wanted. Raises Conflict for a day before
    the last run (R7) or after the entity's business day, and for a policy that is off."""
    held = Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
    if is_dry:
        return _new(held, as_of, started_by, chunk, is_dry=True)
    last = held.runs.filter(is_dry=False).order_by("-as_of").first()
    if last and last.as_of == as_of:
        return last
    today = business_day(held.entity)
    if as_of > today:
        raise Conflict(
            f"It is {today.isoformat()}. A run of {as_of.isoformat()} would leave no room for the runs before it.",
            code="run_ahead",
        )
    if not held.is_active:
        raise Conflict(f"Dunning is off for {held.entity.name}. Switch the policy on first.", code="policy_off")
    if last and last.as_of > as_of:
        raise Conflict(
            f"There is a run of {last.as_of.isoformat()} already. A run cannot be dated before the last one.",
            code="run_back_dated",
        )
    if last and last.state == Run.State.PREPARING:  # a day that was never finished issues nothing (R7)
        _abandon(last)
    return _new(held, as_of, started_by, chunk, is_dry=False)


def _new(policy: Policy, as_of: date, started_by: AbstractBaseUser | None, size: int, *, is_dry: bool) -> Run:
    by = None if started_by is None else started_by.pk
    if not is_dry:
        end_stays(policy=policy, on=as_of)
    run = Run.objects.create(policy=policy, as_of=as_of, started_by_id=by, is_dry=is_dry)
    chunks, after = [], 0
    while ids := next_chunk(policy, after, size * _CHUNKS_AT_ONCE):
        parts = (ids[n : n + size] for n in range(0, len(ids), size))
        chunks += [RunChunk(run=run, first_id=part[0], last_id=part[-1]) for part in parts]
        after = ids[-1]
    RunChunk.objects.bulk_create(chunks)
    return run


def _abandon(run: Run) -> None:
    """Waits for chunks that are being prepared right now: they hold the run's row."""
    Run.objects.select_for_update().get(pk=run.pk)
    Run.objects.filter(pk=run.pk, state=Run.State.PREPARING).update(state=Run.State.FAILED)
    supersede(Notice.objects.filter(run=run, state__in=[DeliveryState.PROPOSED, DeliveryState.APPROVED]))
