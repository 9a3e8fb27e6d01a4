"""Gives a legal entity the policy and the words for its kind of business. It is off, for review, and free to change.

Installing again changes nothing that people have changed since."""

from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.models import LegalEntity
from dunning.actions import POLICY_INSTALLED
from dunning.models import Policy, Step
from dunning.rules.starters import STARTERS, Starter
from dunning.services.install_policy import install_templates
from dunning.starter_companions import install_companions

_FIELDS = (
    "name", "offset_days", "channel", "stage", "days_to_pay", "fee", "with_interest", "needs_approval",
)  # fmt: skip


@transaction.atomic
def install_starter(*, entity: LegalEntity, kind: str, actor: AbstractBaseUser | None, by: str = "") -> Policy:
    """The entity's policy of this kind: made now, or the one it has already, untouched.

    Where the entity has a policy for everybody, this one is for customers whose strategy is the kind. Raises BadInput
    for a kind that there is not. What comes with every starter pack, such as playbooks, comes too."""
    starter = STARTERS.get(kind)
    if starter is None:
        raise BadInput(f"There is no starter “{kind}”. Choose one of: {', '.join(STARTERS)}.", code="unknown_starter")
    install_templates("")
    install_templates(starter.words)
    code = f"{kind}-{entity.code.lower()}"[:40]
    known = Policy.objects.filter(code=code).first()
    if known:
        return known
    taken = Policy.objects.filter(entity=entity, segment=None, strategy="").exists()
    policy = _policy(starter, entity, code, kind if taken else "")
    record(POLICY_INSTALLED, policy, actor=actor, by=by, code=code, kind=kind, strategy=policy.strategy)
    install_companions(actor=actor, by=by)
    return policy


def _policy(starter: Starter, entity: LegalEntity, code: str, strategy: str) -> Policy:
    policy = Policy.objects.create(
        code=code, name=starter.name, entity=entity, strategy=strategy, rank=50 if strategy else 100, is_active=False,
        mode=Policy.Mode.REVIEW, min_amount=Decimal(starter.min_amount), min_days_between=starter.min_days_between,
        days_after_delivery=starter.days_after_delivery, send_hour=starter.send_hour,
        send_until_hour=starter.send_until_hour, end_action=starter.end_action,
    )  # fmt: skip
    Step.objects.bulk_create(
        Step(
            policy=policy, position=position, words=starter.words, recipients=list(one.recipients),
            copies=list(one.copies), **{name: getattr(one, name) for name in _FIELDS},
        )
        for position, one in enumerate(starter.steps, start=1)
    )  # fmt: skip
    return policy
