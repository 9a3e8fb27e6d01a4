"""Puts many customers on top of the list until a day, for one reason that stays visible. Snoozes of theirs end."""

from collections.abc import Iterable
from datetime import date

from collections_app.accounts.models import User
from collections_app.lib.errors import BadInput
from worklist.actions import PINNED
from worklist.models import Activity, Undo
from worklist.services.change_items import Bulk, change_items
from worklist.services.pin import LONGEST_DAYS


def pin_many(*, customer_ids: Iterable[int], until: date, reason: str, on: date, actor: User) -> Undo | None:
    """The undo of it all. Raises BadInput for a day before `on` or more than three months away, or without a reason."""
    if not 0 <= (until - on).days <= LONGEST_DAYS:
        sentence = "Choose today or a later day, at most three months away."
        raise BadInput(sentence, code="pin_day", fields={"until": sentence})
    reason = " ".join(reason.split())[:200]
    if not reason:
        sentence = "Say why they are pinned, so that colleagues understand the order."
        raise BadInput(sentence, code="pin_reason", fields={"reason": sentence})
    values = {"pinned": True, "for_today": True, "pinned_until": until, "pin_reason": reason, "pinned_by_id": actor.pk,
              "snoozed_until": None, "snooze_reason": "", "snoozed_by_id": None}  # fmt: skip
    bulk = Bulk("pin", PINNED, Activity.Kind.PIN, reason, {"until": until, "reason": reason})
    return change_items(bulk=bulk, changes=dict.fromkeys(customer_ids, values), on=on, actor=actor)
