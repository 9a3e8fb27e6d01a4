"""Composes document mails: subject, text, HTML, attachment. Sends nothing and keeps nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import css_inline
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from collections_app.web.writing import date_text
from customers.channels.parcel import Attachment
from invoices.documents.invoice import invoice_pdf
from invoices.documents.names import document_name
from invoices.documents.receipt import receipt_pdf
from invoices.documents.statement import statement_pdf
from invoices.models import DocumentMail, Invoice, Payment, PaySession
from invoices.queries.receipt import ReceiptLine, receipt_of
from invoices.queries.statement import Statement, StatementPart
from invoices.rules.plans import Instalment, InstalmentState


@dataclass(frozen=True, slots=True)
class Letter:
    """A composed mail."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def invoice_letter(mail: DocumentMail, invoice: Invoice, *, open_amount: Decimal, address: str) -> Letter:
    """The mail that brings an invoice, with its PDF and the payer's link. `open_amount` in the invoice's currency."""
    with override(mail.language):
        subject = _("Invoice %(number)s from %(seller)s") % {"number": invoice.number, "seller": invoice.entity.name}
        name = document_name(_("Invoice"), invoice.number)
        pdf = invoice_pdf(invoice, open_amount=open_amount, language=mail.language)
        facts = {"invoice": invoice, "entity": invoice.entity, "open_amount": open_amount}
        return _letter(mail, subject, facts, address, Attachment(name, pdf))


def receipt_letter(mail: DocumentMail, session: PaySession, *, address: str) -> Letter:
    """The receipt for a paid session, with its PDF and a link to its page."""
    with override(mail.language):
        subject = _("Receipt %(reference)s from %(seller)s") % {
            "reference": session.reference,
            "seller": session.entity.name,
        }
        name = document_name(_("Receipt"), session.reference)
        pdf = receipt_pdf(session, language=mail.language)
        facts = {"receipt": receipt_of(session), "session": session, "entity": session.entity}
        return _letter(mail, subject, facts, address, Attachment(name, pdf))


def link_letter(mail: DocumentMail, *, address: str) -> Letter:
    """The mail that brings a fresh link to a payer who asked for one."""
    entity = mail.invoice.entity if mail.invoice is not None else mail.customer.entity
    with override(mail.language):
        subject = _("Your new payment link from %(seller)s") % {"seller": entity.name}
        return _letter(mail, subject, {"invoice": mail.invoice, "entity": entity}, address, None)


def thanks_letter(
    mail: DocumentMail, payment: Payment, lines: Sequence[ReceiptLine], *, left: Decimal, address: str
) -> Letter:
    """The thanks for a payment: where it went, and what is still open on the account in its currency (`left`)."""
    with override(mail.language):
        subject = _("Your payment to %(seller)s has arrived") % {"seller": payment.entity.name}
        facts = {"payment": payment, "lines": lines, "left": left, "entity": payment.entity}
        return _letter(mail, subject, facts, address, None)


def statement_letter(mail: DocumentMail, statement: Statement, *, address: str) -> Letter:
    """The mail that brings the statement of account: the balances in a few lines, and the whole as a PDF."""
    entity = mail.customer.entity
    with override(mail.language):
        day = date_text(statement.as_of)
        subject = _("Statement of account as of %(day)s from %(seller)s") % {"day": day, "seller": entity.name}
        name = document_name(_("Statement of account").replace(" ", "-"), statement.as_of.isoformat())
        pdf = statement_pdf(statement, language=mail.language)
        parts = [(part, _overdue(part, statement.as_of)) for part in statement.parts]
        facts = {"statement": statement, "parts": parts, "day": day, "entity": entity}
        return _letter(mail, subject, facts, address, Attachment(name, pdf))


def plan_letter(mail: DocumentMail, part: Instalment, *, currency: str, address: str) -> Letter:
    """The mail about one part of a payment plan: due soon, or late while its grace runs."""
    entity = mail.customer.entity
    with override(mail.language):
        day = date_text(part.part.due_on)
        subject = _("Your payment plan with %(seller)s: part of %(day)s") % {"seller": entity.name, "day": day}
        late = part.state is InstalmentState.LATE
        facts = {"part": part, "late": late, "currency": currency, "entity": entity}
        return _letter(mail, subject, facts, address, None)


def _overdue(part: StatementPart, as_of: date) -> Decimal:
    return sum((item.open for item in part.items if item.due_on < as_of), Decimal(0))


def _letter(
    mail: DocumentMail, subject: str, facts: Mapping[str, Any], address: str, attachment: Attachment | None
) -> Letter:
    context = {**facts, "mail": mail, "customer": mail.customer, "address": address, "subject": subject}
    html = render_to_string(f"documents/mail/{mail.kind}.html", context)
    return Letter(
        subject=subject,
        text=render_to_string(f"documents/mail/{mail.kind}.txt", context).strip() + "\n",
        html=_inliner().inline(html),
        attachments=(attachment,) if attachment else (),
    )


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    """Mail programs drop style sheets, so styles go to the elements; nothing is ever fetched for it."""
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
