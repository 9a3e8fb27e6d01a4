"""Policies for people: the list with how many customers each looks after, a policy's steps in words, and what its
versions changed. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from dunning.models import Policy, PolicyVersion, Run, Step
from dunning.queries.facts_sql import POLICIES_OF
from dunning.queries.policies import channels, content_of
from dunning.rules.policy_difference import difference, step_words

_COUNTED = f"""
SELECT policy_id, COUNT(*) FROM ({
    POLICIES_OF.replace(
        "WHERE c.id = ANY(%(ids)s)", "WHERE c.entity_id = ANY(%(entities)s) AND c.merged_into_id IS NULL"
    )
}) AS had (customer_id, policy_id)
GROUP BY policy_id
"""  # noqa: S608 (constants of ours)


@dataclass(frozen=True, slots=True)
class ListedPolicy:
    """A policy with the number of customers it looks after (0 while it is off) and of its steps."""

    policy: Policy
    customers: int
    steps: int
    is_used: bool


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version, what it changed, and how many conversations still end with it."""

    version: PolicyVersion
    changes: Sequence[str]
    staying: int
    is_current: bool


def policy_list(policies: QuerySet[Policy]) -> list[ListedPolicy]:
    """The policies in order of legal entity and rank; three statements, whatever their number."""
    rows = policies.select_related("entity", "segment").annotate(number_of_steps=Count("steps"))
    found = list(rows.order_by("entity__code", "rank", "pk"))
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"entities": list({row.entity_id for row in found})})
        customers: dict[int, int] = dict(cursor.fetchall())
    used = set(Run.objects.filter(policy__in=found).values_list("policy_id", flat=True).distinct())
    return [ListedPolicy(row, customers.get(row.pk, 0), row.number_of_steps, row.pk in used) for row in found]


def steps_in_words(policy: Policy) -> list[dict[str, str]]:
    """The steps of the policy in order: name, when, channel and stage."""
    labels = {code: channel.label for code, channel in channels().items()}
    return [_in_words(step, labels) for step in policy.steps.all()]


def versions_of(policy: Policy) -> list[ShownVersion]:
    """The versions of the policy, the newest first, with what each changed. The version in force is shown as it stands
    where nobody has changed the policy yet."""
    staying = dict(policy.versions.annotate(n=Count("stays")).values_list("pk", "n"))
    kept = list(policy.versions.select_related("saved_by").order_by("number"))
    if not kept:
        kept = [PolicyVersion(policy=policy, number=policy.version, content=content_of(policy))]
        kept[0].saved_at = None  # type: ignore[assignment]
    nothing: list[str] = []
    changes = [nothing, *(difference(before.content, after.content) for before, after in pairwise(kept))]
    shown = [
        ShownVersion(row, said, staying.get(row.pk, 0), row.number == policy.version)
        for row, said in zip(kept, changes, strict=True)
    ]
    return shown[::-1]


def _in_words(step: Step, labels: dict[str, str]) -> dict[str, Any]:
    when = step_words({name: getattr(step, name) for name in ("offset_days", "anchor", "business_days")})
    fee = step.get_fee_display() if step.fee != Step.Fee.NONE else ""
    return {
        "name": step.name,
        "when": when,
        "channel": labels.get(step.channel, step.channel),
        "stage": step.get_stage_display(),
        "fee": fee,
    }
