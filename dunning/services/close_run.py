"""Closes a run when its last chunk is done and adds up the chunks. Before that nothing of it can leave (R7)."""

from datetime import datetime

from django.db import transaction

from collections_app.audit.record import record
from dunning.actions import RUN_PREPARED
from dunning.models import Run
from dunning.queries.runs import chunk_totals


@transaction.atomic
def close_run(*, run_id: int, now: datetime) -> Run:
    """The run: prepared now if it was preparing and no chunk is left to do, else as it is.

    From this moment its approved notices may leave, and a person may approve the others."""
    run = Run.objects.get(pk=run_id)
    if run.state != Run.State.PREPARING or run.chunks.filter(done_at__isnull=True).exists():
        return run
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != Run.State.PREPARING:
        return run
    run.proposed, run.skipped = chunk_totals(run)
    run.state, run.finished_at = Run.State.PREPARED, now
    run.save(update_fields=["state", "finished_at", "proposed", "skipped"])
    record(
        RUN_PREPARED, run, actor=run.started_by, by="dunning", as_of=run.as_of, proposed=run.proposed,
        skipped=run.skipped, is_dry=run.is_dry,
    )  # fmt: skip
    return run
