"""Keeps what a payment plan may look like for some customers: what one person agrees to, what a payer may propose."""

from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import BadInput, Refusal
from collections_app.lib.money import Money
from invoices.actions import PLAN_TEMPLATE_SAVED
from invoices.models import PlanTemplate

_AMOUNTS = ("least_amount", "most_amount", "least_instalment", "approve_over")
_BOUNDS = {
    "most_instalments": (2, 60),
    "longest_days": (1, 3660),
    "first_within_days": (0, 365),
    "grace_days": (0, 60),
    "rank": (0, 9999),
}


@transaction.atomic
def save_plan_template(*, template: PlanTemplate, actor: AbstractBaseUser | None, by: str = "") -> PlanTemplate:
    """The template as kept; it holds for plans proposed or agreed from now on.

    Raises BadInput with a sentence per field that cannot be."""
    wrong = _problems(template)
    if not is_currency(template.currency):
        wrong = {"currency": "Use a currency code of three letters, such as EUR."}
    elif PlanTemplate.objects.filter(name=template.name, currency=template.currency).exclude(pk=template.pk).exists():
        wrong = {"name": "Another template in this currency has that name. Choose a different one."}
    if wrong:
        raise BadInput("The template cannot be kept like this. Correct it.", code="plan_template", fields=wrong)
    template.save()
    kept = {field.attname: getattr(template, field.attname) for field in PlanTemplate._meta.concrete_fields}
    record(PLAN_TEMPLATE_SAVED, template, actor=actor, by=by, **kept)
    return template


def _problems(template: PlanTemplate) -> dict[str, str]:
    wrong = {}
    for name, (least, most) in _BOUNDS.items():
        if not least <= getattr(template, name) <= most:
            wrong[name] = f"Enter a number from {least} to {most}."
    for name in _AMOUNTS:
        amount: Decimal | None = getattr(template, name)
        if amount is not None and (sentence := _not_money(amount, template.currency)):
            wrong[name] = sentence
    if template.most_amount is not None and template.most_amount < template.least_amount and not wrong:
        wrong["most_amount"] = "This is less than the smallest amount. Enter more, or leave it empty."
    if template.first_within_days > template.longest_days and not wrong:
        wrong["longest_days"] = "The plan would end before its first part. Enter more days."
    return wrong


def _not_money(amount: Decimal, currency: str) -> str:
    try:
        exact = Money(Decimal(amount), currency).amount
    except Refusal as refusal:
        return refusal.sentence
    return "Enter 0 or more." if exact < 0 else ""
