"""A policy as the rule wants it: its steps in order, each with what its channel needs. Reads, decides nothing."""

from datetime import date
from decimal import Decimal

from django.conf import settings

from collections_app.lib.errors import BadInput
from collections_app.lib.rates import convert, ecb_rate
from collections_app.lib.registry import load
from customers.models import LegalEntity
from dunning.channels.base import Channel
from dunning.models import Policy, Step
from dunning.rules.facts import PolicyFacts, StepFacts

# Position, name, days from the due date, channel, stage, days to pay.
STANDARD_STEPS = (
    (1, "Friendly notice", -3, "email", Step.Stage.PREVENTIVE, 3),
    (2, "First reminder", 1, "email", Step.Stage.EARLY, 7),
    (3, "Second reminder", 8, "email", Step.Stage.EARLY, 7),
    (4, "Third reminder", 21, "email", Step.Stage.LATE, 7),
    (5, "Call", 35, "call_task", Step.Stage.LATE, 7),
    (6, "Final letter", 50, "letter", Step.Stage.FINAL, 10),
)


def standard_steps(policy: Policy | None = None) -> list[Step]:
    """The steps of the standard policy, unsaved: mails around the due date, a call, a last letter."""
    names = ("position", "name", "offset_days", "channel", "stage", "days_to_pay")
    return [Step(policy=policy, **dict(zip(names, values, strict=True))) for values in STANDARD_STEPS]


def channel(code: str) -> Channel:
    """The adapter with this code. Raises BadInput when it is not enabled here."""
    found: Channel = load(tuple(settings.DUNNING_CHANNELS))[code]
    return found


def channels() -> dict[str, Channel]:
    """All enabled adapters by code."""
    return dict(load(tuple(settings.DUNNING_CHANNELS)))


def policy_of(entity: LegalEntity) -> Policy:
    """The entity's policy with its steps, or the standard one, unsaved and off, to rehearse with."""
    known = Policy.objects.select_related("entity").prefetch_related("steps").filter(entity=entity).first()
    return known or Policy(code="standard", name="Standard", entity=entity, is_active=False)


def policy_facts(policy: Policy) -> PolicyFacts:
    """The policy with its steps; one query unless they are prefetched. An unsaved policy has the standard steps."""
    enabled = channels()
    rows = policy.steps.all() if policy.pk else standard_steps()
    steps = tuple(
        StepFacts(
            step.position, step.name, step.offset_days, step.channel, step.stage, step.days_to_pay,
            enabled[step.channel].needs if step.channel in enabled else "", step.pk or 0,
        )
        for step in rows
    )  # fmt: skip
    return PolicyFacts(steps, policy.entry, policy.min_days_between)


def minimum_in(policy: Policy, currency: str, on: date) -> Decimal:
    """The policy's minimum in that currency, at the ECB's rate of the day; the bare figure where there is no rate."""
    if not policy.min_amount or currency == policy.entity.currency:
        return policy.min_amount
    try:
        return convert(policy.min_amount, ecb_rate(policy.entity.currency, currency, on).rate, currency)
    except BadInput:
        return policy.min_amount
