"""Keeps a new version of a template's words. Old versions stay: sent and prepared notices point at theirs (R8)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from dunning.actions import TEMPLATE_SAVED
from dunning.models import NoticeTemplate
from dunning.rules.templates import problems_of


@transaction.atomic
def save_template(*, template: NoticeTemplate, subject: str, body: str, actor: AbstractBaseUser) -> NoticeTemplate:
    """The new current version, or the present one where nothing changed. Raises BadInput naming line and problem."""
    body = body.replace("\r\n", "\n").strip()
    errors = [problem for problem in problems_of(subject, body) if not problem.is_warning]
    if errors:
        first = " ".join(f"Line {p.line}: {p.sentence}" if p.line else f"Subject: {p.sentence}" for p in errors)
        raise BadInput(first, code="template_refused")
    rows = NoticeTemplate.objects.select_for_update().filter(
        stage=template.stage, channel=template.channel, language=template.language
    )
    current = rows.get(is_current=True)
    if (current.subject, current.body) == (subject.strip(), body):
        return current
    newest = max(row.version for row in rows)
    rows.filter(pk=current.pk).update(is_current=False)
    made = NoticeTemplate.objects.create(
        stage=template.stage,
        channel=template.channel,
        language=template.language,
        version=newest + 1,
        subject=subject.strip(),
        body=body,
        edited_by_id=actor.pk,
    )
    record(TEMPLATE_SAVED, made, actor=actor, version=made.version, stage=made.stage, language=made.language)
    return made
