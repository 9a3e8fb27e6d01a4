"""What a person asks for when they write off, settle or adjust: posted at once, or waiting for a second person."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import NotAllowed
from customers.models import Customer, LegalEntity
from invoices.models import Adjustment, Approval
from invoices.services.post_adjustment import Shares, post_adjustment
from invoices.services.request_approval import request_approval


@transaction.atomic
def adjust(
    *,
    kind: str,
    entity: LegalEntity,
    customer: Customer,
    currency: str,
    shares: Shares,
    effective_on: date,
    reason: str,
    actor: AbstractBaseUser,
    by: str = "",
) -> Adjustment | Approval:
    """The posted adjustment, or the waiting approval when the amount is over the currency's limit (without rules for
    the currency everything is). Raises BadInput and Conflict as `post_adjustment` does."""
    try:
        with transaction.atomic():
            return post_adjustment(
                kind=kind, entity=entity, customer=customer, currency=currency, shares=shares,
                effective_on=effective_on, reason=reason, actor=actor, by=by,
            )  # fmt: skip
    except NotAllowed as refusal:
        if refusal.code != "needs_approval":
            raise
    return request_approval(
        kind=kind, entity=entity, customer=customer, currency=currency, shares=shares, effective_on=effective_on,
        reason=reason, actor=actor, by=by,
    )  # fmt: skip
