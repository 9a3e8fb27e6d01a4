"""How far plans of a customer may go: the first template that fits, else the rules of the currency. Reads only."""

from decimal import Decimal

from django.db.models import Q

from customers.models import Customer, SegmentMember
from invoices.models import CurrencyRules, PaymentPlan, PlanTemplate
from invoices.rules.plans import PlanLimits


def plan_limits(customer: Customer, currency: str, amount: Decimal) -> PlanLimits:
    """The limits of a plan of this customer over `amount` in `currency`."""
    template = template_for(customer, currency, amount)
    if template is not None:
        return PlanLimits(
            max_parts=template.most_instalments,
            min_part=template.least_instalment,
            grace_days=template.grace_days,
            max_days=template.longest_days,
            first_within_days=template.first_within_days,
            approve_over=template.approve_over,
            payer_may_propose=template.payer_may_propose,
            reminds=template.reminds,
            name=template.name,
        )
    rules = CurrencyRules.objects.filter(currency=currency).first()
    if rules is None:
        return PlanLimits()
    return PlanLimits(rules.plan_max_parts, rules.plan_max_months, rules.plan_min_part, rules.plan_grace_days)


def limits_of(plan: PaymentPlan, amount: Decimal) -> PlanLimits:
    """The limits of a plan that is written down already, over `amount` in all. The plan comes with its customer."""
    return plan_limits(plan.customer, plan.currency, amount)


def template_for(customer: Customer, currency: str, amount: Decimal) -> PlanTemplate | None:
    """The template that holds for this customer and amount, or None."""
    inside = SegmentMember.objects.filter(customer=customer, until=None, segment__is_active=True).values("segment")
    fitting = PlanTemplate.objects.filter(
        Q(entity=None) | Q(entity=customer.entity_id),
        Q(segment=None) | Q(segment__in=inside),
        Q(most_amount=None) | Q(most_amount__gte=amount),
        is_active=True,
        currency=currency,
        least_amount__lte=amount,
    )
    return fitting.order_by("rank", "name").first()
