"""Deletes a policy that was never used. One that reminded somebody stays: its notices name it (R8)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from dunning.actions import POLICY_DELETED
from dunning.models import Notice, Policy, Run


@transaction.atomic
def delete_policy(*, policy: Policy, actor: AbstractBaseUser) -> None:
    """Nothing; the policy and its steps are gone. Raises Conflict where it has had a run or a notice."""
    held = Policy.objects.select_for_update().get(pk=policy.pk)
    if is_used(held):
        raise Conflict(
            f"“{held.name}” has been used, and its notices name it. Switch it off instead.", code="policy_used"
        )
    record(POLICY_DELETED, held, actor=actor, name=held.name, code=held.code)
    held.versions.all().delete()
    held.delete()


def is_used(policy: Policy) -> bool:
    """Whether the policy has had a run or a notice."""
    return Run.objects.filter(policy=policy).exists() or Notice.objects.filter(policy=policy).exists()
