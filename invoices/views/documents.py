"""What the pages of invoices and payments share: state words, and where neighbours live."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from invoices.rules.invoice_state import invoice_state

# State -> (tone of the badge, word).
STATE_WORDS: dict[str, tuple[str, str | Promise]] = {
    "paid": ("ok", _("Paid")),
    "overdue": ("late", _("Overdue")),
    "part_paid": ("attention", _("Part paid")),
    "open": ("held", _("Not due")),
}


def state_of(row: Any) -> str:
    """The invoice's state on its `as_of`, by its `open_amount` and the day its next part is due, `next_due_on`."""
    return invoice_state(open_amount=row.open_amount, total=row.total, due_on=row.next_due_on, as_of=row.as_of)


def address_of(name: str, *arguments: Any) -> str:
    """The URL of that name, or nothing where this installation has no such page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
