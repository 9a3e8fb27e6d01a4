"""Agrees to a proposed payment plan. From then on its invoices wait at the level they have (P7)."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.audit.record import Fact, record, record_set
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict, NotAllowed
from customers.changes import announce
from customers.models import Customer
from invoices.actions import PLAN_AGREED, PROMISE_REPLACED
from invoices.models import PaymentPlan, PlanItem, Promise, PromiseItem
from invoices.queries.plan_limits import limits_of
from invoices.rules.plans import Part, wants_second
from invoices.services.propose_plan import open_to_plan


@transaction.atomic
def approve_plan(*, plan: PaymentPlan, on: date, actor: User, by: str = "") -> PaymentPlan:
    """The active plan, agreed on `on`. Open promises on its invoices are closed as replaced: one word counts.

    Raises NotAllowed when it exceeds the limits that hold and the person proposed it or may not approve postings,
    Conflict when it was decided before, or less is open of an invoice by now, BadInput when a part lies in the past."""
    Customer.objects.select_for_update(no_key=True).get(pk=plan.customer_id)
    _refuse_past_or_beyond(plan, on, actor)
    items = list(PlanItem.objects.filter(plan=plan).select_related("invoice").order_by("invoice_id"))
    opened = open_to_plan(plan.customer, [item.invoice_id for item in items])
    short = next((item for item in items if item.amount > opened[item.invoice_id]), None)
    if short is not None:
        raise Conflict(
            f"Less is open of invoice {short.invoice.number} than the plan names. Reject it and make a new one.",
            code="plan_outdated",
        )
    won = PaymentPlan.objects.filter(pk=plan.pk, state=PaymentPlan.State.PROPOSED).update(
        state=PaymentPlan.State.ACTIVE, agreed_on=on, agreed_by=actor, recorded_at=timezone.now()
    )
    plan.refresh_from_db()
    if not won:
        raise Conflict(f"This plan was decided before: {plan.get_state_display().lower()}.", code="plan_decided")
    _freeze(plan)
    _replace_promises([item.invoice_id for item in items], on, actor, by)
    record(PLAN_AGREED, plan, actor=actor, by=by, agreed_on=on, invoices=[item.invoice_id for item in items])
    announce([plan.customer_id])
    return plan


def _refuse_past_or_beyond(plan: PaymentPlan, on: date, actor: User) -> None:
    parts = [Part(*row) for row in plan.instalments.order_by("due_on").values_list("due_on", "amount")]
    if parts and parts[0].due_on < on:
        raise BadInput(
            f"The first part was due on {format_date(parts[0].due_on)}. Reject this plan and make a new one.",
            code="plan_in_past",
        )
    begun = plan.proposed_on or on
    limits = limits_of(plan, sum((part.amount for part in parts), Decimal(0)))
    beyond = wants_second(parts, limits, currency=plan.currency, on=begun)
    if not beyond:
        return
    if not actor.may(Capability.APPROVE_POSTINGS):
        raise NotAllowed(f"{beyond} Or ask a manager to agree to it as it is.", code="plan_beyond_limits")
    if plan.proposed_by_id == actor.pk:
        raise NotAllowed(f"{beyond} Or ask a second person to agree to it as it is.", code="own_plan")


def _freeze(plan: PaymentPlan) -> None:
    try:
        with transaction.atomic():
            PlanItem.objects.filter(plan=plan).update(live=True)
    except IntegrityError as error:
        if "plan_one_active_per_invoice" not in str(error):
            raise
        raise Conflict(
            "One of the invoices is on a plan already. End that one first.", code="invoice_on_plan"
        ) from None


def _replace_promises(invoice_ids: list[int], on: date, actor: User, by: str) -> None:
    wanted = PromiseItem.objects.filter(invoice__in=invoice_ids, live=True).values("promise")
    found = list(Promise.objects.select_for_update().filter(pk__in=wanted, state=Promise.State.OPEN).order_by("pk"))
    if not found:
        return
    Promise.objects.filter(pk__in=[row.pk for row in found]).update(state=Promise.State.REPLACED, closed_on=on)
    PromiseItem.objects.filter(promise__in=found).update(live=False)
    facts = [Fact("invoices.promise", row.pk, row.customer_id, {"by": "plan", "level": row.level}) for row in found]
    record_set(PROMISE_REPLACED, facts, actor=actor, by=by)
