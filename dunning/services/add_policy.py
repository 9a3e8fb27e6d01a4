"""Adds a policy to a legal entity, off: the standard one, or a copy of another, for all customers or for some."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.models import LegalEntity, Segment
from dunning.actions import POLICY_ADDED
from dunning.models import Policy, PolicyMinimum, Step
from dunning.queries.policies import POLICY_RULES, STEP_RULES, standard_steps
from dunning.services.install_policy import install_standard_templates
from dunning.services.keep_version import keep_version

_HOURS = ("send_hour", "send_until_hour", "hold_minutes")


@transaction.atomic
def add_policy(
    *,
    entity: LegalEntity,
    name: str,
    based_on: Policy | None,
    segment: Segment | None = None,
    strategy: str = "",
    rank: int = 100,
    actor: AbstractBaseUser | None,
) -> Policy:
    """The new policy: off, its first run to be approved by a person. `based_on` None: the standard steps.

    Amounts of a copy are taken as they are where both entities have one currency, else they are left out. Raises
    BadInput where the entity has a policy for the same segment and strategy already."""
    if Policy.objects.filter(entity=entity, segment=segment, strategy=strategy).exists():
        sentence = f"{entity.name} has a policy for these customers already. Choose another segment or strategy."
        raise BadInput(sentence, code="policy_exists", fields={"segment": sentence})
    install_standard_templates()
    policy = Policy(entity=entity, name=name, segment=segment, strategy=strategy, rank=rank, code=_free_code(entity))
    if based_on is not None:
        _take_over(policy, based_on)
    policy.save()
    steps = standard_steps(policy) if based_on is None else _copied(policy, based_on)
    Step.objects.bulk_create(steps)
    if based_on is not None:
        PolicyMinimum.objects.bulk_create(
            PolicyMinimum(policy=policy, currency=row.currency, min_amount=row.min_amount)
            for row in based_on.minimums.all()
        )
    keep_version(policy=policy, actor=actor)
    record(POLICY_ADDED, policy, actor=actor, name=name, based_on=based_on.code if based_on else "standard")
    return policy


def _take_over(policy: Policy, other: Policy) -> None:
    for name in (*POLICY_RULES, *_HOURS):
        setattr(policy, name, getattr(other, name))
    if not _same_money(policy, other):
        policy.min_amount = Policy._meta.get_field("min_amount").get_default()


def _copied(policy: Policy, other: Policy) -> list[Step]:
    copies = [
        Step(policy=policy, **{name: getattr(row, name) for name in STEP_RULES})
        for row in other.steps.order_by("position")
    ]
    for place, step in enumerate(copies, start=1):
        step.position = place
        if step.fee == Step.Fee.FIXED and not _same_money(policy, other):
            step.fee, step.fee_amount = Step.Fee.NONE, None
    return copies


def _same_money(policy: Policy, other: Policy) -> bool:
    return policy.entity.currency == other.entity.currency


def _free_code(entity: LegalEntity) -> str:
    number = Policy.objects.filter(entity=entity).count()
    code = f"{entity.code.lower()}-{number + 1}"
    while Policy.objects.filter(code=code).exists():
        number += 1
        code = f"{entity.code.lower()}-{number + 1}"
    return code
