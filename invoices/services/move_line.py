"""The lock and the legal moves of a bank line. The other services of bank lines come through here, so that of two
people who settle one line the second is told what the first did."""

from django.contrib.auth.base_user import AbstractBaseUser

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from invoices.models import BankLine
from invoices.rules.bank_lines import BANK_LINE_STATES


def lock_line(line: BankLine) -> BankLine:
    """The line as it is now, locked until the transaction ends; lines are locked before customers."""
    rows = BankLine.objects.select_for_update(no_key=True, of=("self",)).select_related("account__entity")
    return rows.get(pk=line.pk)


def lock_unsettled(line: BankLine) -> BankLine:
    """The locked line, which waits or is parked without a posting. Raises Conflict ('line_settled') otherwise."""
    locked = lock_line(line)
    posted = locked.postings.filter(undone_at__isnull=True).select_related("posted_by").last()
    if locked.state == BankLine.State.WAITING or (locked.state == BankLine.State.PARKED and posted is None):
        return locked
    if locked.state == BankLine.State.IGNORED:
        done = f"set aside as not receivables ({locked.note})"
    else:
        by = (posted.posted_by or "the program") if posted else "somebody"
        done = f"settled by {by}"
    raise Conflict(f"This line was {done} meanwhile. Nothing was posted now. Look again.", code="line_settled")


def move_line(
    line: BankLine,
    state: str,
    *,
    action: str = "",
    note: str = "",
    customer_id: int | None = None,
    actor: AbstractBaseUser | None,
    by: str,
) -> None:
    """Nothing; the locked line now has this state and note, and with an `action` the log says so. Raises Conflict for a
    move that is not legal."""
    if line.state != state:
        BANK_LINE_STATES.check(line.state, state)
    before, line.state, line.note, line.matched_at = line.state, state, note[:200], None
    line.save(update_fields=["state", "note", "matched_at"])
    if action:
        record(action, line, actor=actor, by=by, customer_id=customer_id, before=before, note=line.note)
