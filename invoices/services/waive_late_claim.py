"""Waives a fee or interest document: an adjustment lowers it, at once or after a second person's word (F33)."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import BadInput
from customers.models import Customer
from invoices.models import Adjustment, Approval, Invoice
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.adjustments import WAIVER
from invoices.services.adjust import adjust


@transaction.atomic
def waive_late_claim(
    *,
    document: Invoice,
    reason: str,
    on: date,
    amount: Decimal | None = None,
    actor: AbstractBaseUser,
    by: str = "",
) -> Adjustment | Approval:
    """The posted waiver over `amount` (all that is open unless given, in the document's currency), from the day `on`;
    or the waiting request when it is over the limit of the person's role. Undoing the adjustment reinstates the claim.

    Raises BadInput for what is no fee or interest and when nothing is open; else as `adjust` does."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=document.customer_id)
    if document.kind not in (Invoice.Kind.FEE, Invoice.Kind.INTEREST):
        raise BadInput(
            f"{document.number} is no fee and no interest. Write it off, or correct it by a credit note.",
            code="not_a_late_claim",
        )
    left = open_amount_now([document.pk])[document.pk]
    if left <= 0:
        raise BadInput(
            f"Nothing is open of {document.number}, so nothing can be waived. What was paid is given back by a credit "
            "note.",
            code="nothing_open",
        )
    return adjust(
        kind=WAIVER, entity=document.entity, customer=customer, currency=document.currency,
        shares=[(document, left if amount is None else amount)], effective_on=max(on, document.issued_on),
        reason=reason, actor=actor, by=by,
    )  # fmt: skip
