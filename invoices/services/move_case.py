"""Moves a dispute to another stage, by hand. Waiting for a second person and closing are `close_case`'s."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from invoices.models import DisputeCase, DisputeEvent
from invoices.rules.disputes import moves_by_hand
from invoices.services.log_case_event import log_case_event


@transaction.atomic
def move_case(
    *, case: DisputeCase, to: str, seen: str, on: date, actor: AbstractBaseUser | None, text: str = "", by: str = ""
) -> DisputeCase:
    """The case at stage `to`. `seen` is the stage that the mover saw it in.

    Raises BadInput for a stage that is not reached by hand from there, Conflict when somebody moved it meanwhile."""
    if to not in moves_by_hand(seen):
        raise BadInput("From here the dispute cannot go there. Choose another stage.", code="illegal_move")
    won = DisputeCase.objects.filter(pk=case.pk, stage=seen).update(stage=to)
    case.refresh_from_db()
    if not won:
        raise Conflict(moved_before(case), code="case_moved")
    log_case_event(case=case, kind=DisputeEvent.Kind.MOVED, on=on, actor=actor, by=by, text=text, before=seen)
    return case


def moved_before(case: DisputeCase) -> str:
    """Who brought the case where it is now, and when, in a sentence."""
    last = case.events.exclude(kind=DisputeEvent.Kind.COMMENT).select_related("by").order_by("-at", "-pk").first()
    who = str(last.by or last.by_name or "A job") if last else "Somebody"
    when = f" on {format_date(last.on)}" if last else ""
    return (
        f"{who} was first: since{when} {case.reference} is “{case.get_stage_display()}”. Nothing was changed; look at "
        "it again."
    )
