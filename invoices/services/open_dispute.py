"""Records that a customer disputes part of one invoice: a case of one. The amount stays owed; only reminding pauses
(A8)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.accounts.models import User
from customers.models import Customer
from invoices.models import Dispute, Invoice
from invoices.services.comment_case import Brought, keep_files
from invoices.services.open_case import open_case


@transaction.atomic
def open_dispute(
    *,
    invoice: Invoice,
    amount: Decimal | None,
    reason: str,
    text: str = "",
    via: str = Dispute.Via.ANALYST,
    opened_on: date,
    actor: AbstractBaseUser | None = None,
    by: str = "",
    files: Sequence[Brought] = (),
) -> Dispute:
    """The new open dispute with its reference; `amount` in the invoice's currency, None for all that is open. `files`
    stand beside its case.

    The customer's collector owns it, else the person who records it. Raises BadInput for an unknown reason or more than
    is open, Conflict when the invoice already has an open dispute or nothing open."""
    case = open_case(
        customer=Customer.objects.get(pk=invoice.customer_id), items=[(invoice, amount)], reason=reason, text=text,
        via=via, opened_on=opened_on, actor=actor, by=by,
    )  # fmt: skip
    keep_files(case, files, on=opened_on, actor=actor if isinstance(actor, User) else None, by=by)
    return case.disputes.get()
