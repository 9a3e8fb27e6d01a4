"""A policy as the rule wants it: its steps in order, each with what its channel needs; and which policy is whose.
Reads, decides nothing."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Max

from collections_app.lib.errors import BadInput
from collections_app.lib.rates import convert, ecb_rate
from collections_app.lib.registry import load
from customers.models import Customer, LegalEntity
from dunning.channels.base import Channel
from dunning.models import Notice, Policy, Step
from dunning.queries.facts_sql import POLICIES_OF
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
# What a version keeps of a policy and of its steps: all that decides. The rest (hours, mode) holds for everybody.
POLICY_RULES = (
    "entry", "min_amount", "min_share", "min_days_between", "days_after_delivery", "credits", "lists_held_items",
    "end_action",
)  # fmt: skip
STEP_RULES = (
    "position", "name", "anchor", "offset_days", "business_days", "channel", "stage", "days_to_pay", "recipients",
    "copies", "words", "fee", "fee_amount", "with_interest", "needs_approval",
)  # fmt: skip


class Edition(NamedTuple):
    """A policy at one version: its rule, and the smallest amounts worth a notice by currency."""

    facts: PolicyFacts
    currency: str
    min_amount: Decimal
    minimums: Mapping[str, Decimal]


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
    """The entity's policy that most customers come under, with its steps: on before off, for everybody before for some,
    then by rank. Without any the standard one, unsaved and off, to rehearse with."""
    rows = Policy.objects.select_related("entity").prefetch_related("steps", "minimums").filter(entity=entity)
    known = min(rows, key=lambda row: (not row.is_active, row.segment_id is not None, row.rank, row.pk), default=None)
    return known or Policy(code="standard", name="Standard", entity=entity, is_active=False)


def rehearsable_policies(entities: Collection[LegalEntity]) -> list[Policy]:
    """The policies that look after these customers: all of an entity that are on, or its main one where none is."""
    on = Policy.objects.select_related("entity").prefetch_related("steps", "minimums").filter(is_active=True)
    found: list[Policy] = []
    for entity in entities:
        found += on.filter(entity=entity).order_by("rank", "pk") or [policy_of(entity)]
    return found


def policies_of(customer_ids: Collection[int]) -> dict[int, int]:
    """By customer id the policy that looks after it: of those that are on and fit its segment and strategy, the first
    in rank. Customers without one are left out. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(POLICIES_OF, {"ids": list(customer_ids)})
        return dict(cursor.fetchall())


def policy_of_customer(customer: Customer) -> Policy:
    """The policy that looks after the customer, with its steps; where none that is on fits, the entity's."""
    pk = policies_of([customer.pk]).get(customer.pk)
    rows = Policy.objects.select_related("entity").prefetch_related("steps", "minimums")
    return rows.get(pk=pk) if pk else policy_of(customer.entity)


def policy_facts(policy: Policy) -> PolicyFacts:
    """The policy as it is, with its steps; one query unless prefetched. An unsaved one has the standard steps."""
    rows = policy.steps.all() if policy.pk else standard_steps()
    steps = [{name: getattr(row, name) for name in STEP_RULES} | {"id": row.pk or 0} for row in rows]
    return _facts({name: getattr(policy, name) for name in POLICY_RULES}, steps, policy.version)


def content_of(policy: Policy) -> dict[str, Any]:
    """What the policy says now, complete, as a version keeps it: plain JSON values, amounts as strings."""
    steps = [
        {"id": row.pk, **{name: _plain(getattr(row, name)) for name in STEP_RULES}}
        for row in policy.steps.order_by("position")
    ]
    minimums = {row.currency: str(_plain(row.min_amount)) for row in policy.minimums.order_by("currency")}
    return {**{name: _plain(getattr(policy, name)) for name in POLICY_RULES}, "minimums": minimums, "steps": steps}


def last_position(policy: Policy) -> int:
    """The highest position ever used: a new step must not pass for one that was sent and taken out since (R1)."""
    present = policy.steps.aggregate(last=Max("position"))["last"] or 0
    used = Notice.objects.filter(policy=policy).aggregate(last=Max("step_position"))["last"] or 0
    return max(present, used)


def current_edition(policy: Policy) -> Edition:
    """The policy as it is now."""
    minimums = {row.currency: row.min_amount for row in policy.minimums.all()} if policy.pk else {}
    return Edition(policy_facts(policy), policy.entity.currency, policy.min_amount, minimums)


def edition_of(policy: Policy, content: Mapping[str, Any], number: int) -> Edition:
    """The policy as that version said. `content` is a PolicyVersion's; what it does not name is as it is now."""
    values = {name: content.get(name, getattr(policy, name)) for name in POLICY_RULES}
    minimums = {currency: Decimal(amount) for currency, amount in content.get("minimums", {}).items()}
    facts = _facts(values, content["steps"], number)
    return Edition(facts, policy.entity.currency, Decimal(values["min_amount"]), minimums)


def minimum_in(edition: Edition, currency: str, on: date) -> Decimal:
    """The smallest amount worth a notice in that currency: as stated for it, else converted at the ECB's rate of the
    day; the bare figure where there is no rate."""
    if currency in edition.minimums:
        return edition.minimums[currency]
    if not edition.min_amount or currency == edition.currency:
        return edition.min_amount
    try:
        return convert(edition.min_amount, ecb_rate(edition.currency, currency, on).rate, currency)
    except BadInput:
        return edition.min_amount


def _plain(value: object) -> object:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _facts(policy: Mapping[str, Any], steps: Collection[Mapping[str, Any]], version: int) -> PolicyFacts:
    return PolicyFacts(
        steps=tuple(_step(step) for step in sorted(steps, key=lambda step: step["position"])),
        entry=policy["entry"],
        min_days_between=policy["min_days_between"],
        min_share=Decimal(policy["min_share"]),
        days_after_delivery=policy["days_after_delivery"],
        credits=policy["credits"],
        lists_held_items=policy["lists_held_items"],
        end_action=policy["end_action"],
        version=version,
    )


def _step(row: Mapping[str, Any]) -> StepFacts:
    enabled = channels()
    amount = row.get("fee_amount")
    return StepFacts(
        position=row["position"],
        name=row["name"],
        offset_days=row["offset_days"],
        channel=row["channel"],
        stage=str(row["stage"]),
        days_to_pay=row["days_to_pay"],
        needs=enabled[row["channel"]].needs if row["channel"] in enabled else "",
        id=row.get("id", 0),
        anchor=row.get("anchor", Step.Anchor.DUE_DATE),
        business_days=row.get("business_days", False),
        recipients=tuple(row.get("recipients", ())),
        copies=tuple(row.get("copies", ())),
        words=row.get("words", ""),
        fee=row.get("fee", Step.Fee.NONE),
        fee_amount=None if amount is None else Decimal(amount),
        with_interest=row.get("with_interest", False),
        needs_approval=row.get("needs_approval", False),
    )
