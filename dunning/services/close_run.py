"""Closes a run when its last chunk is done: adds up the chunks and, in automatic mode, approves what needs no
person."""

from datetime import datetime

from django.db import transaction

from collections_app.audit.record import record
from customers.models import DeliveryState
from dunning.actions import RUN_PREPARED
from dunning.models import Notice, Policy, Run
from dunning.queries.runs import chunk_totals


@transaction.atomic
def close_run(*, run_id: int, now: datetime) -> Run:
    """The run: prepared now if it was preparing and no chunk is left to do, else as it is.

    Of an automatic policy whose first run a person approved, notices leave by themselves, but for those of a step that
    asks for a person each time (F29, U71)."""
    run = Run.objects.get(pk=run_id)
    if run.state != Run.State.PREPARING or run.chunks.filter(done_at__isnull=True).exists():
        return run
    run = Run.objects.select_for_update().select_related("policy").get(pk=run_id)
    if run.state != Run.State.PREPARING:
        return run
    run.proposed, run.skipped = chunk_totals(run)
    run.state, run.finished_at = Run.State.PREPARED, now
    run.save(update_fields=["state", "finished_at", "proposed", "skipped"])
    if not run.is_dry and run.policy.mode == Policy.Mode.AUTOMATIC and run.policy.rehearsed_at is not None:
        Notice.objects.filter(run=run, state=DeliveryState.PROPOSED, step__needs_approval=False).update(
            state=DeliveryState.APPROVED, approved_at=now
        )
    record(
        RUN_PREPARED, run, actor=run.started_by, by="dunning", as_of=run.as_of, proposed=run.proposed,
        skipped=run.skipped, is_dry=run.is_dry,
    )  # fmt: skip
    return run
