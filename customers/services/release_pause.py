"""Ends a pause of a legal entity before its last day. The row stays as history."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.actions import ENTITY_PAUSE_RELEASED
from customers.models import EntityPause


@transaction.atomic
def release_pause(*, pause: EntityPause, on: date, actor: AbstractBaseUser | None, by: str = "") -> EntityPause:
    """The released pause, as stored; `on` is the first day without it. Raises Conflict when it was released before."""
    won = EntityPause.objects.filter(pk=pause.pk, released_on=None).update(released_on=on)
    pause.refresh_from_db()
    if not won:
        raise Conflict("This pause was already released. Nothing was changed.", code="pause_not_running")
    record(ENTITY_PAUSE_RELEASED, pause, actor=actor, by=by, released_on=on)
    return pause
