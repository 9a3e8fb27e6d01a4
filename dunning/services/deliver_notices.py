"""Delivers due notices: claim, look again at the facts of the whole batch, write the words, hand over, record.

The order and the promises are `customers.services.deliver`'s; what a notice is, `notice_batch` knows. A notice of a
policy that is switched off stays in the queue: switching off is the brake, and only apologies pass it."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from django.db.models import Q

from customers.changes import announce
from customers.services.claim import sweep
from customers.services.deliver import DeliveryCounts, deliver_due
from dunning.models import Notice, Run
from dunning.rules.templates import APOLOGY
from dunning.services.notice_batch import Lines, NoticeBatch

# What a quick server takes is claimed in larger batches, which spend fewer looks; with a slow one, a claim of many
# would run out before its last message left.
QUICK = 5.0
MOST_AT_ONCE = 8


def deliver_notices(*, now: Callable[[], datetime], limit: int = 20, seconds: float = 240) -> DeliveryCounts:
    """What came of all due notices of policies that are on; stops after `seconds` even if more are due.

    First gives back or marks unknown what dead processes held. Connections to mail servers and providers are kept from
    one batch to the next. Must be called outside a transaction."""
    sweep(model=Notice, now=now())
    counts, until = DeliveryCounts(), time.monotonic() + seconds
    with ExitStack() as connections:
        lines = Lines(connections)
        size, begun = limit, time.monotonic()
        while begun < until:
            batch = NoticeBatch(now, lines)
            came = deliver_due(
                model=Notice, look_again=batch.look_again, write=batch.write, send=batch.send, touch=batch.touch,
                leaves=batch.leaves, now=now, limit=size,
                only=Q(policy__is_active=True, run__state=Run.State.PREPARED) | Q(stage=APOLOGY),
            )  # fmt: skip
            announce(batch.customer_ids)
            counts = DeliveryCounts(*(a + b for a, b in zip(_numbers(counts), _numbers(came), strict=True)))
            if not batch.customer_ids:
                break
            took, begun = time.monotonic() - begun, time.monotonic()
            size = min(size * 2, limit * MOST_AT_ONCE) if took < QUICK else limit
    return counts


def _numbers(counts: DeliveryCounts) -> tuple[int, ...]:
    return counts.accepted, counts.cancelled, counts.retried, counts.failed, counts.unknown, counts.postponed
