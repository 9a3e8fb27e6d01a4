"""Takes a question to a colleague back: its link is dead from then on."""

from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from invoices.actions import CASE_UNASKED
from invoices.models import DisputeCase, DisputeEvent, DisputeQuestion
from invoices.rules.disputes import stage_after_answer
from invoices.services.ask_colleague import open_questions
from invoices.services.log_case_event import log_case_event


@transaction.atomic
def revoke_question(*, question: DisputeQuestion, now: datetime, on: date, actor: AbstractBaseUser) -> DisputeQuestion:
    """The revoked question; the case goes on when nobody else is asked. Raises Conflict when it was answered or taken
    back before."""
    case = DisputeCase.objects.select_for_update().get(pk=question.case_id)
    won = DisputeQuestion.objects.filter(pk=question.pk, answered_at=None, revoked_at=None).update(revoked_at=now)
    question.refresh_from_db()
    if not won:
        raise Conflict("This question was answered or taken back before. Look at it again.", code="question_over")
    record(CASE_UNASKED, case, actor=actor, question=question.pk)
    go_on(case, now=now, on=on, actor=actor, by="", text=f"Question to {question.to_name} taken back")
    return question


def go_on(
    case: DisputeCase, *, now: datetime, on: date, actor: AbstractBaseUser | None, by: str, text: str = ""
) -> None:
    """Nothing; a case that waited for colleagues goes on with the work when none is asked any more."""
    still = list(open_questions(case, now).values_list("pk", flat=True))
    stage = stage_after_answer(case.stage, still_asked=still)
    if stage != case.stage:
        DisputeCase.objects.filter(pk=case.pk).update(stage=stage)
        log_case_event(case=case, kind=DisputeEvent.Kind.MOVED, on=on, actor=actor, by=by, text=text)
