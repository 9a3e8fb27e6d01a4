"""A second person approves a waiver over the limit: from now on it is in force (four eyes)."""

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.audit.record import record
from collections_app.lib.errors import Conflict, NotAllowed
from customers.changes import announce
from customers.models import Customer
from invoices.actions import LATE_WAIVED
from invoices.models import LateWaiver
from invoices.queries.late_claims import late_claims


@transaction.atomic
def approve_waiver(*, waiver: LateWaiver, actor: User, by: str = "") -> LateWaiver:
    """The waiver, in force. Of two people who decide at once, one wins.

    Raises NotAllowed for the person who asked and for people without the right, Conflict when it was decided before or
    when some of it was claimed meanwhile."""
    if not actor.may(Capability.APPROVE_POSTINGS):
        raise NotAllowed("Your role cannot decide on waivers. Ask a manager.", code="not_an_approver")
    if waiver.asked_by_id == actor.pk:
        raise NotAllowed("You asked for this yourself, so somebody else decides.", code="own_request")
    Customer.objects.select_for_update(no_key=True).get(pk=waiver.customer_id)
    _refuse_claimed(waiver)
    decide_waiver(waiver, LateWaiver.State.IN_FORCE, actor)
    record(
        LATE_WAIVED, waiver, actor=actor, by=by, kind=waiver.kind, amount=waiver.amount, currency=waiver.currency,
        reason=waiver.reason,
    )  # fmt: skip
    announce([waiver.customer_id])
    return waiver


def decide_waiver(waiver: LateWaiver, state: str, actor: User, note: str = "") -> None:
    """Nothing; the waiting waiver is in `state` now and this call made it so. Raises Conflict when it was decided."""
    won = LateWaiver.objects.filter(pk=waiver.pk, state=LateWaiver.State.REQUESTED).update(
        state=state, decided_by=actor, decided_at=timezone.now(), note=note.strip()[:200]
    )
    waiver.refresh_from_db()
    if not won:
        raise Conflict(
            f"This waiver was decided before: {waiver.get_state_display().lower()}, by {waiver.decided_by}.",
            code="waiver_decided",
        )


def _refuse_claimed(waiver: LateWaiver) -> None:
    invoice = waiver.invoice
    late = late_claims([invoice.pk], as_of=waiver.last_on or waiver.asked_at.date()).get(invoice.pk)
    if waiver.kind == LateWaiver.Kind.LUMP_SUM:
        gone = invoice.late_claims.filter(kind=LateWaiver.Kind.LUMP_SUM).exists()
    else:
        gone = late is not None and any(
            first <= (waiver.last_on or last) and (waiver.first_on or first) <= last for first, last in late.blocked
        )
    if gone:
        raise Conflict(
            "Some of this was claimed since it was asked for. Reject it, and waive the document instead.",
            code="claimed_meanwhile",
        )
