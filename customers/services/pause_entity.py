"""Keeps everything that would leave for one legal entity back for a time: a company holiday, a move."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from customers.actions import ENTITY_PAUSED
from customers.models import EntityPause, LegalEntity


@transaction.atomic
def pause_entity(
    *,
    entity: LegalEntity,
    reason: str,
    starts_on: date,
    ends_on: date,
    actor: AbstractBaseUser | None,
    by: str = "",
) -> EntityPause:
    """The new pause, from `starts_on` to `ends_on`, both inclusive.

    Raises BadInput without a reason or for an end before the start, Conflict when another pause covers some of it."""
    if not reason.strip():
        raise BadInput("Say why, for whoever looks at it later.", code="no_reason", fields={"reason": "Say why."})
    if ends_on < starts_on:
        sentence = f"The pause ends before it starts. Choose {format_date(starts_on)} or later."
        raise BadInput(sentence, code="pause_ends_early", fields={"ends_on": sentence})
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    running = EntityPause.objects.filter(entity=entity, released_on=None, starts_on__lte=ends_on)
    if running.filter(ends_on__gte=starts_on).exists():
        raise Conflict("A pause already covers some of these days. Release that one first.", code="pause_overlaps")
    pause = EntityPause.objects.create(
        entity=entity,
        reason=reason.strip()[:200],
        starts_on=starts_on,
        ends_on=ends_on,
        owner_id=None if actor is None else actor.pk,
    )
    record(
        ENTITY_PAUSED, pause, actor=actor, by=by, entity=entity.code, reason=pause.reason, starts_on=starts_on,
        ends_on=ends_on,
    )  # fmt: skip
    return pause
