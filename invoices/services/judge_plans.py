"""Judges active payment plans from the payments that arrived (P7). By set; nothing is asked of a person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from psycopg2.extras import execute_values

from collections_app.audit.record import Fact, record_set
from collections_app.lib.dates import format_date
from collections_app.lib.money import format_amount_with_code
from customers.changes import announce
from invoices.actions import PLAN_JUDGED
from invoices.models import Allocation, PaymentPlan, PlanItem
from invoices.queries.plans import plan_facts
from invoices.rules.plans import PlanFacts, PlanJudgement, PlanVerdict, judge_plan

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class JudgedPlans:
    """How many plans ended in which way, and how many go on."""

    kept: int = 0
    defaulted: int = 0
    cancelled: int = 0
    going_on: int = 0

    @property
    def ended(self) -> int:
        """All that ended."""
        return self.kept + self.defaulted + self.cancelled


def judge_plans(*, on: date, time_zone: str | None = None) -> JudgedPlans:
    """How the active plans stand on the business day `on`: each is judged once a day, and again when money was put
    against its invoices since. `time_zone` narrows to customers living in it, their own or their entity's.

    Works through chunks, each in its own transaction; running twice at once or again changes nothing."""
    counts: Counter[str] = Counter()
    after = 0
    while True:
        seen, verdicts = _judge_chunk(on, time_zone, after)
        counts.update(verdicts)
        if not seen:
            names = (PlanVerdict.KEPT, PlanVerdict.DEFAULTED, PlanVerdict.CANCELLED, PlanVerdict.GOES_ON)
            return JudgedPlans(*(counts[name] for name in names))
        after = seen[-1].pk


def _due(on: date, time_zone: str | None, after: int) -> QuerySet[PaymentPlan]:
    moved = Allocation.objects.filter(
        invoice__plan_items__plan=OuterRef("pk"), recorded_at__gt=OuterRef("judged_at")
    ).order_by()
    rows = PaymentPlan.objects.filter(state=PaymentPlan.State.ACTIVE, agreed_on__lte=on, pk__gt=after)
    rows = rows.filter(Q(judged_on=None) | Q(judged_on__lt=on) | Exists(moved))
    if time_zone is not None:
        own = Q(customer__time_zone=time_zone)
        rows = rows.filter(own | Q(customer__time_zone="", customer__entity__time_zone=time_zone))
    return rows.select_related("customer__entity").order_by("pk")


@transaction.atomic
def _judge_chunk(on: date, time_zone: str | None, after: int) -> tuple[Sequence[PaymentPlan], list[str]]:
    now = timezone.now()
    seen = list(_due(on, time_zone, after).select_for_update(of=("self",), skip_locked=True)[:_CHUNK])
    if not seen:
        return seen, []
    judged = [(facts, judge_plan(facts, on)) for facts in plan_facts(seen, as_of=on)]
    PaymentPlan.objects.filter(pk__in=[plan.pk for plan in seen]).update(judged_on=on, judged_at=now)
    over = {facts.plan_id: (facts, found) for facts, found in judged if found.verdict is not PlanVerdict.GOES_ON}
    if over:
        _write(over, on)
    return seen, [found.verdict for _, found in judged]


def _write(over: Mapping[int, tuple[PlanFacts, PlanJudgement]], on: date) -> None:
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "UPDATE invoices_paymentplan p SET state = v.state, ended_on = v.ended_on::date, end_note = v.note"
            " FROM (VALUES %s) AS v (id, state, ended_on, note) WHERE p.id = v.id AND p.state = 'active'",
            [(pk, found.verdict.value, on, _sentence(facts, found)) for pk, (facts, found) in over.items()],
            page_size=_CHUNK,
        )
    PlanItem.objects.filter(plan__in=over).update(live=False)
    record_set(
        PLAN_JUDGED,
        [
            Fact("invoices.paymentplan", pk, facts.customer_id, {
                "verdict": found.verdict.value, "arrived": found.arrived, "expected": found.expected,
                "missed": found.missed and found.missed.part.due_on, "missing": found.missed and found.missed.missing})
            for pk, (facts, found) in over.items()
        ],
        actor=None,
        by="plan judge",
    )  # fmt: skip
    announce({facts.customer_id for facts, _ in over.values()})


def _sentence(facts: PlanFacts, found: PlanJudgement) -> str:
    """Why the plan ended, for people; "" when it was paid off."""
    if found.missed is not None:
        missing = format_amount_with_code(found.missed.missing, facts.currency)
        return f"{missing} of the instalment of {format_date(found.missed.part.due_on)} did not arrive."
    return "Nothing is open on its invoices any more." if found.verdict is PlanVerdict.CANCELLED else ""
