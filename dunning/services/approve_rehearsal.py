"""Approves the first run of a policy: a person has looked at what it would send. Before that nothing leaves by itself
(F29, U71)."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from dunning.actions import POLICY_REHEARSED
from dunning.models import Policy, Run


@transaction.atomic
def approve_rehearsal(*, run: Run, actor: AbstractBaseUser, now: datetime) -> Policy:
    """The run's policy, which may send by itself from now on, once it is switched on and automatic.

    Says who looked and when; a later call changes nothing. Raises Conflict while the run is being prepared."""
    if run.state != Run.State.PREPARED:
        raise Conflict("This run is still being prepared. Approve it when it is complete.", code="run_not_prepared")
    policy = Policy.objects.select_for_update(no_key=True).get(pk=run.policy_id)
    if policy.rehearsed_at is None:
        policy.rehearsed_at, policy.rehearsed_by_id = now, actor.pk
        policy.save(update_fields=["rehearsed_at", "rehearsed_by"])
        record(POLICY_REHEARSED, policy, actor=actor, run=run.pk, as_of=run.as_of, proposed=run.proposed)
    return policy
