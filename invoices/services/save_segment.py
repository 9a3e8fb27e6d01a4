"""Keeps a segment's name, rank and rule. Who belongs to it is found by `judge_segments`."""

import re
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.models import Segment
from customers.queries.segment_uses import segment_uses
from customers.rules.segments import read_rule, sentence
from invoices.actions import SEGMENT_SAVED

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@transaction.atomic
def save_segment(*, segment: Segment, rule: Any, actor: AbstractBaseUser | None, by: str = "") -> Segment:
    """The segment as kept, to be judged anew: `judged_on` is empty. Raises BadInput for a rule that is none, a code
    that another segment has or that is not made of small letters, digits and hyphens, or for switching off what a
    policy, strategy, portfolio or the like that is in force asks for."""
    words = sentence(read_rule(rule))
    _check_uses(segment)
    if not _CODE.fullmatch(segment.code):
        text = "Use up to 40 small letters, digits and hyphens, such as key-accounts."
        raise BadInput(text, code="segment_code", fields={"code": text})
    if Segment.objects.filter(code=segment.code).exclude(pk=segment.pk).exists():
        text = "Another segment has this code. Choose another one."
        raise BadInput(text, code="segment_code_taken", fields={"code": text})
    segment.rule, segment.judged_on = rule, None
    segment.changed_by_id = None if actor is None else actor.pk
    segment.save()
    record(
        SEGMENT_SAVED, segment, actor=actor, by=by, code=segment.code, rule=rule, words=words, rank=segment.rank,
        is_active=segment.is_active,
    )  # fmt: skip
    return segment


def _check_uses(segment: Segment) -> None:
    if segment.pk is None or segment.is_active:
        return
    kinds = sorted({str(use.kind) for use in segment_uses([segment.pk]).get(segment.pk, ()) if use.in_force})
    if kinds:
        text = _("This segment is in use: %(kinds)s. Give them another segment, or switch them off, and then this one.")
        told = text % {"kinds": ", ".join(kinds)}
        raise BadInput(told, code="segment_in_use", fields={"is_active": told})
