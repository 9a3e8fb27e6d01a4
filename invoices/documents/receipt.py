"""The receipt for a payment made through a pay link, as a document."""

from django.template.loader import render_to_string
from django.utils.translation import override

from invoices.documents.pdf import render_pdf
from invoices.documents.styles import print_css
from invoices.models import PaySession
from invoices.queries.receipt import Receipt, receipt_of


def receipt_pdf(session: PaySession, *, language: str) -> bytes:
    """The PDF in that language, for a session that was paid. Raises PdfRefused with a sentence for people."""
    return render_pdf(receipt_html(receipt_of(session), language=language))


def receipt_html(receipt: Receipt, *, language: str) -> str:
    """The complete HTML document that becomes the PDF."""
    session = receipt.session
    context = {
        "receipt": receipt,
        "session": session,
        "payment": receipt.payment,
        "entity": session.entity,
        "customer": session.customer,
        "language": language,
        "css": print_css(),
    }
    with override(language):
        return render_to_string("documents/receipt.html", context)
