"""Lets a dispute go on when the request at its end was decided: closed when it was posted, back to work when not."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.lib.errors import Conflict
from invoices.models import Approval, Dispute, DisputeCase, DisputeEvent
from invoices.rules.disputes import CREDIT_NOTE
from invoices.services.finish_case import finish_case
from invoices.services.log_case_event import log_case_event


def waiting_case(approval: Approval) -> DisputeCase | None:
    """The dispute that waits for this request; None when it is about none, or the dispute ended otherwise."""
    rows = DisputeCase.objects.filter(approval=approval, stage=DisputeCase.Stage.APPROVAL)
    return rows.select_related("customer").first()


def refuse_when_over(approval: Approval, invoice_ids: Iterable[int]) -> None:
    """Nothing; raises Conflict ('dispute_over') where this request is the end of a dispute that does not wait for it
    any more, or names an invoice that is not in dispute any more: what gave the money a reason is gone."""
    case = DisputeCase.objects.filter(approval=approval).first()
    if case is None:
        return
    disputed = set(case.disputes.filter(state=Dispute.State.OPEN).values_list("invoice_id", flat=True))
    if case.stage != DisputeCase.Stage.APPROVAL or not disputed.issuperset(invoice_ids):
        told = f"{case.reference} ended otherwise since, or in part, so nothing was posted. Reject this request."
        raise Conflict(told, code="dispute_over")


@transaction.atomic
def follow_approval(*, approval: Approval, on: date, actor: User, by: str = "") -> DisputeCase | None:
    """The dispute that waited for this request, as it stands now; None when there is none.

    Posted closes it as credited or adjusted. Rejected and void bring it back to work; a request that takes the place of
    a void one is waited for instead."""
    case = waiting_case(approval)
    if case is None:
        return None
    if approval.state == Approval.State.POSTED:
        outcome = DisputeCase.Outcome.CREDITED if approval.kind == CREDIT_NOTE else DisputeCase.Outcome.ADJUSTED
        return finish_case(case=case, outcome=outcome, resolution=case.resolution, on=on, actor=actor, by=by)
    anew = Approval.objects.filter(replaces=approval).first()
    if anew is not None:
        DisputeCase.objects.filter(pk=case.pk).update(approval=anew)
        return case
    DisputeCase.objects.filter(pk=case.pk).update(stage=DisputeCase.Stage.INVESTIGATING, approval=None, resolution="")
    log_case_event(
        case=case, kind=DisputeEvent.Kind.MOVED, on=on, actor=actor, by=by, text=approval.note, approval=approval.pk
    )  # fmt: skip
    return case
