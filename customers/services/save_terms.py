"""Creates or changes payment terms. Documents keep the days they were issued with."""

from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.actions import TERMS_SAVED
from customers.models import PaymentTerms

LONGEST_NET, MOST_MONTHS = 730, 24


@transaction.atomic
def save_terms(*, terms: PaymentTerms, actor: AbstractBaseUser | None, by: str = "") -> PaymentTerms:
    """The terms as kept. Raises BadInput with a sentence per field that cannot be."""
    found = {"code": _code_problem(terms), "days": _days_problem(terms), **_discount_problems(terms)}
    wrong = {field: sentence for field, sentence in found.items() if sentence}
    if wrong:
        raise BadInput("Some of the terms cannot be kept. Correct them.", code="terms_data", fields=wrong)
    terms.save()
    record(
        TERMS_SAVED, terms, actor=actor, by=by, code=terms.code, kind=terms.kind, days=terms.days,
        discount_percent=terms.discount_percent, discount_days=terms.discount_days,
    )  # fmt: skip
    return terms


def _code_problem(terms: PaymentTerms) -> str:
    taken = PaymentTerms.objects.filter(code=terms.code).exclude(pk=terms.pk).exists()
    return "Other terms have this code. Choose another one." if taken else ""


def _days_problem(terms: PaymentTerms) -> str:
    highest = {"net": LONGEST_NET, "end_of_month": MOST_MONTHS, "nth_following": 31}[terms.kind]
    lowest = 1 if terms.kind == "nth_following" else 0
    return "" if lowest <= terms.days <= highest else f"Enter a number from {lowest} to {highest}."


def _discount_problems(terms: PaymentTerms) -> dict[str, str]:
    percent = "" if Decimal(0) <= terms.discount_percent < 100 else "Enter a percentage from 0 to below 100."
    days = "" if terms.discount_days <= LONGEST_NET else f"Enter at most {LONGEST_NET} days."
    if terms.discount_days and not terms.discount_percent:
        percent = "Enter the percentage for these days, or leave both at 0."
    return {"discount_percent": percent, "discount_days": days}
