"""Keeps a new version of a template's words. Old versions stay: sent and prepared notices point at theirs (R8)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from dunning.actions import TEMPLATE_SAVED
from dunning.models import NoticeTemplate
from dunning.queries.words import place_of
from dunning.rules.templates import Problem, problems_of


@transaction.atomic
def save_template(
    *, template: NoticeTemplate, subject: str, body: str, actor: AbstractBaseUser, accept_warnings: bool = False
) -> NoticeTemplate:
    """The new current version, or the present one where nothing changed.

    Raises BadInput naming line and problem. What only sounds wrong (a threat, the wrong way to address people, no pay
    link) is refused too, unless a person has read it and accepts it; that is kept in the history."""
    subject, body = subject.strip(), body.replace("\r\n", "\n").strip()
    found = problems_of(subject, body, place_of(template))
    refused = [problem for problem in found if not (problem.is_warning and accept_warnings)]
    if refused:
        raise BadInput(" ".join(told(problem) for problem in refused), code="template_refused")
    same = {name: getattr(template, name) for name in ("key", "stage", "channel", "language")}
    rows = NoticeTemplate.objects.select_for_update().filter(**same)
    current = rows.get(is_current=True)
    if (current.subject, current.body) == (subject, body):
        return current
    newest = max(row.version for row in rows)
    rows.filter(pk=current.pk).update(is_current=False)
    made = NoticeTemplate.objects.create(**same, version=newest + 1, subject=subject, body=body, edited_by_id=actor.pk)
    accepted = [told(problem) for problem in found]
    record(TEMPLATE_SAVED, made, actor=actor, version=made.version, accepted=accepted, **same)
    return made


def told(problem: Problem) -> str:
    """The problem with its place, as people read it: 'Line 3: …'."""
    return f"Line {problem.line}: {problem.sentence}" if problem.line else f"Subject: {problem.sentence}"
