"""Lets go of customers who stayed with an older version of their policy, once the conversation they stayed for is over:
the next one follows the version in force."""

from datetime import date

from django.db import connection, transaction

from dunning.models import Policy, PolicyStay
from dunning.queries.running import RUNNING

_OVER = f"""
DELETE FROM dunning_policystay AS stay USING dunning_policyversion AS version
WHERE version.id = stay.version_id AND version.policy_id = %(policy)s AND NOT EXISTS (
    SELECT 1 FROM ({RUNNING}) AS running
    WHERE running.customer_id = stay.customer_id AND running.currency = stay.currency)
"""  # noqa: S608 (constants of ours)


@transaction.atomic
def end_stays(*, policy: Policy, on: date) -> int:
    """How many stays are over on that day. A run begins with it, so that no new conversation starts with an old
    version."""
    if not PolicyStay.objects.filter(version__policy=policy).exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_OVER, {"policy": policy.pk, "on": on})
        return int(cursor.rowcount)
