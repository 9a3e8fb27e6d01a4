"""Which parts of payment plans a mail is due about, by set: a courtesy some days before, and a word when one is late
and its grace runs. Plans that do not remind are left alone. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from customers.models import EntityPause, Hold, LegalEntity
from customers.queries.clock import business_day
from invoices.models import DocumentMail, PaymentPlan, PlanInstalment
from invoices.queries.plans import plan_facts
from invoices.rules.plans import Instalment, InstalmentState, instalments

AHEAD_DAYS = 3
_LONGEST_GRACE = timedelta(days=75)  # the longest that can be set, and a run of holidays


class DuePart(NamedTuple):
    """One mail about one part. `key` makes it the only one for its occasion."""

    key: str
    customer_id: int
    entity_id: int
    part_id: int


def plan_parts_due(limit: int) -> list[DuePart]:
    """The parts to write about on the business day of each legal entity, at most `limit` plans of each day."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for entity in LegalEntity.objects.order_by("pk"):
        by_day[business_day(entity)].append(entity.pk)
    return [due for day, entities in by_day.items() for due in _due_on(day, entities, limit)]


def missing_parts(part_ids: Collection[int]) -> Mapping[int, Instalment]:
    """Of these parts those of an active plan that are still missing today, as they stand; five statements."""
    parts = {part.pk: part for part in PlanInstalment.objects.filter(pk__in=part_ids).select_related("plan")}
    wanted = {part.plan_id for part in parts.values()}
    plans = PaymentPlan.objects.filter(pk__in=wanted, state=PaymentPlan.State.ACTIVE)
    by_day: dict[date, list[PaymentPlan]] = defaultdict(list)
    for plan in plans.select_related("customer__entity"):
        by_day[business_day(plan.customer.entity)].append(plan)
    standing = {
        (facts.plan_id, row.part.due_on): row
        for day, some in by_day.items()
        for facts in plan_facts(some, as_of=day)
        for row in instalments(facts, day)
        if row.missing
    }
    return {
        pk: standing[part.plan_id, part.due_on] for pk, part in parts.items() if (part.plan_id, part.due_on) in standing
    }


def _due_on(day: date, entities: Sequence[int], limit: int) -> list[DuePart]:
    near = PlanInstalment.objects.filter(
        plan=OuterRef("pk"), due_on__lte=day + timedelta(days=AHEAD_DAYS), due_on__gte=day - _LONGEST_GRACE
    )
    lasting = Q(starts_on__lte=day, ends_on__gte=day) & (Q(released_on=None) | Q(released_on__gt=day))
    held = Hold.objects.filter(lasting, customer=OuterRef("customer"), contact=None)
    paused = EntityPause.objects.filter(lasting, entity=OuterRef("customer__entity"))
    rows = PaymentPlan.objects.filter(
        Exists(near), ~Exists(held), ~Exists(paused), state=PaymentPlan.State.ACTIVE, reminds=True,
        customer__entity__in=entities, customer__is_related_party=False, customer__merged_into=None,
    )  # fmt: skip
    plans = list(rows.select_related("customer__entity").order_by("pk")[:limit])
    if not plans:
        return []
    parts = PlanInstalment.objects.filter(plan__in=plans).annotate(entity_id=F("plan__customer__entity"))
    known = {(part.plan_id, part.due_on): part for part in parts.select_related("plan")}
    found = []
    for facts in plan_facts(plans, as_of=day):
        occasion = _occasion(instalments(facts, day), day)
        if occasion is not None:
            row, word = occasion
            part = known[facts.plan_id, row.part.due_on]
            found.append(DuePart(f"plan:{part.pk}:{word}", part.plan.customer_id, part.entity_id, part.pk))
    mailed = set(
        DocumentMail.objects.filter(dedupe_key__in=[due.key for due in found]).values_list("dedupe_key", flat=True)
    )
    return [due for due in found if due.key not in mailed]


def _occasion(rows: Sequence[Instalment], day: date) -> tuple[Instalment, str] | None:
    """The part to write about and why; a late one goes before one to come."""
    late = [row for row in rows if row.state is InstalmentState.LATE]
    if late:
        return late[0], "late"
    ahead = [row for row in rows if row.missing and 0 <= (row.part.due_on - day).days <= AHEAD_DAYS]
    return (ahead[0], "ahead") if ahead else None
