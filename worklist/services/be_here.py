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


@transaction.atomic
def be_here(*, customer_id: int, user: User, now: datetime) -> Presence:
    """Who has the account: this person from now on, unless a colleague stirred there less than ten minutes ago. A
    person is on one account at a time; what they had before is free again."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"customer": customer_id, "user": user.pk, "now": now, "idle": now - IDLE})
    Presence.objects.filter(user=user).exclude(customer=customer_id).delete()
    return Presence.objects.select_related("user").get(customer=customer_id)
