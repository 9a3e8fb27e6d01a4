"""Prepares a dunning run: looks at every customer of a policy on one business day and writes what is proposed.

Works in chunks, each a short transaction that also notes how far it got, so a killed run is taken up where it stopped
and two processes share one run instead of making two (R7, D29, D31). Sends nothing."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.models import DeliveryState
from dunning.actions import RUN_PREPARED
from dunning.models import Notice, Policy, Run
from dunning.queries.decisions import CHUNK, decide_about
from dunning.queries.facts import next_chunk
from dunning.rules.sentences import sentence
from dunning.services.compose import current_templates
from dunning.services.write_notices import write_notices


def prepare_run(
    *,
    policy: Policy,
    as_of: date,
    now: datetime,
    started_by: AbstractBaseUser | None = None,
    any_hour: bool = False,
    chunk: int = CHUNK,
    go_on: Callable[[], bool] = lambda: True,
) -> Run:
    """The run of this policy and day: new, taken up again, or the finished one of before, unchanged.

    In automatic mode its notices are approved when all are written. `go_on` is asked between chunks; where it says no,
    the run stays `preparing` for the next call. Raises Conflict for a day before the last run (R7) or a policy that is
    off."""
    run = _start(policy, as_of, started_by)
    while run.state == Run.State.PREPARING and go_on():
        run = _prepare_chunk(run.pk, now, any_hour=any_hour, size=chunk)
    return run


@transaction.atomic
def _start(policy: Policy, as_of: date, started_by: AbstractBaseUser | None) -> Run:
    held = Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
    last = held.runs.order_by("-as_of").first()
    if last and last.as_of == as_of:
        return last
    if not held.is_active:
        raise Conflict(f"Dunning is off for {held.entity.name}. Switch the policy on first.", code="policy_off")
    if last and last.as_of > as_of:
        raise Conflict(
            f"There is a run of {last.as_of.isoformat()} already. A run cannot be dated before the last one.",
            code="run_back_dated",
        )
    if last and last.state == Run.State.PREPARING:  # a day that was never finished issues nothing (R7)
        _abandon(last)
    return Run.objects.create(policy=held, as_of=as_of, started_by_id=None if started_by is None else started_by.pk)


def _abandon(run: Run) -> None:
    Run.objects.filter(pk=run.pk, state=Run.State.PREPARING).update(state=Run.State.FAILED)
    _supersede(Notice.objects.filter(run=run, state=DeliveryState.PROPOSED).values_list("pk", flat=True))


@transaction.atomic
def _prepare_chunk(run_id: int, now: datetime, *, any_hour: bool, size: int) -> Run:
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != Run.State.PREPARING:
        return run
    policy = Policy.objects.select_related("entity").prefetch_related("steps").get(pk=run.policy_id)
    ids = next_chunk(policy, run.after_customer_id, size)
    if not ids:
        return _finish(run, policy, now)
    stale = Notice.objects.filter(policy=policy, customer_id__in=ids, state=DeliveryState.PROPOSED, as_of__lt=run.as_of)
    _supersede(stale.values_list("pk", flat=True))
    decided = decide_about(policy, ids, run.as_of)
    planned = [one for one in decided if one[2].proposes]
    written = write_notices(
        run=run, policy=policy, planned=planned, templates=current_templates(), now=now, any_hour=any_hour
    )
    skipped = Counter(run.skipped)
    skipped.update(decision.code for _, _, decision in decided if not decision.proposes)
    if len(planned) > written:
        skipped["already_sent"] += len(planned) - written
    run.skipped, run.proposed, run.after_customer_id = dict(skipped), run.proposed + written, ids[-1]
    run.save(update_fields=["skipped", "proposed", "after_customer_id"])
    return run


def _finish(run: Run, policy: Policy, now: datetime) -> Run:
    run.state, run.finished_at = Run.State.PREPARED, now
    run.save(update_fields=["state", "finished_at"])
    if policy.mode == Policy.Mode.AUTOMATIC:
        Notice.objects.filter(run=run, state=DeliveryState.PROPOSED).update(
            state=DeliveryState.APPROVED, approved_at=now
        )
    record(
        RUN_PREPARED,
        run,
        actor=run.started_by,
        by="dunning",
        as_of=run.as_of,
        proposed=run.proposed,
        skipped=run.skipped,
    )
    return run


def _supersede(pks: object) -> None:
    Notice.objects.filter(pk__in=pks, state=DeliveryState.PROPOSED).update(
        state=DeliveryState.CANCELLED, reason="superseded", reason_text=sentence("superseded", {}, "EUR")
    )
