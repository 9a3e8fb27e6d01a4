"""Gives one notice words of its own, instead of its template's, while it waits. Figures and table stay the system's."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.models import DeliveryState
from dunning.actions import NOTICE_EDITED
from dunning.models import Notice
from dunning.rules.templates import Place, problems_of


@transaction.atomic
def edit_notice(*, notice: Notice, subject: str, body: str, actor: AbstractBaseUser) -> Notice:
    """The notice with these words; both empty give it back to its template.

    Raises BadInput naming line and problem, Conflict where it does not wait for a person any more: what was approved
    was approved as it read."""
    subject, body = subject.strip(), body.replace("\r\n", "\n").strip()
    if bool(subject) != bool(body):
        raise BadInput("Write both a subject and a text, or leave both empty for the template's.", code="half_written")
    place = Place(notice.language, notice.stage, notice.channel)
    wrong = [problem for problem in problems_of(subject, body, place) if not problem.is_warning] if body else []
    if wrong:
        told = " ".join(f"Line {p.line}: {p.sentence}" if p.line else f"Subject: {p.sentence}" for p in wrong)
        raise BadInput(told, code="words_refused")
    held = Notice.objects.select_for_update().get(pk=notice.pk)
    if held.state != DeliveryState.PROPOSED:
        raise Conflict("Only a proposed notice can be rewritten. Undo its approval first.", code="not_proposed")
    held.written_subject, held.written_body = subject, body
    held.written_by_id = actor.pk if body else None
    held.save(update_fields=["written_subject", "written_body", "written_by"])
    record(NOTICE_EDITED, held, actor=actor, own_words=bool(body), written=subject)
    return held
