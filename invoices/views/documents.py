"""What the pages of invoices and payments share: state words, totals per currency, and where neighbours live."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collections_app.lib.money import Money
from invoices.models import Invoice
from invoices.rules.invoice_state import invoice_state

# State -> (tone of the badge, word).
STATE_WORDS: dict[str, tuple[str, str | Promise]] = {
    "paid": ("ok", _("Paid")),
    "overdue": ("late", _("Overdue")),
    "part_paid": ("attention", _("Part paid")),
    "open": ("held", _("Not due")),
}


def with_words(invoices: Iterable[Any]) -> list[Any]:
    """The same invoices, which need `open_amount` and `as_of`, with `tone`, `word` and `days_late` for the template."""
    rows = list(invoices)
    for row in rows:
        row.state = state_of(row)
        row.tone, row.word = STATE_WORDS[row.state]
        row.days_late = (row.as_of - row.due_on).days
    return rows


def state_of(row: Any) -> str:
    """The invoice's state on its `as_of`."""
    return invoice_state(open_amount=row.open_amount, total=row.total, due_on=row.due_on, as_of=row.as_of)


def totals(rows: QuerySet[Any], whole: str) -> list[dict[str, Any]]:
    """Per currency: how many rows, the sum of the column `whole` and of what is open, in whole smallest units."""
    found = rows.order_by().values("currency").annotate(n=Count("pk"), whole=Sum(whole), open=Sum("open_amount"))
    return [
        {
            **row,
            "whole": Money(row["whole"], row["currency"]).amount,
            "open": Money(row["open"], row["currency"]).amount,
        }
        for row in sorted(found, key=lambda row: row["currency"])
    ]


def address_of(name: str, *arguments: Any) -> str:
    """The URL of that name, or nothing where this installation has no such page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def export_cells(row: Invoice) -> list[Any]:
    """One invoice as the cells of a download; needs `open_amount` and `as_of`."""
    money = [Money(amount, row.currency) for amount in (row.total, row.open_amount)]  # type: ignore[attr-defined]
    return [
        row.number, row.po_number, row.customer.number, row.customer.name, row.entity.code, row.issued_on, row.due_on,
        str(STATE_WORDS[state_of(row)][1]), row.currency, *money, row.as_of,  # type: ignore[attr-defined]
    ]  # fmt: skip
