"""Which open invoices a message is about. Reads only; a person may choose others."""

import re
from collections.abc import Sequence
from datetime import date

from dunning.models import InboundMessage
from invoices.models import Invoice
from invoices.queries.open_amounts import open_invoices

MOST = 200  # invoices that are offered; who owes more names numbers


def offered_invoices(message: InboundMessage, *, on: date, currency: str = "") -> list[Invoice]:
    """The open invoices of the message's account, oldest due first, each with `open_amount` as of the day."""
    if message.customer_id is None:
        return []
    rows = open_invoices(customer_id=message.customer_id, as_of=on, currency=currency or None)
    return list(rows[:MOST])


def meant_invoices(message: InboundMessage, offered: Sequence[Invoice]) -> list[Invoice]:
    """Those of the offered invoices that the words name by number; else those of the mail that is answered; else all of
    the currency in which most stand open."""
    words = message.said.lower()
    named = [row for row in offered if _is_named(row.number.lower(), words)]
    if named:
        return named
    answered = _answered(message)
    found = [row for row in offered if row.pk in answered] or list(offered)
    currencies = [row.currency for row in found]
    usual = max(sorted(set(currencies)), key=currencies.count, default="")
    return [row for row in found if row.currency == usual]


def _is_named(number: str, words: str) -> bool:
    if len(number) < 4:
        return False  # "12" stands in any text
    return re.search(rf"(?<![\w-]){re.escape(number)}(?![\w-])", words) is not None


def _answered(message: InboundMessage) -> set[int]:
    if message.notice is not None:
        return set(message.notice.items.values_list("invoice_id", flat=True))
    if message.document_mail is not None and message.document_mail.invoice_id is not None:
        return {message.document_mail.invoice_id}
    return set()
