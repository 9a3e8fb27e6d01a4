"""Writes down a payment plan that somebody asks for. It counts for nothing until it is agreed: reminders go on (P5)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money, format_amount_with_code
from customers.changes import announce
from customers.models import Customer
from customers.queries.accounts import account_members
from invoices.actions import PLAN_PROPOSED
from invoices.models import Invoice, PaymentPlan, PlanInstalment, PlanItem
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.plan_limits import plan_limits
from invoices.rules.plans import Part, beyond_limits, check_parts

PlanShares = Sequence[tuple[Invoice, Decimal | None]]


@transaction.atomic
def propose_plan(
    *,
    customer: Customer,
    items: PlanShares,
    parts: Sequence[Part],
    on: date,
    via: str = PaymentPlan.Via.ANALYST,
    reminds: bool = False,
    note: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> PaymentPlan:
    """The proposed plan over invoices of one currency; an amount of None means all that is open of that invoice.

    The parts are to add up to the amounts. A payer's parts keep to the limits that hold; a colleague's may exceed
    them, and then wait for a second person. With `reminds` the customer is mailed about parts that are due soon or late
    once the plan is agreed. Raises BadInput for what cannot be a plan, Conflict when nothing is open
    any more or another proposal waits already."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    amounts = _checked(customer, items)
    currency, total = items[0][0].currency, sum(amounts.values(), Decimal(0))
    ordered = sorted(parts)
    check_parts(ordered, total=total, currency=currency, on=on)
    limits = plan_limits(customer, currency, total)
    beyond = beyond_limits(ordered, limits, currency=currency, on=on)
    if via == PaymentPlan.Via.PAYER and not limits.payer_may_propose:
        sentence = "A plan cannot be proposed here. Write to us, and somebody will answer."
        raise BadInput(sentence, code="plan_not_offered", fields={"count": sentence})
    if beyond and via == PaymentPlan.Via.PAYER:
        raise BadInput(beyond, code="plan_beyond_limits", fields={"count": beyond})
    plan = _written(customer, currency, on, via, note, limits.grace_days, reminds, actor)
    PlanItem.objects.bulk_create(
        PlanItem(plan=plan, invoice_id=pk, amount=amount, live=False) for pk, amount in amounts.items()
    )
    PlanInstalment.objects.bulk_create(
        PlanInstalment(plan=plan, due_on=part.due_on, amount=Money(part.amount, currency).amount) for part in ordered
    )
    record(
        PLAN_PROPOSED, plan, actor=actor, by=by, amount=total, currency=currency, via=via, beyond=beyond,
        note=plan.note, invoices=sorted(amounts), parts=[[part.due_on, part.amount] for part in ordered],
    )  # fmt: skip
    announce([customer.pk])
    return plan


def _written(
    customer: Customer,
    currency: str,
    on: date,
    via: str,
    note: str,
    grace_days: int,
    reminds: bool,
    actor: AbstractBaseUser | None,
) -> PaymentPlan:
    try:
        with transaction.atomic():
            return PaymentPlan.objects.create(
                customer=customer,
                currency=currency,
                proposed_on=on,
                state=PaymentPlan.State.PROPOSED,
                via=via,
                grace_days=grace_days,
                reminds=reminds,
                note=note[:250],
                proposed_by_id=None if actor is None else actor.pk,
            )
    except IntegrityError as error:
        if "payment_plan_one_proposal" not in str(error):
            raise
        raise Conflict(
            "A plan in this currency is proposed already. Agree to it or reject it first.", code="plan_proposed_already"
        ) from None


def _checked(customer: Customer, items: PlanShares) -> Mapping[int, Decimal]:
    """Amount per invoice id, each above zero and no more than is open, after locking the invoices."""
    if not items:
        raise BadInput("Choose at least one invoice for the plan.", code="no_invoice")
    ids = [invoice.pk for invoice, _ in items]
    if len(set(ids)) < len(ids):
        raise BadInput("An invoice stands twice in this plan. Name each one once.", code="invoice_twice")
    if len({invoice.currency for invoice, _ in items}) > 1:
        raise BadInput("A plan is in one currency. Make one plan for each currency.", code="other_currency")
    opened = open_to_plan(customer, ids)
    return {invoice.pk: _amount(invoice, wished, opened[invoice.pk]) for invoice, wished in items}


def open_to_plan(customer: Customer, ids: Sequence[int]) -> Mapping[int, Decimal]:
    """What is open of each of these invoices, locked now. Raises BadInput for another customer's, Conflict for one on
    an active plan."""
    locked = Invoice.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    mine = locked.filter(customer__in=account_members(customer.pk), status=Invoice.Status.ISSUED)
    if {row.pk for row in mine} != set(ids):
        raise BadInput("One of these invoices belongs to another customer. Look again.", code="other_customer")
    planned = PlanItem.objects.filter(invoice__in=ids, live=True).select_related("invoice").first()
    if planned is not None:
        raise Conflict(
            f"Invoice {planned.invoice.number} is on a plan already. End that one first.", code="invoice_on_plan"
        )
    return open_amount_now(ids)


def _amount(invoice: Invoice, wished: Decimal | None, opened: Decimal) -> Decimal:
    if opened <= 0:
        raise Conflict(f"Nothing is open on invoice {invoice.number} any more. Look again.", code="nothing_open")
    amount = opened if wished is None else Money(wished, invoice.currency).amount
    if not 0 < amount <= opened:
        left = format_amount_with_code(opened, invoice.currency)
        sentence = f"Enter more than 0 and no more than the {left} open on invoice {invoice.number}."
        raise BadInput(sentence, code="plan_amount", fields={"amount": sentence})
    return amount
