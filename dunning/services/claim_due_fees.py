"""Claims the fees of notices that have left, and waives those of notices that were recalled since (L10). A sweep: it
finds what is due in the database, so a lost or doubled call costs nothing."""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef

from customers.models import DeliveryState
from dunning.models import Notice
from invoices.models import Adjustment, Allocation, CreditNote
from invoices.services.claim_fees import FeeClaim, claim_fees
from invoices.services.waive_fees import waive_fees

CHUNK = 500
WHY_WAIVED = "The reminder was recalled."


def claim_due_fees(*, on: date, go_on: Callable[[], bool] = lambda: True) -> int:
    """How many fees were claimed; afterwards every notice that was accepted with a fee, and not recalled, has its
    document, as far as `go_on` allowed. Fees of recalled notices are waived from the business day `on`.

    Any number of workers may do this at once: each takes notices that no other holds, and the database knows one
    document per notice."""
    claimed = 0
    while go_on() and (made := _claimed()):
        claimed += made
    while go_on() and _waived(on):
        pass
    return claimed


@transaction.atomic
def _claimed() -> int:
    due = Notice.objects.filter(
        state=DeliveryState.ACCEPTED, fee_amount__gt=0, fee_invoice=None, fee_for__isnull=False, recalled_at=None
    )
    notices = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:CHUNK])
    made = claim_fees(fees=[_fee(notice) for notice in notices], by="dunning")
    with_document = []
    for notice in notices:
        notice.fee_invoice_id = made.get(source_of(notice))
        if notice.fee_invoice_id:
            with_document.append(notice)
    Notice.objects.bulk_update(with_document, ["fee_invoice"])
    return len(with_document)


def source_of(notice: Notice) -> str:
    """What names the notice in the claim for its fee: the database allows one."""
    return f"notice:{notice.pk}"


def _fee(notice: Notice) -> FeeClaim:
    assert notice.fee_for_id is not None
    left_on = notice.sent_on or notice.as_of
    return FeeClaim(
        source_of(notice), notice.fee_for_id, notice.fee_amount, left_on, notice.pay_by or left_on,
        f"Reminder fee: {notice.step_name}", dict(notice.decision.get("fee") or {}),
    )  # fmt: skip


@transaction.atomic
def _waived(on: date) -> int:
    waived = Allocation.objects.filter(invoice=OuterRef("fee_invoice"), adjustment__kind=Adjustment.Kind.WAIVER)
    credited = CreditNote.objects.filter(corrects=OuterRef("fee_invoice"))
    recalled = Notice.objects.filter(fee_invoice__isnull=False, recalled_at__isnull=False)
    due = recalled.exclude(Exists(waived)).exclude(Exists(credited))
    rows = due.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:CHUNK]
    documents = [row.fee_invoice_id for row in rows if row.fee_invoice_id]
    return waive_fees(document_ids=documents, reason=WHY_WAIVED, on=on, by="dunning") if documents else 0
