"""Invoices and credit notes over the API. Each view parses, gates, calls one service or query, and answers."""

from typing import Any

from django.db.models import DateField, QuerySet, Value
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from collections_app.accounts.roles import Capability
from collections_app.api.filters import refuse_unknown_parameters
from collections_app.api.idempotency import once
from customers.queries.clock import installation_day
from invoices.access import visible_credit_notes, visible_invoices
from invoices.api.described import AS_OF, KEY
from invoices.api.scope import ScopedView, day_asked
from invoices.api.serializers import CreditNoteIn, CreditNoteOut, InvoiceDetailOut, InvoiceIn, InvoiceOut
from invoices.filters import InvoiceFilter
from invoices.models import CreditNote, Invoice
from invoices.queries.open_amounts import with_open_amount, with_open_credit
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.issue_invoice import issue_invoice


class Invoices(ScopedView):
    """GET and POST /invoices/"""

    capabilities = {"GET": Capability.SEE_ACCOUNTS, "POST": Capability.IMPORT_FILES}
    filterset_class = InvoiceFilter
    queryset = Invoice.objects.none()

    def get_serializer_class(self) -> type[Any]:
        """What is read for POST, what is written for GET."""
        return InvoiceIn if self.request.method == "POST" else InvoiceOut

    def get_queryset(self) -> QuerySet[Invoice]:
        """The invoices the caller may see."""
        return visible_invoices(self.caller).select_related("customer", "entity")

    @extend_schema(operation_id="invoices_list", responses=InvoiceOut(many=True), summary="List invoices")
    def get(self, request: Request) -> Response:
        """Issued invoices with what is open of them as of a day."""
        return self.listed()

    @extend_schema(
        request=InvoiceIn,
        responses={201: InvoiceDetailOut},
        parameters=[KEY],
        filters=False,
        summary="Issue an invoice",
    )
    def post(self, request: Request) -> Response:
        """Issues an invoice or debit note. From then on it is corrected by a credit note only."""
        return once(request, self._issue, required=False)

    def _issue(self) -> Response:
        invoice = issue_invoice(**self.sent(), actor=self.caller, by="api")
        return Response(_detail(invoice), status=201)


class InvoiceDetail(ScopedView):
    """GET /invoices/{id}/"""

    capabilities = {"GET": Capability.SEE_ACCOUNTS}
    serializer_class = InvoiceDetailOut
    pagination_class = None
    filter_backends = []

    @extend_schema(parameters=[AS_OF], summary="Get an invoice")
    def get(self, request: Request, invoice_id: int) -> Response:
        """One invoice with its lines and allocations, and what is open of it as of a day."""
        refuse_unknown_parameters(request, {"as_of"})
        day = day_asked(request)
        rows = with_open_amount(visible_invoices(self.caller), as_of=day).annotate(as_of=Value(day, DateField()))
        invoice = get_object_or_404(rows.select_related("customer", "entity"), pk=invoice_id)
        return Response(InvoiceDetailOut(invoice).data)


def _detail(invoice: Invoice) -> Any:
    day = max(installation_day(), invoice.issued_on)
    rows = with_open_amount(Invoice.objects.filter(pk=invoice.pk), as_of=day).annotate(as_of=Value(day, DateField()))
    return InvoiceDetailOut(rows.select_related("customer", "entity").get()).data


class CreditNotes(ScopedView):
    """GET and POST /credit-notes/"""

    capabilities = {"GET": Capability.SEE_ACCOUNTS, "POST": Capability.RECORD_CASH}
    queryset = CreditNote.objects.none()

    def get_serializer_class(self) -> type[Any]:
        """What is read for POST, what is written for GET."""
        return CreditNoteIn if self.request.method == "POST" else CreditNoteOut

    def get_queryset(self) -> QuerySet[CreditNote]:
        """The credit notes the caller may see, as of today."""
        rows = visible_credit_notes(self.caller).select_related("customer", "entity")
        return with_open_credit(rows, as_of=installation_day())

    @extend_schema(operation_id="credit_notes_list", responses=CreditNoteOut(many=True), summary="List credit notes")
    def get(self, request: Request) -> Response:
        """Issued credit notes with what is left of them today."""
        return self.listed()

    @extend_schema(
        request=CreditNoteIn,
        responses={201: CreditNoteOut},
        parameters=[KEY],
        filters=False,
        summary="Issue a credit note",
    )
    def post(self, request: Request) -> Response:
        """Issues a credit note and puts it against the invoice it corrects."""
        return once(request, self._issue, required=False)

    def _issue(self) -> Response:
        sent = self.sent()
        corrects = sent.pop("corrects", None)
        invoice = visible_invoices(self.caller).filter(pk=corrects).first() if corrects else None
        if corrects and invoice is None:
            raise ValidationError({"corrects": [f"There is no invoice with the id {corrects}."]})
        note = issue_credit_note(**sent, corrects=invoice, actor=self.caller, by="api")
        day = max(installation_day(), note.issued_on)
        rows = with_open_credit(CreditNote.objects.filter(pk=note.pk), as_of=day)
        return Response(CreditNoteOut(rows.select_related("customer", "entity").get()).data, status=201)
