"""Ends what is disputed of one invoice with a stated outcome. It changes no amount: what is agreed to be not owed needs
a credit note. The case ends with the last of its invoices."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.models import AuditEntry
from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from customers.changes import announce
from customers.models import Customer
from invoices.actions import DISPUTE_CLOSED
from invoices.models import Dispute, DisputeCase, DisputeEvent
from invoices.rules.disputes import DISPUTE_STATES, outcome_for
from invoices.services.finish_case import finish_case
from invoices.services.log_case_event import log_case_event


@transaction.atomic
def close_dispute(
    *,
    dispute: Dispute,
    state: str,
    resolution: str,
    closed_on: date,
    actor: AbstractBaseUser | None,
    by: str = "",
) -> Dispute:
    """The closed dispute, as stored: accepted, rejected, withdrawn or settled.

    Raises BadInput for another state, Conflict when somebody closed it first, saying who, when and how (D87)."""
    if not DISPUTE_STATES.may(Dispute.State.OPEN, state):
        raise BadInput("Choose how the dispute ends.", code="unknown_state", fields={"state": "Choose an outcome."})
    Customer.objects.select_for_update(no_key=True).get(pk=dispute.customer_id)
    won = Dispute.objects.filter(pk=dispute.pk, state=Dispute.State.OPEN).update(
        state=state, resolution=resolution, closed_on=closed_on
    )
    dispute.refresh_from_db()
    if not won:
        raise Conflict(_who_was_first(dispute), code="dispute_not_open")
    record(DISPUTE_CLOSED, dispute, actor=actor, by=by, state=state, resolution=resolution, closed_on=closed_on)
    if dispute.case is not None:
        _tell_case(dispute.case, dispute, actor, by)
    announce([dispute.customer_id])
    return dispute


def _tell_case(case: DisputeCase, dispute: Dispute, actor: AbstractBaseUser | None, by: str) -> None:
    day = dispute.closed_on or dispute.opened_on
    latest = dict(case.disputes.order_by("pk").values_list("invoice_id", "state"))
    if Dispute.State.OPEN not in latest.values():
        outcome = outcome_for(latest.values())
        finish_case(case=case, outcome=outcome, resolution=dispute.resolution, on=day, actor=actor, by=by)
        return
    text = f"{dispute.invoice.number}: {dispute.get_state_display().lower()}"
    said = f"{text}. {dispute.resolution}" if dispute.resolution else text
    log_case_event(case=case, kind=DisputeEvent.Kind.CHANGED, on=day, actor=actor, by=by, text=said, closed=dispute.pk)


def _who_was_first(dispute: Dispute) -> str:
    entry = AuditEntry.objects.filter(
        action=DISPUTE_CLOSED, subject_type=dispute._meta.label_lower, subject_id=dispute.pk
    ).first()
    who = entry.actor_label if entry else "Somebody"
    when = f" on {format_date(dispute.closed_on)}" if dispute.closed_on else ""
    said = f" with the words “{dispute.resolution}”" if dispute.resolution else ""
    return (
        f"{who} closed {dispute.reference}{when} as {dispute.get_state_display().lower()}{said}. "
        "Your change was not saved; your text is still here."
    )
