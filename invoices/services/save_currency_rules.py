"""Sets what counts as small in a currency, how far a payment plan may go, and from where on two people decide."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import BadInput, Refusal
from collections_app.lib.money import Money
from invoices.actions import CURRENCY_RULES_SAVED
from invoices.models import CurrencyRules

_AMOUNTS = (
    "under_tolerance", "over_tolerance", "approval_over", "plan_min_part", "waive_analyst", "waive_accountant",
    "waive_manager",
)  # fmt: skip
_LEAST = {"plan_max_parts": 2, "plan_max_months": 1, "plan_grace_days": 0, "promise_grace_days": 0}
_MOST = 60


@transaction.atomic
def save_currency_rules(*, rules: CurrencyRules, actor: AbstractBaseUser | None, by: str = "") -> CurrencyRules:
    """The rules as kept; they hold for what is posted from now on. Raises BadInput with a sentence per field that
    cannot be: unknown currencies, negative amounts and surplus digits."""
    wrong = {name: sentence for name in _AMOUNTS if (sentence := _problem(rules, name))}
    for name, least in _LEAST.items():
        if not least <= getattr(rules, name) <= _MOST:
            wrong[name] = f"Enter a number from {least} to {_MOST}."
    if not is_currency(rules.currency):
        wrong = {"currency": "Use a currency code of three letters, such as EUR."}
    elif CurrencyRules.objects.filter(currency=rules.currency).exclude(pk=rules.pk).exists():
        wrong = {"currency": "This currency has rules already. Change those."}
    if wrong:
        raise BadInput("Some of the rules cannot be kept. Correct them.", code="currency_rules", fields=wrong)
    rules.save()
    amounts = {name: getattr(rules, name) for name in (*_AMOUNTS, *_LEAST)}
    record(CURRENCY_RULES_SAVED, rules, actor=actor, by=by, currency=rules.currency, **amounts)
    return rules


def _problem(rules: CurrencyRules, name: str) -> str:
    amount = getattr(rules, name)
    try:
        exact = Money(amount, rules.currency).amount
    except Refusal as refusal:
        return refusal.sentence
    return "Enter 0 or more." if exact < 0 else ""
