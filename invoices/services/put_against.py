"""What a person does who puts money or credit against invoices: the allocations, and what follows from them by rule."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from invoices.models import Allocation, CreditNote, Invoice, Payment
from invoices.services.allocate import allocate
from invoices.services.settle_rests import settle_rests


@transaction.atomic
def put_against(
    *,
    source: Payment | CreditNote,
    shares: Sequence[tuple[Invoice, Decimal | None]],
    parts: Sequence[int | None] = (),
    effective_on: date | None = None,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> list[Allocation]:
    """The new allocations, as `allocate` makes and refuses them. After a payment's, earned discounts are given and
    small differences settled, as when it is recorded."""
    made = allocate(source=source, shares=shares, parts=parts, effective_on=effective_on, actor=actor, by=by)
    if made and isinstance(source, Payment):
        settle_rests(payment=source, actor=actor, by=by)
    return made
