"""Marks many customers as worked today, which takes them off today's list. What was done stands elsewhere."""

from collections.abc import Iterable
from datetime import date

from collections_app.accounts.models import User
from worklist.actions import BULK_APPLIED
from worklist.models import Undo
from worklist.services.change_items import Bulk, change_items


def work_many(*, customer_ids: Iterable[int], on: date, actor: User) -> Undo | None:
    """The undo of it all."""
    values = {"done_on": on, "done_by_id": actor.pk}
    bulk = Bulk("worked", BULK_APPLIED, told={"did": "worked"})
    return change_items(bulk=bulk, changes=dict.fromkeys(customer_ids, values), on=on, actor=actor)
