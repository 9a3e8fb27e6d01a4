"""Says whom a changed policy would touch, before it is saved. Writes nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from dunning.models import Policy
from dunning.queries.policies import content_of, edition_of, last_position
from dunning.queries.running import Affected, affected
from dunning.rules.policy_change import PolicyChange, StepChange, draft_content
from dunning.rules.policy_difference import difference
from dunning.services.check_policy import check_policy


def preview_policy(
    *,
    policy: Policy,
    change: PolicyChange,
    steps: Sequence[StepChange],
    minimums: Mapping[str, Decimal],
    on: date,
) -> Affected | None:
    """What the change means for the conversations that run on that day; None where it concerns none of them.

    Raises BadInput where the policy would be impossible."""
    check_policy(policy=policy, change=change, steps=steps)
    ids = {step.position: step.pk for step in policy.steps.all()}
    draft = draft_content(change, steps, minimums, ids=ids, last_used=last_position(policy))
    if not difference(content_of(policy), draft):
        return None
    found = affected(policy, edition_of(policy, draft, policy.version + 1), on)
    return found if found.conversations else None
