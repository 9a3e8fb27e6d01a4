"""Posts one bank line for several customers: each part a payment of its own, all or none of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import BadInput
from customers.models import Customer
from invoices.models import BankLine, BankPosting
from invoices.services.move_line import lock_unsettled
from invoices.services.post_line import post_line
from invoices.services.record_payment import Shares


@dataclass(frozen=True, slots=True)
class Part:
    """What one customer gets of the line: a positive amount in its currency, and what it is put against."""

    customer: Customer
    amount: Decimal
    shares: Shares | Literal["oldest"] = ()


@transaction.atomic
def split_line(
    *, line: BankLine, parts: Sequence[Part], actor: AbstractBaseUser | None = None, by: str = ""
) -> list[BankPosting]:
    """The postings, one per part in order; what the parts leave of the line waits. Raises as `post_line` does, and then
    nothing is posted."""
    if not parts:
        raise BadInput("Name at least one customer with an amount.", code="no_parts")
    lock_unsettled(line)  # lines are locked before customers
    ordered = sorted(enumerate(parts), key=lambda pair: pair[1].customer.pk)  # customers are locked in one order
    list(
        Customer.objects.select_for_update(no_key=True)
        .filter(pk__in={part.customer.pk for part in parts})
        .order_by("pk")
        .values_list("pk")
    )
    made = {
        place: post_line(line=line, customer=part.customer, amount=part.amount, shares=part.shares, actor=actor, by=by)
        for place, part in ordered
    }
    return [made[place] for place in range(len(parts))]
