"""Sets a bank line aside that concerns no customer: bank fees, salaries, transfers between own accounts."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import BadInput
from invoices.actions import BANK_LINE_IGNORED
from invoices.models import BankLine
from invoices.queries.bank_lines import left_of
from invoices.services.move_line import lock_unsettled, move_line


@transaction.atomic
def ignore_line(*, line: BankLine, reason: str, actor: AbstractBaseUser | None = None, by: str = "") -> BankLine:
    """The line, set aside with its reason. Raises BadInput without a reason or when a part of it is posted, Conflict
    ('line_settled') when somebody else settled it meanwhile."""
    if not reason.strip():
        raise BadInput(
            "Say what the line is, since it is no receivable.", code="no_reason", fields={"note": "Enter a reason."}
        )
    locked = lock_unsettled(line)
    if left_of(locked) != abs(locked.amount):
        raise BadInput("A part of this line is posted. Undo that first, or park the rest.", code="partly_posted")
    move_line(
        locked, BankLine.State.IGNORED, action=BANK_LINE_IGNORED, note=reason.strip(), actor=actor, by=by
    )  # fmt: skip
    return locked
