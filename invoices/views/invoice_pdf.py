"""The invoice's PDF for colleagues."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from invoices.access import visible_invoices
from invoices.documents.invoice import invoice_pdf as make_pdf
from invoices.documents.names import document_name
from invoices.models import Invoice
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.recipients import language_for, recipient_of
from invoices.views.payer_pdf import pdf_answer


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def invoice_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF in the customer's language; 404 for drafts and for strangers' invoices."""
    user = signed_in(request)
    invoices = visible_invoices(user).select_related("entity", "customer").exclude(status=Invoice.Status.DRAFT)
    invoice = get_object_or_404(invoices, pk=pk)
    contact = recipient_of(invoice.customer)
    language = language_for(contact=contact, customer=invoice.customer, entity=invoice.entity)
    opened = open_amount_now([invoice.pk])[invoice.pk]
    return pdf_answer(
        request,
        lambda: make_pdf(invoice, open_amount=opened, language=language),
        document_name("Invoice", invoice.number),
        who=f"user-{user.pk}",
    )
