"""Asks somebody without an account here about a dispute: a link that opens one question, once. The token leaves here a
single time; only its digest is kept."""

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from collections_app.lib.errors import BadInput, Conflict
from invoices.models import DisputeCase, DisputeEvent, DisputeQuestion
from invoices.rules.disputes import CASE_STAGES, moves_by_hand
from invoices.rules.pay_tokens import token_digest
from invoices.services.log_case_event import log_case_event

TOKEN_BYTES = 32
VALID_DAYS = 14
MOST_OPEN = 10
LONGEST_ADDRESS, LONGEST_NAME = 254, 120


@transaction.atomic
def ask_colleague(
    *, case: DisputeCase, name: str, email: str, text: str, now: datetime, on: date, actor: AbstractBaseUser
) -> tuple[DisputeQuestion, str]:
    """The stored question and the absolute address of its page, which cannot be had a second time. It dies 14 days
    after `now`. The case waits for the colleague from here on.

    Raises BadInput without a name, address or question, Conflict for a case that is closed or waits for a second
    person, and when ten questions are open already."""
    _check(name, email, text)
    locked = DisputeCase.objects.select_for_update().get(pk=case.pk)
    if not moves_by_hand(locked.stage):
        raise Conflict(
            f"{locked.reference} is “{locked.get_stage_display()}” now. Nobody was asked.", code="case_not_open"
        )
    if open_questions(case, now).count() >= MOST_OPEN:
        raise Conflict("Ten questions are open on this dispute. Take one back first.", code="too_many_questions")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    question = DisputeQuestion.objects.create(
        case=case, token_digest=token_digest(token), to_name=name.strip(), to_email=email.strip(), text=text.strip(),
        asked_by_id=actor.pk, expires_at=now + timedelta(days=VALID_DAYS),
    )  # fmt: skip
    if CASE_STAGES.may(locked.stage, DisputeCase.Stage.COLLEAGUE):
        DisputeCase.objects.filter(pk=case.pk).update(stage=DisputeCase.Stage.COLLEAGUE)
    log_case_event(
        case=case, kind=DisputeEvent.Kind.ASKED, on=on, actor=actor, text=f"{question.to_name}: {question.text}",
        to=question.to_email, question=question.pk,
    )  # fmt: skip
    return question, settings.BASE_URL + reverse("dispute_answer", args=[token])


def open_questions(case: DisputeCase, now: datetime) -> QuerySet[DisputeQuestion]:
    """The questions of the case that can still be answered."""
    return case.questions.filter(answered_at=None, revoked_at=None, expires_at__gt=now)


def _check(name: str, email: str, text: str) -> None:
    wrong = {}
    if not name.strip():
        wrong["to_name"] = "Enter who is asked."
    if not text.strip():
        wrong["question"] = "Write the question."
    try:
        validate_email(email.strip())
    except ValidationError:
        wrong["to_email"] = "Enter an e-mail address, such as ann@example.com."
    if len(email) > LONGEST_ADDRESS or len(name) > LONGEST_NAME:
        wrong["to_email"] = "The name or the address is too long."
    if wrong:
        raise BadInput(" ".join(wrong.values()), code="question_incomplete", fields=wrong)
