"""Ends a dispute with all its open invoices. It changes no amount: credit notes and adjustments are posted before."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import Fact, record_set
from collections_app.lib.errors import Conflict
from invoices.actions import DISPUTE_CLOSED
from invoices.models import Dispute, DisputeCase, DisputeEvent
from invoices.rules.disputes import state_for
from invoices.services.log_case_event import log_case_event
from invoices.services.move_case import moved_before


@transaction.atomic
def finish_case(
    *, case: DisputeCase, outcome: str, resolution: str, on: date, actor: AbstractBaseUser | None, by: str = ""
) -> DisputeCase:
    """The closed case; its open disputes end with it, on `on` or the day they were opened. Raises Conflict when
    somebody closed it first, saying who, when and how (D87)."""
    day = max(on, case.opened_on)
    won = (
        DisputeCase.objects.filter(pk=case.pk)
        .exclude(stage=DisputeCase.Stage.CLOSED)
        .update(stage=DisputeCase.Stage.CLOSED, outcome=outcome, resolution=resolution, closed_on=day)
    )
    case.refresh_from_db()
    if not won:
        raise Conflict(closed_before(case), code="case_closed")
    close_rows(case, state=state_for(outcome), resolution=resolution, on=day, actor=actor, by=by)
    log_case_event(
        case=case, kind=DisputeEvent.Kind.CLOSED, on=on, actor=actor, by=by, text=resolution, outcome=outcome
    )  # fmt: skip
    return case


def close_rows(
    case: DisputeCase, *, state: str, resolution: str, on: date, actor: AbstractBaseUser | None, by: str
) -> None:
    """Nothing; the open disputes of the case are closed in this state, each with its line in the log."""
    rows = list(case.disputes.filter(state=Dispute.State.OPEN).order_by("pk"))
    Dispute.objects.filter(pk__in=[row.pk for row in rows]).update(state=state, resolution=resolution, closed_on=on)
    told = {"state": state, "resolution": resolution, "closed_on": on}
    record_set(
        DISPUTE_CLOSED, [Fact("invoices.dispute", row.pk, row.customer_id, told) for row in rows], actor=actor, by=by
    )


def closed_before(case: DisputeCase) -> str:
    """Who closed the case, when and how, in a sentence."""
    how = f" as “{case.get_outcome_display()}”" if case.outcome else ""
    said = f" with the words “{case.resolution}”" if case.resolution else ""
    return f"{moved_before(case).split(' Nothing')[0]} It was closed{how}{said}. Your text is still here."
