"""What beat asks of dunning. The tasks only translate: what is due is selected from the database, so a lost or doubled
task costs nothing."""

import time

import structlog
from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from customers.queries.clock import business_day, installation_day, now
from dunning.models import Policy, Run
from dunning.services.claim_due_fees import claim_due_fees
from dunning.services.collect_messages import collect_messages
from dunning.services.deliver_messages import deliver_messages
from dunning.services.deliver_notices import deliver_notices
from dunning.services.forget_decisions import forget_decisions
from dunning.services.make_bundle import make_wanted_bundles as make_bundles
from dunning.services.prepare_chunk import prepare_chunk
from dunning.services.propose_due_handovers import propose_due_handovers
from dunning.services.run_rehearsals import run_rehearsals
from dunning.services.settle_handovers import settle_handovers
from dunning.services.start_due import any_hour, start_due

log = structlog.get_logger("collections.dunning")

# Well below the task time limit; what is left is due again at the next tick.
SECONDS = 240


@shared_task
def prepare_due_runs() -> None:
    """Nothing; afterwards every policy that is on has the run of its day, and workers are asked to share it."""
    for run in start_due(now=now()):
        hand_out(run)


@shared_task
def prepare_run_chunk(run_id: int) -> None:
    """Nothing; afterwards one more chunk of the run is done, if any was left. The last one lets the notices leave."""
    taken = prepare_chunk(run_id=run_id, now=now(), any_hour=any_hour())
    if taken and Run.objects.filter(pk=run_id, state=Run.State.PREPARED, is_dry=False).exists():
        deliver_due_notices.delay()


@shared_task
def deliver_due_notices() -> None:
    """Nothing; afterwards what was due has been delivered, as far as time allowed, and dead claims are swept."""
    deliver_notices(now=now, seconds=SECONDS)


@shared_task
def deliver_due_messages() -> None:
    """Nothing; afterwards the mails by hand that are due have been delivered, and dead claims are swept."""
    until = time.monotonic() + SECONDS
    while deliver_messages(now=timezone.now).total and time.monotonic() < until:
        pass


@shared_task
def collect_inbound_messages() -> None:
    """Nothing; afterwards what customers wrote to our mailboxes is taken in, as far as time allowed."""
    until = time.monotonic() + SECONDS / 2
    collect_messages(now=timezone.now(), go_on=lambda: time.monotonic() < until)


@shared_task
def claim_fees_of_sent_notices() -> None:
    """Nothing; afterwards the fees of notices that left are claimed, and those of recalled ones waived."""
    until = time.monotonic() + SECONDS
    claim_due_fees(on=installation_day(), go_on=lambda: time.monotonic() < until)


@shared_task
def forget_old_decisions() -> None:
    """Nothing; afterwards no kept decision is older than the setting says, as far as time allowed."""
    forget_decisions(now=now(), seconds=SECONDS)


@shared_task
def end_ladders() -> None:
    """Nothing; afterwards settled handovers are closed, and what came to its last day is proposed, once per debt. A
    policy that fails is told in the log and keeps no other from its end."""
    for policy in Policy.objects.filter(is_active=True).select_related("entity").prefetch_related("steps", "minimums"):
        day = business_day(policy.entity)
        try:
            settle_handovers(entity_id=policy.entity_id, on=day)
            propose_due_handovers(policy=policy, on=day)
        except Exception:
            log.exception("ladder_not_ended", policy=policy.code)


@shared_task
def make_wanted_bundles() -> None:
    """Nothing; afterwards the evidence that somebody waits for is put together."""
    make_bundles(now=timezone.now())


@shared_task
def run_waiting_rehearsals() -> None:
    """Nothing; afterwards the rehearsals that wait are replayed, as far as time allowed."""
    run_rehearsals(now=timezone.now(), seconds=SECONDS)


def hand_out(run: Run) -> None:
    """Nothing; workers are asked once per chunk to take one. Without a broker the next tick asks again."""
    waiting = run.chunks.filter(done_at__isnull=True).count()
    try:
        for _ in range(max(waiting, 1)):
            prepare_run_chunk.delay(run.pk)
    except OperationalError:
        return
