"""Gives a customer credit again. The stop stays as history."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.actions import CREDIT_STOP_LIFTED
from customers.changes import announce
from customers.models import CreditStop


@transaction.atomic
def lift_credit_stop(
    *, stop: CreditStop, on: date, why: str = "", actor: AbstractBaseUser | None, by: str = ""
) -> CreditStop:
    """The lifted stop, as stored; `on` is the first day with credit again, never before the stop began.

    Raises Conflict when it was lifted before, BadInput for an overlong reason."""
    if len(why) > 200:
        raise BadInput("Say it in at most 200 signs.", code="reason_too_long", fields={"why": "At most 200 signs."})
    won = CreditStop.objects.filter(pk=stop.pk, until=None).update(
        until=max(on, stop.since),
        lifted_why=why.strip(),
        lifted_by=None if actor is None else actor.pk,
        lifted_at=timezone.now(),
    )
    stop.refresh_from_db()
    if not won:
        raise Conflict("This credit stop was already lifted. Nothing was changed.", code="credit_not_stopped")
    record(CREDIT_STOP_LIFTED, stop, actor=actor, by=by, until=stop.until, why=stop.lifted_why)
    announce([stop.customer_id])
    return stop
