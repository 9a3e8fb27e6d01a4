"""Closes handovers of which nothing is open any more, and gives back those whose write-off was refused. By set; what
it finds follows from the books, so it may run as often as it likes."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from collections_app.audit.record import Fact, record_set
from customers.changes import announce
from dunning.actions import HANDOVER_CLOSED, HANDOVER_RETURNED
from dunning.models import Handover
from dunning.services.hold_items import release_items
from invoices.models import Approval

# Of the open handovers: whether anything of their documents is open on the day, and whether all that lowered them after
# the proposal was an adjustment. An instalment counts with its whole invoice.
_SETTLED = """
SELECT h.id, bool_or(a.adjustment_id IS NOT NULL AND a.amount > 0)
FROM dunning_handover h JOIN dunning_handoveritem hi ON hi.handover_id = h.id
JOIN invoices_invoice i ON i.id = hi.invoice_id
LEFT JOIN invoices_allocation a ON a.invoice_id = i.id AND a.effective_on <= %(on)s
WHERE h.state IN ('proposed', 'approved', 'handed_over') AND h.entity_id = %(entity)s
GROUP BY h.id
HAVING NOT bool_or(i.total > COALESCE((SELECT SUM(u.amount) FROM invoices_allocation u
                   WHERE u.invoice_id = i.id AND u.effective_on <= %(on)s), 0))
"""


@transaction.atomic
def settle_handovers(*, entity_id: int, on: date) -> int:
    """How many handovers of the entity ended by themselves on that day."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, {"entity": entity_id, "on": on})
        settled: dict[int, bool] = dict(cursor.fetchall())
    refused = Handover.objects.filter(
        entity_id=entity_id,
        state=Handover.State.APPROVED,
        kind=Handover.Kind.WRITE_OFF,
        approval__state__in=[Approval.State.REJECTED, Approval.State.VOID],
        approval__replaced_by__isnull=True,
    ).exclude(pk__in=settled)
    ended = [
        *_ended(Handover.objects.filter(pk__in=settled, state__in=Handover.OPEN_STATES), settled, on),
        *_returned(list(refused.select_for_update(of=("self",))), on),
    ]
    release_items(handover_ids=[row.pk for row in ended], on=on)
    announce(row.customer_id for row in ended)
    return len(ended)


def _ended(rows: Any, settled: dict[int, bool], on: date) -> list[Handover]:
    found = list(rows.select_for_update(of=("self",)))
    for row in found:
        written_off = settled[row.pk] and row.kind == Handover.Kind.WRITE_OFF
        row.outcome = Handover.Outcome.WRITTEN_OFF if written_off else Handover.Outcome.PAID
        row.state, row.ended_on, row.end_note = Handover.State.CLOSED, on, "Nothing of it is open any more."
    return _saved(found, HANDOVER_CLOSED)


def _returned(found: list[Handover], on: date) -> list[Handover]:
    for row in found:
        row.state, row.ended_on, row.end_note = Handover.State.RETURNED, on, "The write-off was not approved."
    return _saved(found, HANDOVER_RETURNED)


def _saved(found: list[Handover], action: str) -> list[Handover]:
    Handover.objects.bulk_update(found, ["state", "outcome", "ended_on", "end_note"], batch_size=1000)
    facts = [
        Fact(row._meta.label_lower, row.pk, row.customer_id, {"outcome": row.outcome, "note": row.end_note})
        for row in found
    ]
    record_set(action, facts, actor=None, by="dunning")
    return found
