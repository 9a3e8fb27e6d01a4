"""Changes a policy and its steps as a whole: a new version. Notices that exist already keep what they were made with
(R8); conversations that are running follow the new version or end as they began, as the person who saves it says."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import F

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from dunning.actions import POLICY_CHANGED
from dunning.models import Policy, PolicyMinimum, PolicyStay, PolicyVersion, Step
from dunning.queries.policies import content_of, last_position
from dunning.queries.running import RUNNING
from dunning.rules.places import placed
from dunning.rules.policy_change import PolicyChange, StepChange
from dunning.rules.policy_difference import difference
from dunning.services.check_policy import check_policy, was_approved_once
from dunning.services.keep_version import keep_version

_ASIDE = 10_000  # steps are moved out of the way first: two of them may swap their days

# A stay with another policy's version is over: the customer is this policy's now.
_STAY = f"""
INSERT INTO dunning_policystay (customer_id, currency, version_id)
SELECT running.customer_id, running.currency, %(version)s FROM ({RUNNING}) AS running
ON CONFLICT (customer_id, currency) DO UPDATE SET version_id = EXCLUDED.version_id
WHERE dunning_policystay.version_id NOT IN (SELECT id FROM dunning_policyversion WHERE policy_id = %(policy)s)
"""  # noqa: S608 (constants of ours)


@transaction.atomic
def save_policy(
    *,
    policy: Policy,
    change: PolicyChange,
    steps: Sequence[StepChange],
    actor: AbstractBaseUser,
    on: date,
    minimums: Mapping[str, Decimal] | None = None,
    running: str = PolicyVersion.Running.MOVE,
    seen: int | None = None,
) -> Policy:
    """The changed policy; a new version of it where its rules changed. Raises BadInput with a sentence per
    impossibility; `fields` may name one of the form's.

    `running` says what becomes of the conversations running on the day `on`: "move" or "finish". `minimums` per
    currency, None leaves them. Raises Conflict where it was changed since the version `seen` was shown (D87)."""
    held = Policy.objects.select_for_update(no_key=True).select_related("entity").get(pk=policy.pk)
    _refuse_stale(held, steps, seen)
    check_policy(policy=held, change=change, steps=steps)
    old = keep_version(policy=held, actor=None)
    for name, value in change._asdict().items():
        setattr(held, name, value)
    _save_steps(held, steps)
    if minimums is not None:
        _save_minimums(held, minimums)
    if difference(old.content, content_of(held)):
        held.version += 1
        keep_version(policy=held, actor=actor, running=running)
        _settle_running(held, old, running, on)
    held.save()
    told = {**change._asdict(), "steps": [list(step) for step in steps]}
    record(POLICY_CHANGED, held, actor=actor, version=held.version, running=running, **told)
    return held


@transaction.atomic
def switch_policy(*, policy: Policy, on: bool, actor: AbstractBaseUser) -> Policy:
    """The policy, now on or off. Off is the brake: what is approved waits in the queue and nothing leaves.

    A policy that never had an approved run starts with a person's review, whatever its mode was (U71)."""
    held = Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
    held.is_active = on
    if on and not was_approved_once(held):
        held.mode = Policy.Mode.REVIEW
    held.save(update_fields=["is_active", "mode"])
    record(POLICY_CHANGED, held, actor=actor, is_active=on, mode=held.mode)
    return held


def _refuse_stale(policy: Policy, steps: Sequence[StepChange], seen: int | None) -> None:
    named = [step.position for step in steps if step.position is not None]
    known = set(policy.steps.values_list("position", flat=True))
    if (seen is not None and seen != policy.version) or not known.issuperset(named) or len(set(named)) < len(named):
        raise Conflict(
            "The policy was changed by somebody else meanwhile. Reload the page and change it again.",
            code="policy_changed",
        )


def _save_steps(policy: Policy, steps: Sequence[StepChange]) -> None:
    rows = {row.position: row for row in policy.steps.all()}
    positions = placed([step.position for step in steps], last_position(policy))
    kept = {step.position for step in steps if step.position is not None}
    policy.steps.exclude(position__in=kept).update(policy=None)
    policy.steps.update(offset_days=F("offset_days") + _ASIDE)
    for step, position in zip(reversed(steps), reversed(positions), strict=True):  # the last first: it makes room
        row = rows[step.position] if step.position is not None else Step(policy=policy)
        for name, value in step._asdict().items():
            setattr(row, name, list(value) if isinstance(value, tuple) else value)
        row.position = position
        row.save()


def _save_minimums(policy: Policy, minimums: Mapping[str, Decimal]) -> None:
    policy.minimums.exclude(currency__in=minimums).delete()
    for currency, amount in minimums.items():
        PolicyMinimum.objects.update_or_create(policy=policy, currency=currency, defaults={"min_amount": amount})


def _settle_running(policy: Policy, old: PolicyVersion, running: str, on: date) -> None:
    if running == PolicyVersion.Running.MOVE:
        PolicyStay.objects.filter(version__policy=policy).delete()
        return
    with connection.cursor() as cursor:
        cursor.execute(_STAY, {"policy": policy.pk, "version": old.pk, "on": on})
