"""Judges open promises whose day is over, from the payments that arrived (P2). By set; nothing is asked of a person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Q
from psycopg2.extras import execute_values

from collections_app.audit.record import Fact, record_set
from customers.changes import announce
from invoices.actions import PROMISE_JUDGED
from invoices.models import Promise, PromiseItem
from invoices.queries.promised import last_day_of, promised_items
from invoices.rules.promises import Judgement, Verdict, judge

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class JudgedPromises:
    """How many promises ended in which way."""

    kept: int = 0
    partly_kept: int = 0
    broken: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.kept + self.partly_kept + self.broken


def judge_promises(*, on: date, time_zone: str | None = None) -> JudgedPromises:
    """How the promises ended that could be judged on the business day `on`: those whose last day in time lies before it
    (a bank holiday moves that day, and the grace follows, D51). `time_zone` narrows to customers living in it, their
    own or their entity's.

    Works through chunks, each in its own transaction; running twice at once or again changes nothing."""
    counts: Counter[str] = Counter()
    after = 0
    while True:
        seen, verdicts = _judge_chunk(on, time_zone, after)
        counts.update(verdicts)
        if not seen:
            return JudgedPromises(counts[Verdict.KEPT], counts[Verdict.PARTLY_KEPT], counts[Verdict.BROKEN])
        after = seen[-1].pk


@transaction.atomic
def _judge_chunk(on: date, time_zone: str | None, after: int) -> tuple[Sequence[Promise], list[str]]:
    rows = Promise.objects.filter(state=Promise.State.OPEN, promised_on__lt=on, pk__gt=after)
    if time_zone is not None:
        rows = rows.filter(
            Q(customer__time_zone=time_zone) | Q(customer__time_zone="", customer__entity__time_zone=time_zone)
        )
    rows = rows.select_related("customer__entity").order_by("pk")
    seen = list(rows.select_for_update(of=("self",), skip_locked=True)[:_CHUNK])
    due = {row.pk: row for row in seen if on > last_day_of(row)}
    items = promised_items((pk, last_day_of(row)) for pk, row in due.items())
    judgements = {pk: judge(items.get(pk, [])) for pk in due}
    if judgements:
        _write(judgements, due, on)
    return seen, [judgement.verdict for judgement in judgements.values()]


def _write(judgements: Mapping[int, Judgement], promises: Mapping[int, Promise], on: date) -> None:
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "UPDATE invoices_promise p SET state = v.state, kept_amount = v.kept, closed_on = v.closed_on::date"
            " FROM (VALUES %s) AS v (id, state, kept, closed_on) WHERE p.id = v.id AND p.state = 'open'",
            [(pk, found.verdict.value, found.arrived, on) for pk, found in judgements.items()],
            template="(%s, %s, %s::numeric, %s)",
            page_size=_CHUNK,
        )
    PromiseItem.objects.filter(promise__in=judgements).update(live=False)
    record_set(
        PROMISE_JUDGED,
        [
            Fact("invoices.promise", pk, promises[pk].customer_id, {
                "verdict": found.verdict.value, "arrived": found.arrived, "expected": found.expected,
                "promised_on": promises[pk].promised_on})
            for pk, found in judgements.items()
        ],
        actor=None,
        by="promise judge",
    )  # fmt: skip
    announce({row.customer_id for row in promises.values()})
