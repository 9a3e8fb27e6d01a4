"""The invoice's PDF behind a pay link: of the link's own invoice, or of the customer's for a link to all open items."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from invoices.documents.invoice import invoice_pdf
from invoices.documents.names import document_name
from invoices.models import Invoice, PayLink
from invoices.queries.open_amounts import open_amount_now
from invoices.views.payer_gate import ANY_PAYER, Visit, payer_page
from invoices.views.payer_pdf import pdf_answer


@require_safe
@payer_page(*ANY_PAYER)
def pay_invoice_pdf(request: HttpRequest, visit: Visit, invoice_id: int) -> HttpResponse:
    """The PDF; 404 for any invoice that this link does not show (D53)."""
    invoices = Invoice.objects.select_related("entity", "customer").filter(
        customer_id=visit.link.customer_id, status=Invoice.Status.ISSUED
    )
    if visit.link.purpose == PayLink.Purpose.INVOICE:
        invoices = invoices.filter(pk__in=[visit.link.invoice_id])
    invoice = get_object_or_404(invoices, pk=invoice_id)
    opened = open_amount_now([invoice.pk])[invoice.pk]
    return pdf_answer(
        request,
        lambda: invoice_pdf(invoice, open_amount=opened, language=visit.language),
        document_name("Invoice", invoice.number),
    )
