"""Notes that a customer was worked today, which takes the customer off today's list and counts in its progress."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from collections_app.accounts.models import User
from worklist.services.rescore import rescore

_MARK = """
UPDATE worklist_worklistitem item SET done_on = %(on)s, done_by_id = %(by)s
FROM (SELECT customer_id, done_on, done_by_id FROM worklist_worklistitem WHERE customer_id = %(customer)s
      FOR NO KEY UPDATE) before
WHERE item.customer_id = before.customer_id RETURNING before.done_on, before.done_by_id
"""


@transaction.atomic
def mark_worked(*, customer_id: int, on: date, actor: User) -> dict[str, Any]:
    """How the item said it before: done_on and done_by, for an undo. A customer never scored is scored first."""
    before = _marked(customer_id, on, actor)
    if before is None:
        rescore([customer_id], on=on)
        before = _marked(customer_id, on, actor)
    done_on, done_by = before or (None, None)
    return {"done_on": done_on and done_on.isoformat(), "done_by": done_by}


def _marked(customer_id: int, on: date, actor: User) -> tuple[date | None, int | None] | None:
    """What stood there before, which is locked until it is written; None where there is no item."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"customer": customer_id, "on": on, "by": actor.pk})
        found: tuple[date | None, int | None] | None = cursor.fetchone()
    return found
