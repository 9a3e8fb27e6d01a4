"""Ends a handover: declined, taken back from whom it was given to, or closed with what came of it."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.changes import announce
from dunning.actions import HANDOVER_CLOSED, HANDOVER_RETURNED
from dunning.models import Handover
from dunning.services.approve_handover import locked
from dunning.services.hold_items import release_items


@transaction.atomic
def end_handover(
    *, handover: Handover, outcome: str, note: str, on: date, actor: AbstractBaseUser | None, by: str = ""
) -> Handover:
    """The ended handover. `outcome` "" takes it back: reminders may follow again from `on` on; else it is closed as one
    of Handover.Outcome. Holds end in every case but where it cannot be collected.

    Raises Conflict when it has ended before, BadInput without a note or for an unknown outcome."""
    found = locked(handover, *Handover.OPEN_STATES)
    if outcome and outcome not in Handover.Outcome.values:
        raise BadInput("Choose what came of it.", code="unknown_outcome", fields={"outcome": "Choose what came of it."})
    if not 3 <= len(note.strip()) <= 250:
        sentence = "Say in 3 to 250 signs what happened."
        raise BadInput(sentence, code="note_missing", fields={"note": sentence})
    found.state = Handover.State.CLOSED if outcome else Handover.State.RETURNED
    found.outcome, found.end_note = outcome, note.strip()
    found.ended_on, found.ended_by_id = on, None if actor is None else actor.pk
    found.save()
    if outcome != Handover.Outcome.UNCOLLECTABLE:
        release_items(handover_ids=[found.pk], on=on)
    action = HANDOVER_CLOSED if outcome else HANDOVER_RETURNED
    record(action, found, actor=actor, by=by, outcome=outcome, note=found.end_note)
    announce([found.customer_id])
    return found
