"""The statement of account as a document. Nothing in it lets anybody pay or sign in, so copies of it are harmless.

A table row per posting would cost the PDF writer four milliseconds each; five postings share one row here, their lines
one below the other, which is also how ledgers on paper were ruled."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from collections_app.web.aging_scale import AGING_STEPS
from collections_app.web.writing import amount_text, date_text
from invoices.documents.pdf import render_pdf
from invoices.documents.qr import transfer_code_address
from invoices.documents.styles import print_css
from invoices.queries.statement import Statement, StatementPart
from invoices.rules.epc import payment_reference, shown_iban
from invoices.rules.statement import Posting

# Some four seconds of a busy machine; what is longer is cut and says so.
LONGEST, BLOCK = 1500, 5
MOST_OPEN = 400
_WIDEST, _NOTE = 40, 24  # signs that fit the columns


def statement_pdf(statement: Statement, *, language: str) -> bytes:
    """The PDF in that language. Raises PdfRefused with a sentence for people."""
    return render_pdf(statement_html(statement, language=language))


def statement_html(statement: Statement, *, language: str) -> str:
    """The complete HTML document that becomes the PDF."""
    with override(language):
        context = {
            "statement": statement,
            "customer": statement.customer,
            "entity": statement.parts[0].entity if statement.parts else statement.customer.entity,
            "language": language,
            "css": print_css(),
            "parts": [_part(part, statement, language) for part in statement.parts],
        }
        return render_to_string("documents/statement.html", context)


def posting_words(row: Posting) -> str:
    """What a posting is, in the reader's language: "Invoice NW-1", "Write-off"."""
    kinds = {
        "invoice": _("Invoice"),
        "debit_note": _("Debit note"),
        "down_payment": _("Down payment request"),
        "fee": _("Fee"),
        "interest": _("Interest on late payment"),
        "credit_note": _("Credit note"),
        "payment": _("Payment"),
        "refund_chargeback": _("Chargeback"),
        "refund_returned": _("Returned payment"),
        "refund_small_difference": _("Small difference"),
        "refund_exchange": _("Exchanged"),
        "refund_clearing": _("Cleared"),
        "adjustment_write_off": _("Adjustment"),  # how we book it is our own affair
        "adjustment_early_payment_discount": _("Early-payment discount"),
        "adjustment_small_difference": _("Small difference"),
        "adjustment_exchange_difference": _("Exchange difference"),
    }
    words = kinds.get(row.kind) or (_("Refund") if row.kind.startswith("refund") else _("Adjustment"))
    return f"{words} {row.reference}".strip()


def _part(part: StatementPart, statement: Statement, language: str) -> dict[str, Any]:
    reference = payment_reference(statement.customer.number)
    closing = part.period.closing
    share = max(BLOCK, LONGEST * len(part.period.postings) // max(statement.lines, LONGEST))
    shown = part.period.postings[-share:]
    skipped = len(part.period.postings) - len(shown)
    return {
        "part": part,
        "entity": part.entity,
        "currency": part.currency,
        "opening": shown[0].balance - shown[0].amount if skipped else part.period.opening,
        "skipped": skipped,
        "closing": closing,
        "blocks": [_block(shown[place : place + BLOCK], part.currency) for place in range(0, len(shown), BLOCK)],
        "ages": [(step.label, part.by_age[step.key]) for step in AGING_STEPS],
        "items": part.items[:MOST_OPEN],
        "more_items": max(0, len(part.items) - MOST_OPEN),
        "iban": shown_iban(part.entity.iban),
        "reference": reference,
        "qr": transfer_code_address(part.entity, amount=closing, currency=part.currency, reference=reference)
        if closing > Decimal(0)
        else "",
    }


def _block(rows: Sequence[Posting], currency: str) -> dict[str, str]:
    """Five postings as the texts of five cells, a line each."""
    return {
        "days": "\n".join(date_text(row.on) for row in rows),
        "words": "\n".join(_fitting(posting_words(row), _WIDEST) for row in rows),
        "notes": "\n".join(_fitting(date_text(row.due_on) if row.due_on else row.note, _NOTE) for row in rows),
        "amounts": "\n".join(amount_text(row.amount, currency) for row in rows),
        "balances": "\n".join(amount_text(row.balance, currency) for row in rows),
    }


def _fitting(text: str, widest: int) -> str:
    bare = " ".join(text.split())
    return bare if len(bare) <= widest else bare[: widest - 1] + "…"
