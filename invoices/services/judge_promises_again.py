"""Judges ended promises anew when their money was taken back, or came back (P3). Open promises need nothing: they are
judged once, on their day, from what still stands then."""

from collections.abc import Collection

from django.db import connection, transaction
from psycopg2.extras import execute_values

from collections_app.audit.record import Fact, record_set
from invoices.actions import PROMISE_JUDGED_AGAIN
from invoices.models import Promise
from invoices.queries.promised import last_day_of, promised_items
from invoices.rules.promises import judge

_ENDED = (Promise.State.KEPT, Promise.State.PARTLY_KEPT, Promise.State.BROKEN)


@transaction.atomic
def judge_promises_again(*, invoice_ids: Collection[int], by: str) -> int:
    """How many ended promises with an item on these invoices come out otherwise now.

    The day on which they ended stays, and so does whatever followed them; only the verdict and its figure change.
    Withdrawn and replaced promises are left alone."""
    if not invoice_ids:
        return 0
    wanted = Promise.objects.filter(items__invoice__in=invoice_ids, state__in=_ENDED).values("pk")
    rows = Promise.objects.filter(pk__in=wanted).select_related("customer__entity").order_by("pk")
    ended = {row.pk: row for row in rows.select_for_update(of=("self",))}
    items = promised_items((pk, last_day_of(row)) for pk, row in ended.items())
    judged = {pk: judge(items.get(pk, [])) for pk in ended}
    other = {pk: new for pk, new in judged.items() if (new.verdict, new.arrived) != _before(ended[pk])}
    if not other:
        return 0
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "UPDATE invoices_promise p SET state = v.state, kept_amount = v.kept"
            " FROM (VALUES %s) AS v (id, state, kept) WHERE p.id = v.id",
            [(pk, new.verdict.value, new.arrived) for pk, new in other.items()],
            template="(%s, %s, %s::numeric)",
        )
    record_set(
        PROMISE_JUDGED_AGAIN,
        [
            Fact("invoices.promise", pk, ended[pk].customer_id, {
                "before": ended[pk].state, "verdict": new.verdict.value, "arrived": new.arrived,
                "expected": new.expected})
            for pk, new in other.items()
        ],
        actor=None,
        by=by or "promise judge",
    )  # fmt: skip
    return len(other)


def _before(promise: Promise) -> tuple[str, object]:
    return promise.state, promise.kept_amount
