"""Refuses what a policy cannot be, with the reason and what to do about it. Writes nothing."""

from collections.abc import Sequence

from collections_app.lib.errors import BadInput
from customers.models import DeliveryState
from dunning.models import Notice, NoticeTemplate, Policy
from dunning.queries.policies import channels
from dunning.rules.facts import BROKEN_PROMISE
from dunning.rules.fees import fee_problems
from dunning.rules.policy_change import PolicyChange, StepChange
from dunning.rules.policy_problems import Means, problems_of, shadow_problem
from invoices.country_packs import pack_of


def check_policy(*, policy: Policy, change: PolicyChange, steps: Sequence[StepChange]) -> None:
    """Nothing; raises BadInput with a sentence per impossibility. `policy` is as it is kept now."""
    found = [*_window(change), *problems_of([step.draft for step in steps], min_days_between=change.min_days_between,
                                            means=means())]  # fmt: skip
    found += fee_problems([step.draft for step in steps], pack_of(policy.entity.country))
    found += _changed_sides(policy, steps)
    if change.is_active and (shadowed := shadow_problem(change.name, change.rank, _before(policy, change))):
        found.append(shadowed)
    if _place_taken(policy, change):
        found.append("There is a policy for these customers already. Choose another segment or strategy, or change it.")
    if found:
        raise BadInput(" ".join(found), code="impossible_policy")
    starts = change.is_active and change.mode == Policy.Mode.AUTOMATIC and not policy.is_active
    if starts and not was_approved_once(policy):
        raise BadInput(
            "The first run needs a person's approval. Choose “A person approves”, approve one run, then switch.",
            code="first_run_reviewed",
            fields={"mode": "Choose “A person approves” for the first run."},
        )


def was_approved_once(policy: Policy) -> bool:
    """Whether a person has approved something of the policy: a dry run, or notices of a run (U71)."""
    gone = [DeliveryState.PROPOSED, DeliveryState.CANCELLED]
    return policy.rehearsed_at is not None or Notice.objects.filter(policy=policy).exclude(state__in=gone).exists()


def means() -> Means:
    """The channels and words that policies have here."""
    enabled = channels()
    words = NoticeTemplate.objects.filter(is_current=True).values_list("key", "stage", "channel").distinct()
    return Means(set(enabled), {code for code, channel in enabled.items() if channel.written}, set(words))


def _window(change: PolicyChange) -> list[str]:
    if change.send_until_hour > change.send_hour:
        return []
    hours = f"the hours end at {change.send_until_hour}:00 and begin at {change.send_hour}:00"
    return [f"Nothing could ever leave: {hours}. Let them end later than they begin."]


def _changed_sides(policy: Policy, steps: Sequence[StepChange]) -> list[str]:
    """Sentences about steps that change between the ladder and the answers to broken promises: levels would fall."""
    was = {row.position: row.anchor == BROKEN_PROMISE for row in policy.steps.all()} if policy.pk else {}
    return [
        f"“{step.name}” cannot become, or cease to be, an answer to a broken promise. Take it out and add a new step."
        for step in steps
        if step.position is not None and was.get(step.position, step.is_beside) != step.is_beside
    ]


def _before(policy: Policy, change: PolicyChange) -> list[tuple[str, int]]:
    """Policies that are on, come first, and take every customer that this one could have."""
    others = Policy.objects.filter(entity=policy.entity, is_active=True).exclude(pk=policy.pk).order_by("rank", "pk")
    return [
        (other.name, other.rank)
        for other in others
        if (other.rank, other.pk) < (change.rank, policy.pk or 2**62)
        and other.strategy in ("", change.strategy)
        and other.segment_id in (None, change.segment_id)
    ]


def _place_taken(policy: Policy, change: PolicyChange) -> bool:
    same = Policy.objects.filter(entity=policy.entity, segment=change.segment_id, strategy=change.strategy)
    return same.exclude(pk=policy.pk).exists()
