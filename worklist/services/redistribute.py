"""Carries out a plan of rebalancing by set: accounts change hands, with a line in each timeline, an audit row each, one
right to take it all back, and one notification per person who was given some."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from psycopg2.extras import execute_values

from collections_app.accounts.models import User
from collections_app.audit.record import Fact, record_set
from collections_app.lib.errors import Conflict
from customers.models import Customer
from worklist.actions import REBALANCED
from worklist.models import Activity, Notification, Undo
from worklist.queries.team import stand_ins
from worklist.rules.rebalance import Move
from worklist.services.notify import News, notify_all

TAKEN_BACK_FOR = timedelta(minutes=30)
ACTION = "rebalance"
# An account that somebody else gave away since the plan was shown stays where it is.
_SQL = """
UPDATE customers_customer AS customer SET collector_id = plan.to_id
FROM (VALUES %s) AS plan(customer_id, from_id, to_id)
WHERE customer.id = plan.customer_id AND customer.collector_id IS NOT DISTINCT FROM plan.from_id
RETURNING customer.id
"""


@dataclass(frozen=True, slots=True)
class Redistribution:
    """What was done: the batch to take back, how many accounts moved, and how many somebody else had moved first."""

    batch: uuid.UUID
    moved: int
    skipped: int


@transaction.atomic
def redistribute(*, moves: Sequence[Move], on: date, actor: User) -> Redistribution:
    """The redistribution. Raises Conflict when nothing of the plan can be done any more."""
    ids = sorted(move.customer_id for move in moves)
    before = dict(
        Customer.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list(
            "pk", "collector_id"
        )
    )  # fmt: skip
    plan = [(move.customer_id, move.from_id, move.to_id) for move in moves if move.customer_id in before]
    done = give(plan, on=on)
    moved = [move for move in moves if move.customer_id in done]
    if not moved:
        raise Conflict("Nothing of this plan can be done any more. Look at the new proposal.", code="plan_over")
    batch = uuid.uuid4()
    people = User.objects.in_bulk({move.to_id for move in moved})
    _write_down(moved, before, people, batch, on, actor)
    _tell(moved, people, batch, actor)
    return Redistribution(batch, len(moved), len(moves) - len(moved))


def give(plan: Sequence[tuple[int, int | None, int | None]], *, on: date) -> set[int]:
    """The customers that changed hands; each entry names the customer, who had it and who gets it. The items move to
    the list of whoever works for the new collector that day."""
    if not plan:
        return set()
    away = stand_ins(on)
    with connection.cursor() as cursor:
        rows = execute_values(
            cursor.cursor, _SQL, plan, template="(%s::bigint, %s::bigint, %s::bigint)", page_size=len(plan), fetch=True
        )
        done = {row[0] for row in rows}
        execute_values(
            cursor.cursor,
            "UPDATE worklist_worklistitem AS item SET collector_id = plan.to_id, analyst_id = plan.analyst_id"
            " FROM (VALUES %s) AS plan(customer_id, to_id, analyst_id) WHERE item.customer_id = plan.customer_id",
            [(pk, to, to if to is None else away.get(to, to)) for pk, _, to in plan if pk in done] or [(0, None, None)],
            template="(%s::bigint, %s::bigint, %s::bigint)",
            page_size=len(plan),
        )
    return done


def _write_down(
    moved: Sequence[Move], before: Mapping[int, int | None], people: Mapping[int, User], batch: uuid.UUID, on: date,
    actor: User,
) -> None:  # fmt: skip
    activities = Activity.objects.bulk_create(
        [
            Activity(customer_id=move.customer_id, kind=Activity.Kind.ASSIGN, text=f"To {people[move.to_id]}",
                     by=actor, happened_on=on)
            for move in moved
        ],
        batch_size=2000,
    )  # fmt: skip
    now = timezone.now()
    Undo.objects.bulk_create(
        [
            Undo(
                user=actor, customer_id=move.customer_id, batch=batch, action=ACTION, target_id=activity.pk,
                before={"before": {"collector": before[move.customer_id]}, "after": {"collector": move.to_id}},
                expires_at=now + TAKEN_BACK_FOR,
            )
            for move, activity in zip(moved, activities, strict=True)
        ],
        batch_size=2000,
    )  # fmt: skip
    facts = [
        Fact(
            "customers.customer", move.customer_id, move.customer_id,
            {"from": before[move.customer_id], "to": move.to_id, "why": move.why.value, "batch": str(batch)},
        )
        for move in moved
    ]  # fmt: skip
    record_set(REBALANCED, facts, actor=actor)


def _tell(moved: Sequence[Move], people: Mapping[int, User], batch: uuid.UUID, actor: User) -> None:
    counts = Counter(move.to_id for move in moved)
    url = f"{reverse('worklist')}?who=mine"
    notify_all(
        news=[
            News(
                (people[to],),
                Notification.Kind.ASSIGNED,
                ngettext("%(n)d account was given to you.", "%(n)d accounts were given to you.", n) % {"n": n},
                url,
                source=f"rebalance:{batch}",
            )
            for to, n in counts.items()
            if to != actor.pk
        ]
    )
