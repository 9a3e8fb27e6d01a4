"""Parks a bank line: as unapplied cash of a customer who is known, or aside with a note until somebody knows more."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import BadInput
from customers.models import Customer
from invoices.actions import BANK_LINE_PARKED
from invoices.models import BankLine
from invoices.services.move_line import lock_unsettled, move_line
from invoices.services.post_line import post_line


@transaction.atomic
def park_line(
    *,
    line: BankLine,
    note: str = "",
    customer: Customer | None = None,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> BankLine:
    """The parked line. With a customer all that is left of it is posted as a payment that no invoice takes: it shows as
    unapplied cash of the customer. Without one it needs a note. Raises as `post_line` does."""
    note = note.strip()
    if customer is not None:
        return post_line(line=line, customer=customer, park=True, note=note, actor=actor, by=by).line
    if not note:
        raise BadInput("Say why the line is parked.", code="no_note", fields={"note": "Enter a note."})
    locked = lock_unsettled(line)
    move_line(locked, BankLine.State.PARKED, action=BANK_LINE_PARKED, note=note, actor=actor, by=by)
    return locked
