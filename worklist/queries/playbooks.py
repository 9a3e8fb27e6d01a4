"""The playbook that counts for a customer today, and what of it was done. Reads only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from worklist.models import Playbook, PlaybookCheck, PlaybookStep
from worklist.rules.playbook import Candidate, Situation, fitting, stage_by_age

# A promise that broke this many days ago or more is no occasion any more; one that was followed by another is none.
_BROKEN_DAYS, _FIRST_DAYS, _TRIES = 45, 120, 3

# %(id)s is the customer, %(ids)s the customer and those merged into it, %(on)s the business day.
_SITUATION = f"""
SELECT COALESCE(w.stage, ''), COALESCE(w.oldest_days, 0),
  EXISTS (SELECT 1 FROM invoices_promise p WHERE p.customer_id = ANY(%(ids)s) AND p.state IN ('broken', 'partly_kept')
          AND p.closed_on > %(on)s::date - {_BROKEN_DAYS} AND NOT EXISTS (
            SELECT 1 FROM invoices_promise n WHERE n.customer_id = ANY(%(ids)s) AND n.made_on >= p.closed_on
            AND n.id <> p.id AND n.state <> 'withdrawn')) AND COALESCE(w.overdue, 0) > 0 AS broken,
  EXISTS (SELECT 1 FROM invoices_dispute d WHERE d.customer_id = ANY(%(ids)s) AND d.state = 'open') AS dispute,
  EXISTS (SELECT 1 FROM invoices_promise p WHERE p.customer_id = ANY(%(ids)s) AND p.state = 'open') AS promise,
  NOT EXISTS (SELECT 1 FROM customers_contact c WHERE c.customer_id = ANY(%(ids)s)
              AND ((c.phone <> '' OR c.mobile <> '') AND c.health NOT IN ('left', 'wrong')
                   OR c.email <> '' AND c.health = 'ok'))
  OR (SELECT COUNT(*) = {_TRIES} AND bool_and(outcome IN ('no_answer', 'wrong_number')) FROM (
        SELECT outcome FROM worklist_activity a WHERE a.customer_id = ANY(%(ids)s) AND a.kind = 'call'
        AND a.undone_at IS NULL ORDER BY a.at DESC LIMIT {_TRIES}) tries) AS unreachable,
  NOT EXISTS (SELECT 1 FROM worklist_activity a WHERE a.customer_id = ANY(%(ids)s) AND a.kind IN ('call', 'mail')
              AND a.undone_at IS NULL AND a.happened_on > %(on)s::date - {_FIRST_DAYS})
  AND NOT EXISTS (SELECT 1 FROM dunning_ownmessage m WHERE m.customer_id = ANY(%(ids)s)
                  AND m.sent_on > %(on)s::date - {_FIRST_DAYS}) AS first,
  ARRAY(SELECT m.segment_id FROM customers_segmentmember m WHERE m.customer_id = %(id)s AND m.since <= %(on)s
        AND (m.until IS NULL OR m.until > %(on)s)),
  (SELECT json_agg(json_build_array(b.id, b.rank, b.title, b.stage, b.occasion, b.segment_id))::text
   FROM worklist_playbook b WHERE b.is_active)
FROM (SELECT 1) one LEFT JOIN worklist_worklistitem w ON w.customer_id = %(id)s
"""  # noqa: S608 (constants of ours)
_OCCASIONS = ("broken", "dispute", "promise", "unreachable", "first")


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step, whether it is done today, and the day of the last time before."""

    step: PlaybookStep
    done: bool
    before: date | None


@dataclass(frozen=True, slots=True)
class CustomerPlaybook:
    """The playbook that counts for a customer today, why, and its steps."""

    playbook: Playbook
    situation: Situation
    steps: Sequence[ShownStep]

    @property
    def done(self) -> int:
        """How many steps are done today."""
        return sum(step.done for step in self.steps)


def chosen_playbook(customer_id: int, *, on: date, customer_ids: Sequence[int] = ()) -> tuple[int | None, Situation]:
    """The id of the playbook that counts on that day, None without one, and how the customer stands; one statement.
    `customer_ids` are all that make up the account; without them the customer alone."""
    asked: dict[str, Any] = {"id": customer_id, "ids": list(customer_ids or (customer_id,)), "on": on}
    with connection.cursor() as cursor:
        cursor.execute(_SITUATION, asked)
        stage, oldest, *held, segments, playbooks = cursor.fetchone()
    occasions = frozenset(code for code, holds in zip(_OCCASIONS, held, strict=True) if holds)
    situation = Situation(stage_by_age(stage, oldest), occasions, frozenset(segments))
    chosen = fitting((Candidate(*row) for row in json.loads(playbooks or "[]")), situation)
    return (chosen.id if chosen else None), situation


def customer_playbook(customer_id: int, *, on: date, customer_ids: Sequence[int] = ()) -> CustomerPlaybook | None:
    """The playbook to show beside the work, with what was done; None when none fits."""
    pk, situation = chosen_playbook(customer_id, on=on, customer_ids=customer_ids)
    if pk is None:
        return None
    playbook = Playbook.objects.get(pk=pk)
    checks = PlaybookCheck.objects.filter(
        customer_id__in=customer_ids or (customer_id,), step__playbook=playbook, undone_at=None, on__lte=on
    ).order_by("on")
    days: dict[int, set[date]] = {}
    for step_id, day in checks.values_list("step_id", "on"):
        days.setdefault(step_id, set()).add(day)
    steps = [
        ShownStep(step, on in days.get(step.pk, ()), max(days.get(step.pk, set()) - {on}, default=None))
        for step in playbook.steps.all()
    ]
    return CustomerPlaybook(playbook, situation, steps)
