"""Changes a policy and its steps as a whole. Notices that exist already keep what they were made with (R8)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Max

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.models import DeliveryState
from dunning.actions import POLICY_CHANGED
from dunning.models import Notice, NoticeTemplate, Policy, Step
from dunning.queries.policies import channels
from dunning.rules.policy_problems import DraftStep, problems_of

_ASIDE = 10_000  # steps are moved out of the way first: two of them may swap their days


class StepChange(NamedTuple):
    """One step as it shall be, in order. `position` of an existing step, or None for a new one at the end."""

    position: int | None
    name: str
    offset_days: int
    channel: str
    stage: str
    days_to_pay: int


class PolicyChange(NamedTuple):
    """The policy as it shall be. `min_amount` in the entity's currency."""

    name: str
    is_active: bool
    mode: str
    entry: str
    min_amount: Decimal
    min_days_between: int
    send_hour: int


@transaction.atomic
def save_policy(
    *, policy: Policy, change: PolicyChange, steps: Sequence[StepChange], actor: AbstractBaseUser
) -> Policy:
    """The changed policy. Raises BadInput with a sentence per impossibility; `fields` may name one of the form's.

    Raises Conflict where a step was taken out by somebody else since the form was opened (D87)."""
    held = Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
    _refuse_unknown_steps(held, steps)
    _refuse_impossible(held, change, steps)
    for name, value in change._asdict().items():
        setattr(held, name, value)
    held.save()
    _save_steps(held, steps)
    told = {**change._asdict(), "steps": [list(step) for step in steps]}
    record(POLICY_CHANGED, held, actor=actor, **told)
    return held


@transaction.atomic
def switch_policy(*, policy: Policy, on: bool, actor: AbstractBaseUser) -> Policy:
    """The policy, now on or off. Off is the brake: what is approved waits in the queue and nothing leaves.

    A policy that never had an approved run starts with a person's review, whatever its mode was (U71)."""
    held = Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
    held.is_active = on
    if on and not _was_reviewed(held):
        held.mode = Policy.Mode.REVIEW
    held.save(update_fields=["is_active", "mode"])
    record(POLICY_CHANGED, held, actor=actor, is_active=on, mode=held.mode)
    return held


def _refuse_unknown_steps(policy: Policy, steps: Sequence[StepChange]) -> None:
    named = [step.position for step in steps if step.position is not None]
    known = set(policy.steps.values_list("position", flat=True))
    if named != sorted(known.intersection(named)):
        raise Conflict(
            "The steps were changed by somebody else meanwhile. Reload the page and change them again.",
            code="steps_changed",
        )


def _refuse_impossible(policy: Policy, change: PolicyChange, steps: Sequence[StepChange]) -> None:
    written = {code for code, channel in channels().items() if channel.written}
    words = set(NoticeTemplate.objects.filter(is_current=True).values_list("stage", "channel"))
    drafts = [DraftStep(step.name, step.offset_days, step.channel, step.stage) for step in steps]
    found = problems_of(drafts, min_days_between=change.min_days_between, written=written, words=words)
    if found:
        raise BadInput(" ".join(found), code="impossible_policy")
    if change.is_active and change.mode == Policy.Mode.AUTOMATIC and not policy.is_active and not _was_reviewed(policy):
        raise BadInput(
            "The first run needs a person's approval. Choose “A person approves”, approve one run, then switch.",
            code="first_run_reviewed",
            fields={"mode": "Choose “A person approves” for the first run."},
        )


def _was_reviewed(policy: Policy) -> bool:
    gone = [DeliveryState.PROPOSED, DeliveryState.CANCELLED]
    return Notice.objects.filter(policy=policy).exclude(state__in=gone).exists()


def _last_position(policy: Policy) -> int:
    """The highest position ever used: a new step must not pass for one that was sent and taken out since (R1)."""
    present = policy.steps.aggregate(last=Max("position"))["last"] or 0
    used = Notice.objects.filter(policy=policy).aggregate(last=Max("step_position"))["last"] or 0
    return max(present, used)


def _save_steps(policy: Policy, steps: Sequence[StepChange]) -> None:
    kept = {step.position for step in steps if step.position is not None}
    last = _last_position(policy)
    policy.steps.exclude(position__in=kept).update(policy=None)
    policy.steps.update(offset_days=F("offset_days") + _ASIDE)
    for step in steps:
        position = step.position
        if position is None:
            position = last = last + 1
        values = {name: value for name, value in step._asdict().items() if name != "position"}
        Step.objects.update_or_create(policy=policy, position=position, defaults=values)
