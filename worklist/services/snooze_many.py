"""Takes many customers off the list at once, each until its own day, for one reason. They count as worked today."""

from collections.abc import Mapping
from datetime import date

from collections_app.accounts.models import User
from collections_app.lib.errors import BadInput
from worklist.actions import SNOOZED
from worklist.models import Activity, Undo
from worklist.services.change_items import Bulk, change_items


def snooze_many(*, days: Mapping[int, date], reason: str, on: date, actor: User) -> Undo | None:
    """The undo of it all. `days` maps customers to the day they are back. Raises BadInput unless every day lies after
    `on` and within a year."""
    if any(not 0 < (day - on).days <= 366 for day in days.values()):
        sentence = "Choose a day after today, at most a year away."
        raise BadInput(sentence, code="snooze_day", fields={"until": sentence})
    changes = {
        pk: {"snoozed_until": day, "snooze_reason": reason[:200], "snoozed_by_id": actor.pk,
             "done_on": on, "done_by_id": actor.pk}
        for pk, day in days.items()
    }  # fmt: skip
    bulk = Bulk("snooze", SNOOZED, Activity.Kind.SNOOZE, reason[:200], {"reason": reason[:200]})
    return change_items(bulk=bulk, changes=changes, on=on, actor=actor)
