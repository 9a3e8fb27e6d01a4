"""Ticks the step of a playbook that an action has just done, so that nobody ticks by hand what the program knows."""

from datetime import date

from django.db import connection, transaction

from collections_app.accounts.models import User

# The first step of that action that is not done today; ticked again when it had been taken back.
_TICK = """
INSERT INTO worklist_playbookcheck (step_id, customer_id, by_id, "on")
SELECT s.id, %(customer)s, %(by)s, %(on)s FROM worklist_playbookstep s
WHERE s.playbook_id = %(playbook)s AND s.action = %(action)s AND NOT EXISTS (
  SELECT 1 FROM worklist_playbookcheck c
  WHERE c.step_id = s.id AND c.customer_id = %(customer)s AND c."on" = %(on)s AND c.undone_at IS NULL)
ORDER BY s.position LIMIT 1
ON CONFLICT (step_id, customer_id, "on") DO UPDATE SET undone_at = NULL, by_id = EXCLUDED.by_id, at = now()
RETURNING id
"""


@transaction.atomic
def tick_action(*, playbook_id: int | None, customer_id: int, action: str, on: date, actor: User) -> list[int]:
    """The ids of the ticks made, for an undo: one, or none when no step asks for the action or all of them are done.

    `playbook_id` is the playbook that counted before the action, since the action may change that. The row itself says
    who and when; nothing else is recorded."""
    if playbook_id is None:
        return []
    asked: dict[str, int | str | date] = {
        "playbook": playbook_id,
        "customer": customer_id,
        "by": actor.pk,
        "on": on,
        "action": action,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TICK, asked)
        return [row[0] for row in cursor.fetchall()]
