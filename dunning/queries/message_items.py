"""Which open invoices, and which contact, a message is about. Reads only; a person may choose others."""

import re
from collections.abc import Sequence
from datetime import date

from customers.models import Contact
from dunning.models import InboundMessage, MessageProposal
from invoices.models import Invoice
from invoices.queries.open_amounts import open_invoices

_FIRST_PERSON = re.compile(r"\W*(?:\w+\W+){0,3}?(?:i|ich|je|yo|ik)\b")
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


def meant_contact(proposal: MessageProposal, contacts: Sequence[Contact]) -> Contact | None:
    """Whom a sentence about a person means: who is named in it; else the writer, unless the writer speaks of somebody
    who has left, which is whoever we wrote to, or for a person to say."""
    message, words = proposal.message, set(re.findall(r"[^\W\d_]{3,}", proposal.sentence.lower()))
    named = [row for row in contacts if words & set(re.findall(r"[^\W\d_]{3,}", row.name.lower()))]
    if len(named) == 1:
        return named[0]
    writer = next((row for row in contacts if row.pk == message.contact_id), None)
    speaks_of_others = proposal.kind == MessageProposal.Kind.LEFT and message.kind == InboundMessage.Kind.PERSON
    if not speaks_of_others or _FIRST_PERSON.match(proposal.sentence.lower()):
        return writer
    ours = message.notice or message.document_mail or message.own_message
    addressed = next((row for row in contacts if ours is not None and row.pk == ours.contact_id), None)
    return addressed if addressed is not None and addressed != writer else None


def _is_named(number: str, words: str) -> bool:
    if len(number) < 4:
        return False  # "12" stands in any text
    return re.search(rf"(?<![\w-]){re.escape(number)}(?![\w-])", words) is not None


def _answered(message: InboundMessage) -> set[int]:
    if message.notice is not None:
        return set(message.notice.items.values_list("invoice_id", flat=True))
    if message.document_mail is not None and message.document_mail.invoice_id is not None:
        return {message.document_mail.invoice_id}
    if message.own_message is not None:
        return set(message.own_message.items.values_list("invoice_id", flat=True))
    return set()
