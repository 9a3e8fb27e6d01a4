"""Keeps what a policy says as a version of it, so that later it can be told what changed, and conversations can end as
they began (R8)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from dunning.models import Policy, PolicyVersion
from dunning.queries.policies import content_of


@transaction.atomic
def keep_version(
    *, policy: Policy, actor: AbstractBaseUser | None, running: str = PolicyVersion.Running.MOVE
) -> PolicyVersion:
    """The version with the policy's number: what it says now, or what was kept under that number before.

    `running` is "move" or "finish": what happens to conversations that began under the version before."""
    version, _ = PolicyVersion.objects.get_or_create(
        policy=policy,
        number=policy.version,
        defaults={
            "content": content_of(policy),
            "running": running,
            "saved_by_id": None if actor is None else actor.pk,
        },
    )
    return version
