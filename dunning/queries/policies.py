"""A policy as the rule wants it: its steps in order, each with what its channel needs. Reads, decides nothing."""

from datetime import date
from decimal import Decimal

from django.conf import settings

from collections_app.lib.errors import BadInput
from collections_app.lib.rates import convert, ecb_rate
from collections_app.lib.registry import load
from dunning.channels.base import Channel
from dunning.models import Policy
from dunning.rules.facts import PolicyFacts, StepFacts


def channel(code: str) -> Channel:
    """The adapter with this code. Raises BadInput when it is not enabled here."""
    found: Channel = load(tuple(settings.DUNNING_CHANNELS))[code]
    return found


def channels() -> dict[str, Channel]:
    """All enabled adapters by code."""
    return dict(load(tuple(settings.DUNNING_CHANNELS)))


def policy_facts(policy: Policy) -> PolicyFacts:
    """The policy with its steps; one query unless they are prefetched."""
    enabled = channels()
    steps = tuple(
        StepFacts(
            step.position, step.name, step.offset_days, step.channel, step.stage, step.days_to_pay,
            enabled[step.channel].needs if step.channel in enabled else "", step.pk,
        )
        for step in policy.steps.all()
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
