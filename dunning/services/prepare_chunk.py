"""Prepares one chunk of a run: takes one that nobody works on, decides about its customers, writes what is proposed and
every decision, in one short transaction. Any number of workers may do this at once; the last one closes the run."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from customers.models import DeliveryState
from dunning.models import Notice, Policy, Run, RunChunk
from dunning.queries.decisions import decide_about, ids_between
from dunning.queries.words import current_templates
from dunning.rules.templates import APOLOGY
from dunning.services.close_run import close_run
from dunning.services.keep_decisions import keep_decisions
from dunning.services.supersede import supersede
from dunning.services.write_notices import write_notices


def prepare_chunk(*, run_id: int, now: datetime, any_hour: bool = False) -> bool:
    """Whether a chunk was there to take. Afterwards it is done, and where it was the last, so is the run.

    A chunk that another worker has in hand is passed over; one whose worker died is free again, because it was only
    locked. A run that was given up or is prepared has none to take (R7)."""
    with transaction.atomic():
        taken = _prepared(run_id, now, any_hour)
    close_run(run_id=run_id, now=now)
    return taken


def _prepared(run_id: int, now: datetime, any_hour: bool) -> bool:
    # A share lock: whoever gives the run up or closes it waits for us, other workers do not.
    rows = Run.objects.raw("SELECT * FROM dunning_run WHERE id = %s AND state = 'preparing' FOR SHARE", [run_id])
    run = next(iter(rows), None)
    waiting = RunChunk.objects.select_for_update(skip_locked=True).filter(run=run_id, done_at__isnull=True)
    chunk = waiting.order_by("first_id").first() if run else None
    if run is None or chunk is None:
        return False
    policy = Policy.objects.select_related("entity").prefetch_related("steps").get(pk=run.policy_id)
    ids = ids_between(policy, chunk.first_id, chunk.last_id)
    chunk.proposed, chunk.skipped = _decided(run, policy, ids, now, any_hour)
    chunk.claimed_at = chunk.done_at = now
    chunk.save(update_fields=["proposed", "skipped", "claimed_at", "done_at"])
    return True


def _decided(run: Run, policy: Policy, ids: list[int], now: datetime, any_hour: bool) -> tuple[int, dict[str, int]]:
    """How many notices were written, and how many accounts were passed over, by reason code."""
    if not run.is_dry:
        waiting = Notice.objects.filter(customer_id__in=ids)
        supersede(waiting.filter(state=DeliveryState.PROPOSED, as_of__lt=run.as_of))
        off = list(Policy.objects.filter(is_active=False).exclude(pk=policy.pk).values_list("pk", flat=True))
        supersede(waiting.filter(state=DeliveryState.APPROVED, policy__in=off).exclude(stage=APOLOGY))
    decided = decide_about(policy, ids, run.as_of)
    planned = [one for one in decided if one[2].proposes]
    written = write_notices(
        run=run, policy=policy, planned=planned, templates=current_templates(), now=now, any_hour=any_hour
    )
    keep_decisions(run=run, decided=decided)
    skipped = Counter(decision.code for _, _, decision in decided if not decision.proposes)
    if len(planned) > written:
        skipped["already_sent"] += len(planned) - written
    return written, dict(skipped)
