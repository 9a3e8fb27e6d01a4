"""What a person ends: a proposal that is not agreed to, or an agreement before its time. Both stay as history."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.changes import announce
from customers.models import Customer
from invoices.actions import PLAN_CANCELLED, PLAN_REJECTED
from invoices.models import PaymentPlan, PlanItem


@transaction.atomic
def end_plan(
    *, plan: PaymentPlan, on: date, why: str, actor: AbstractBaseUser | None = None, by: str = ""
) -> PaymentPlan:
    """The plan as it ended: rejected when it was only proposed, else cancelled from `on` on, the first day without it;
    its invoices are collected again at the level they had. Raises BadInput without a reason, Conflict when it ended
    before."""
    if not why.strip():
        raise BadInput("Say why, for whoever looks at it later.", code="no_reason", fields={"why": "Say why."})
    Customer.objects.select_for_update(no_key=True).get(pk=plan.customer_id)
    plan.refresh_from_db()
    active = plan.state == PaymentPlan.State.ACTIVE
    if not active and plan.state != PaymentPlan.State.PROPOSED:
        raise Conflict(f"This plan ended before: {plan.get_state_display().lower()}.", code="plan_ended")
    plan.state = PaymentPlan.State.CANCELLED if active else PaymentPlan.State.REJECTED
    plan.ended_on, plan.end_note = on, why.strip()[:250]
    plan.save(update_fields=["state", "ended_on", "end_note"])
    PlanItem.objects.filter(plan=plan).update(live=False)
    record(PLAN_CANCELLED if active else PLAN_REJECTED, plan, actor=actor, by=by, ended_on=on, why=plan.end_note)
    announce([plan.customer_id])
    return plan
