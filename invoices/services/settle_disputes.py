"""Closes open disputes whose invoice is fully settled, and the cases that end with them: nothing is left to argue
about. By set."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from collections_app.audit.record import Fact, record_set
from customers.changes import announce
from invoices.actions import CASE_CLOSED, DISPUTE_CLOSED
from invoices.models import Dispute, DisputeCase, DisputeEvent
from invoices.rules.disputes import outcome_for

_JUDGE = "promise judge"
_SAID = "The invoice was settled in full."
_SQL = """
UPDATE invoices_dispute d SET state = 'settled', closed_on = %s, resolution = %s
FROM invoices_invoice i
WHERE d.state = 'open' AND i.id = d.invoice_id
  AND i.total <= (SELECT COALESCE(SUM(a.amount), 0) FROM invoices_allocation a WHERE a.invoice_id = i.id)
RETURNING d.id, d.customer_id, d.case_id
"""


@transaction.atomic
def settle_disputes(*, on: date) -> int:
    """How many open disputes were closed as settled, dated `on`, because nothing is open on their invoice."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [on, _SAID])
        settled = cursor.fetchall()
    told = {"state": "settled", "closed_on": on}
    record_set(
        DISPUTE_CLOSED, [Fact("invoices.dispute", pk, customer, told) for pk, customer, _ in settled], actor=None,
        by=_JUDGE,
    )  # fmt: skip
    _close_cases({case for _, _, case in settled if case is not None}, on)
    announce(customer for _, customer, _ in settled)
    return len(settled)


def _close_cases(case_ids: Iterable[int], on: date) -> None:
    """Nothing; the cases without any open dispute are closed, in a few statements however many they are."""
    latest: dict[int, dict[int, str]] = defaultdict(dict)
    rows = Dispute.objects.filter(case__in=list(case_ids)).order_by("pk").values_list("case_id", "invoice_id", "state")
    for case_id, invoice_id, state in rows:
        latest[case_id][invoice_id] = state
    ended = {pk: outcome_for(of.values()) for pk, of in latest.items() if Dispute.State.OPEN not in of.values()}
    for outcome in set(ended.values()):
        DisputeCase.objects.filter(pk__in=[pk for pk, how in ended.items() if how == outcome]).update(
            stage=DisputeCase.Stage.CLOSED, outcome=outcome, closed_on=on, resolution=_SAID, version=F("version") + 1,
            changed_by=None, changed_at=timezone.now(),
        )  # fmt: skip
    DisputeEvent.objects.bulk_create(
        [
            DisputeEvent(case_id=pk, kind=DisputeEvent.Kind.CLOSED, stage="closed", text=_SAID, by_name=_JUDGE, on=on)
            for pk in ended
        ],
        batch_size=2000,
    )
    customers = dict(DisputeCase.objects.filter(pk__in=ended).values_list("pk", "customer_id"))
    facts = [
        Fact("invoices.disputecase", pk, customers[pk], {"outcome": how, "text": _SAID}) for pk, how in ended.items()
    ]
    record_set(CASE_CLOSED, facts, actor=None, by=_JUDGE)
