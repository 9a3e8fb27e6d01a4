"""Writes what happened with a dispute case into its history and into the audit log. Every service that changes a case
ends here; whoever only reads never does."""

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import F
from django.utils import timezone

from collections_app.audit.record import record
from customers.changes import announce
from invoices.actions import (
    CASE_ANSWERED,
    CASE_ASKED,
    CASE_CHANGED,
    CASE_CLOSED,
    CASE_COMMENTED,
    CASE_FILED,
    CASE_MOVED,
    CASE_REOPENED,
)
from invoices.models import DisputeCase, DisputeEvent

_KIND = DisputeEvent.Kind
_ACTIONS = {
    _KIND.MOVED: CASE_MOVED,
    _KIND.CHANGED: CASE_CHANGED,
    _KIND.COMMENT: CASE_COMMENTED,
    _KIND.ASKED: CASE_ASKED,
    _KIND.ANSWERED: CASE_ANSWERED,
    _KIND.FILE: CASE_FILED,
    _KIND.CLOSED: CASE_CLOSED,
    _KIND.REOPENED: CASE_REOPENED,
}
# What two people who edit at once can get in each other's way with; words and files are only added.
_RAISES_VERSION = frozenset({_KIND.CHANGED, _KIND.CLOSED, _KIND.REOPENED})


def log_case_event(
    *,
    case: DisputeCase,
    kind: DisputeEvent.Kind,
    on: date,
    actor: AbstractBaseUser | None,
    by: str = "",
    text: str = "",
    **facts: Any,
) -> DisputeEvent:
    """The event, with the stage the case is in now; the case then carries who touched it last and, when its values
    changed, the next version. Call it inside the transaction of the change, after it. `facts` go to the audit log."""
    person = None if actor is None else actor.pk
    raised = 1 if kind in _RAISES_VERSION else 0
    DisputeCase.objects.filter(pk=case.pk).update(
        version=F("version") + raised, changed_by_id=person, changed_at=timezone.now()
    )
    case.refresh_from_db()
    event = DisputeEvent.objects.create(
        case=case, kind=kind, stage=case.stage, text=text, by_id=person, by_name=by[:120] if actor is None else "",
        on=on,
    )  # fmt: skip
    if kind in _ACTIONS:  # the opening is recorded per invoice, by the service that opens
        record(_ACTIONS[kind], case, actor=actor, by=by, text=text, stage=case.stage, **facts)
    announce([case.customer_id])
    return event
