"""Replays the rehearsals that wait, a chunk of customers at a time. What is counted so far is kept with each chunk, so
a worker that ends takes nothing with it, and the next one goes on."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q

from dunning.models import Policy, Rehearsal
from dunning.queries.rehearsal import next_to_rehearse, replay
from dunning.rules.rehearsal_report import EMPTY, Tally, merged, report

log = structlog.get_logger("collections.rehearsal")

LEASE = timedelta(minutes=15)  # a worker that took one and is gone gives it back after that


def run_rehearsals(*, now: datetime, seconds: float) -> int:
    """How many rehearsals were finished within about so many seconds. Two workers never take the same one."""
    until, finished = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        taken = _take(now)
        if taken is None:
            break
        try:
            if not _go_on(taken, until, now):
                break
            finished += 1
        except Exception as error:  # a fault of ours must be seen on the page, and must not stop the others
            log.exception("rehearsal_failed", rehearsal=taken.pk)
            sentence = f"The program failed while replaying: {type(error).__name__}. Ask again, or tell support."
            Rehearsal.objects.filter(pk=taken.pk).update(
                state=Rehearsal.State.FAILED, problem=sentence, finished_at=now
            )
    return finished


@transaction.atomic
def _take(now: datetime) -> Rehearsal | None:
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    waiting = Rehearsal.objects.filter(free, state=Rehearsal.State.WAITING).order_by("asked_at", "pk")
    taken = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if taken is not None:
        Rehearsal.objects.filter(pk=taken.pk).update(claimed_at=now)
    return taken


def _go_on(taken: Rehearsal, until: float, now: datetime) -> bool:
    """Whether it is finished; else it waits for the next worker, with what was counted."""
    policies = _policies(taken)
    counted: list[Tally] = [*taken.partial.get("tallies", [EMPTY for _ in policies])]
    after = taken.after_customer_id
    while ids := next_to_rehearse(policies[0], first=taken.first_on, last=taken.last_on, after=after):
        counted = [
            merged(tally, replay_of(taken, policy, ids)) for tally, policy in zip(counted, policies, strict=True)
        ]
        after = ids[-1]
        Rehearsal.objects.filter(pk=taken.pk).update(
            partial={"tallies": counted}, after_customer_id=after, customers_done=F("customers_done") + len(ids),
            claimed_at=now,
        )  # fmt: skip
        if time.monotonic() >= until:
            Rehearsal.objects.filter(pk=taken.pk).update(claimed_at=None)
            return False
    result = {"policies": reports(taken, policies, counted)}
    Rehearsal.objects.filter(pk=taken.pk).update(
        state=Rehearsal.State.DONE, result=result, partial={}, finished_at=now, customers_done=F("customers")
    )
    return True


def replay_of(asked: Rehearsal, policy: Policy, ids: Sequence[int]) -> Tally:
    """The tally of these customers under that policy, as the rehearsal asks for it. The row need not be stored."""
    return replay(
        policy, ids, first=asked.first_on, last=asked.last_on, within=asked.within_days, as_known=asked.as_known
    )


def reports(asked: Rehearsal, policies: Sequence[Policy], counted: Sequence[Tally]) -> list[dict[str, Any]]:
    """One report per policy, each with the policy's name and version at its head."""
    return [
        {
            "policy": {"code": policy.code, "name": policy.name, "version": policy.version},
            **report(tally, first=asked.first_on, last=asked.last_on),
        }
        for policy, tally in zip(policies, counted, strict=True)
    ]


def _policies(taken: Rehearsal) -> list[Policy]:
    rows = Policy.objects.select_related("entity").prefetch_related("steps", "minimums")
    found = rows.in_bulk([pk for pk in (taken.policy_id, taken.against_id) if pk is not None])
    return [found[pk] for pk in (taken.policy_id, taken.against_id) if pk is not None]
