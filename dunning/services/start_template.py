"""Makes the first version of words that are missing: in another language, or for a key that a step asks for."""

import re

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from dunning.actions import TEMPLATE_SAVED
from dunning.models import NoticeTemplate

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@transaction.atomic
def start_template(*, key: str, stage: str, channel: str, language: str, actor: AbstractBaseUser) -> NoticeTemplate:
    """The template: there already, or made now from the stage's own words in this language, else in English.

    Raises BadInput for a key with other signs than small letters, figures and dashes, and where there is nothing to
    start from."""
    if key and not _KEY.fullmatch(key):
        raise BadInput("Write the key in small letters, figures and dashes, such as “key-accounts”.", code="bad_key")
    rows = NoticeTemplate.objects.filter(stage=stage, channel=channel, is_current=True)
    known = rows.filter(key=key, language=language).first()
    if known:
        return known
    sources = [rows.filter(key=k, language=code).first() for code in (language, "en") for k in (key, "")]
    source = next((row for row in sources if row), None)
    if source is None:
        raise BadInput("There are no words of this stage and channel to start from. Choose another.", code="no_words")
    made = NoticeTemplate.objects.create(
        key=key, stage=stage, channel=channel, language=language, subject=source.subject, body=source.body,
        edited_by_id=actor.pk,
    )  # fmt: skip
    record(TEMPLATE_SAVED, made, actor=actor, version=1, key=key, stage=stage, channel=channel, language=language)
    return made
