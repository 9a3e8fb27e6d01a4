"""Says that a person has an account open, so that colleagues leave it alone meanwhile (D88). No audit: it is forgotten
after ten minutes and decides nothing about the debt."""

from datetime import datetime

from django.db import connection, transaction

from collections_app.accounts.models import User
from worklist.models import Presence
from worklist.queries.presence import IDLE

# One statement, so that of two people who open the account at once exactly one has it.
_TAKE = """
INSERT INTO worklist_presence AS held (customer_id, user_id, since, seen_at)
VALUES (%(customer)s, %(user)s, %(now)s, %(now)s)
ON CONFLICT (customer_id) DO UPDATE SET user_id = EXCLUDED.user_id, seen_at = EXCLUDED.seen_at,
    since = CASE WHEN held.user_id = EXCLUDED.user_id AND held.seen_at > %(idle)s THEN held.since
                 ELSE EXCLUDED.since END
WHERE held.user_id = EXCLUDED.user_id OR held.seen_at <= %(idle)s
"""

# It waits for nobody: two windows of one person, each taking what the other gives up, would wait for each other. What
# is skipped goes with the next heartbeat.
_LEAVE_OTHERS = """
DELETE FROM worklist_presence WHERE customer_id IN (
    SELECT customer_id FROM worklist_presence WHERE user_id = %(user)s AND customer_id <> %(customer)s
    FOR UPDATE SKIP LOCKED)
"""


@transaction.atomic
def be_here(*, customer_id: int, user: User, now: datetime) -> Presence:
    """Who has the account: this person from now on, unless a colleague stirred there less than ten minutes ago. A
    person is on one account at a time; what they had before is free again."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"customer": customer_id, "user": user.pk, "now": now, "idle": now - IDLE})
        cursor.execute(_LEAVE_OTHERS, {"customer": customer_id, "user": user.pk})
    held = Presence.objects.select_related("user").filter(customer=customer_id).first()
    return held or be_here(customer_id=customer_id, user=user, now=now)  # whoever had it left this very moment
