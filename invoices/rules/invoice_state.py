"""What an invoice looks like on a day, in one word. Pure; nothing of it is stored."""

from datetime import date
from decimal import Decimal


def invoice_state(*, open_amount: Decimal, total: Decimal, due_on: date, as_of: date) -> str:
    """'paid', 'overdue', 'part_paid' or 'open'. The due day itself is not overdue; overdue wins over part paid."""
    if open_amount <= 0:
        return "paid"
    if due_on < as_of:
        return "overdue"
    return "part_paid" if open_amount < total else "open"
