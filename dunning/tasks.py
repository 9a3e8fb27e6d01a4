"""What beat asks of dunning. The tasks only translate: what is due is selected from the database, so a lost or doubled
task costs nothing."""

import time

from celery import shared_task

from customers.queries.clock import now
from dunning.services.deliver_notices import deliver_notices
from dunning.services.prepare_due import prepare_due

# Well below the task time limit; what is left is due again at the next tick.
SECONDS = 240


@shared_task
def prepare_due_runs() -> None:
    """Nothing; afterwards every policy that is on has the run of its business day, as far as time allowed."""
    until = time.monotonic() + SECONDS
    runs = prepare_due(now=now(), go_on=lambda: time.monotonic() < until)
    if runs:
        deliver_due_notices.delay()


@shared_task
def deliver_due_notices() -> None:
    """Nothing; afterwards what was due has been delivered, as far as time allowed, and dead claims are swept."""
    deliver_notices(now=now, seconds=SECONDS)
