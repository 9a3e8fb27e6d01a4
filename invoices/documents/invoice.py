"""The invoice as a document. No pay link ever enters it, so copies of it are harmless."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from django.template.loader import render_to_string
from django.utils.translation import override

from collections_app.lib.errors import BadInput
from collections_app.lib.money import format_amount
from invoices.documents.pdf import render_pdf
from invoices.documents.qr import transfer_code_address
from invoices.documents.styles import print_css
from invoices.models import Invoice
from invoices.rules.epc import payment_reference, shown_iban

# A thousand lines take six seconds; what is longer is cut and says so.
LONGEST = 1000


def invoice_pdf(invoice: Invoice, *, open_amount: Decimal, language: str) -> bytes:
    """The PDF in that language. `open_amount`, in the invoice's currency, is what the transfer code asks for.

    Raises PdfRefused with a sentence for people."""
    return render_pdf(invoice_html(invoice, open_amount=open_amount, language=language))


def invoice_html(invoice: Invoice, *, open_amount: Decimal, language: str) -> str:
    """The complete HTML document that becomes the PDF."""
    reference = payment_reference(invoice.number)
    context = {
        "invoice": invoice,
        "entity": invoice.entity,
        "customer": invoice.customer,
        "language": language,
        "css": print_css(),
        "lines": written_lines(invoice.lines, invoice.currency, language),
        "cut": len(invoice.lines) > LONGEST if isinstance(invoice.lines, list) else False,
        "net": invoice.total - invoice.tax_total,
        "open_amount": open_amount,
        "paid": invoice.total - open_amount,
        "reference": reference,
        "iban": shown_iban(invoice.entity.iban),
        "qr": transfer_code_address(invoice.entity, amount=open_amount, currency=invoice.currency, reference=reference),
    }
    with override(language):
        return render_to_string("documents/invoice.html", context)


def written_lines(stored: object, currency: str, language: str) -> Sequence[Mapping[str, str]]:
    """The lines as pages and documents show them, amounts written in the language.

    They came from another system: what is no amount is shown as it is."""
    rows = stored[:LONGEST] if isinstance(stored, list) else []
    return [
        {
            "text": str(row.get("text", ""))[:500],
            "quantity": str(row.get("quantity", ""))[:20],
            "amount": _amount(row.get("amount"), currency, language),
        }
        for row in rows
        if isinstance(row, dict)
    ]


def _amount(value: object, currency: str, language: str) -> str:
    try:
        return format_amount(Decimal(str(value)), currency, language)
    except (InvalidOperation, BadInput):
        return "" if value is None else str(value)[:20]
