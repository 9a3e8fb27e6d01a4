"""Takes a colleague's answer to a question about a dispute, by link, once, with files (F37)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from collections_app.lib.errors import BadInput, Conflict
from invoices.models import DisputeCase, DisputeEvent, DisputeQuestion
from invoices.services.comment_case import Brought, keep_files
from invoices.services.log_case_event import log_case_event
from invoices.services.revoke_question import go_on

LONGEST = 5000


@transaction.atomic
def answer_question(
    *, question: DisputeQuestion, text: str, files: Sequence[Brought] = (), now: datetime, on: date
) -> DisputeQuestion:
    """The answered question; its case goes on when nobody else is asked. An answer to a case that was closed meanwhile
    is kept as well.

    Raises BadInput without words or with too many or too large files, Conflict ('question_over') when it was answered,
    taken back or is too old."""
    if not text.strip():
        raise BadInput("Write your answer first.", code="no_answer", fields={"text": "Write your answer first."})
    case = DisputeCase.objects.select_for_update().get(pk=question.case_id)
    won = DisputeQuestion.objects.filter(pk=question.pk, answered_at=None, revoked_at=None, expires_at__gt=now).update(
        answered_at=now, answer=text.strip()[:LONGEST]
    )
    question.refresh_from_db()
    if not won:
        raise Conflict("This question was answered or taken back before.", code="question_over")
    who = question.to_name
    log_case_event(
        case=case, kind=DisputeEvent.Kind.ANSWERED, on=on, actor=None, by=who, text=question.answer,
        question=question.pk,
    )  # fmt: skip
    keep_files(case, files, on=on, actor=None, by=who)
    go_on(case, now=now, on=on, actor=None, by=who)
    return question
