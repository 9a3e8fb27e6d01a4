"""Takes up a bank line again that was parked with a note or set aside."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import Conflict
from invoices.actions import BANK_LINE_REOPENED
from invoices.models import BankLine
from invoices.services.move_line import lock_line, move_line


@transaction.atomic
def reopen_line(*, line: BankLine, actor: AbstractBaseUser | None = None, by: str = "") -> BankLine:
    """The line, which waits again. Raises Conflict when it waits already or its money is posted: undo that instead."""
    locked = lock_line(line)
    if locked.state == BankLine.State.WAITING:
        raise Conflict("This line waits already. Reload the page.", code="line_waits")
    if locked.postings.filter(undone_at__isnull=True).exists():
        raise Conflict("This line is posted. Undo the posting instead.", code="line_settled")
    move_line(locked, BankLine.State.WAITING, action=BANK_LINE_REOPENED, actor=actor, by=by)
    return locked
