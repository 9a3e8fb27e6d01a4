"""Writes the same note on many accounts; they stay on the list."""

from collections.abc import Iterable
from datetime import date

from collections_app.accounts.models import User
from collections_app.lib.errors import BadInput
from worklist.actions import BULK_APPLIED
from worklist.models import Activity, Undo
from worklist.services.change_items import Bulk, change_items


def note_many(*, customer_ids: Iterable[int], text: str, on: date, actor: User) -> Undo | None:
    """The undo of it all. Raises BadInput without a text."""
    text = text.strip()[:5000]
    if not text:
        raise BadInput("Write the note first.", code="no_text", fields={"text": "Write the note first."})
    bulk = Bulk("note", BULK_APPLIED, Activity.Kind.NOTE, text, {"did": "note"})
    return change_items(bulk=bulk, changes={pk: {} for pk in customer_ids}, on=on, actor=actor)
