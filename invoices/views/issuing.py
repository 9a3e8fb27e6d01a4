"""Documents by hand: an invoice or debit note, and a credit note, which may correct an invoice."""

from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.access import visible_customers, visible_entities
from customers.forms.refusals import take_refusal
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.access import visible_invoices
from invoices.forms.issuing import MORE_LINES, MORE_PARTS, CreditNoteForm, InvoiceForm
from invoices.models import CreditNote, Invoice
from invoices.services.correct_invoice import correct_invoice
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.issue_invoice import issue_invoice

GET_OR_POST = ["GET", "HEAD", "POST"]
_CUSTOMER_PAGE = "invoices/document_customer.html"


@require_http_methods(GET_OR_POST)
@requires(Capability.RECORD_CASH)
def invoice_new(request: HttpRequest) -> HttpResponse:
    """Whose invoice it is (`?customer=` number or name), then the form, then the issued document."""
    customer = _customer(request)
    title = _("New invoice or debit note")
    if customer is None:
        return _ask_for_customer(request, title)
    form = InvoiceForm(_data(request), **_scope(request, customer))
    asked_for_rows = MORE_LINES in request.POST or MORE_PARTS in request.POST
    if (
        request.method == "POST"
        and not asked_for_rows
        and form.is_valid()
        and (made := _issued(request, customer, form))
    ):
        return toast(request, HttpResponseRedirect(reverse("invoice", args=[made.pk])), _("Issued."))
    wrong = form.is_bound and not asked_for_rows
    context = {"form": form, "customer": customer, "title": title, "has_errors": wrong, "more": asked_for_rows}
    return render(request, "invoices/invoice_new.html", context, status=422 if wrong else 200)


@require_http_methods(GET_OR_POST)
@requires(Capability.RECORD_CASH)
def credit_note_new(request: HttpRequest) -> HttpResponse:
    """The form for a customer (`?customer=`) or an invoice to correct (`?corrects=`), then the issued document."""
    corrects = _corrected(request)
    customer = corrects.customer if corrects else _customer(request)
    title = _("Correct by credit note") if corrects else _("New credit note")
    if customer is None:
        return _ask_for_customer(request, title)
    left = _left_to_correct(corrects) if corrects else None
    form = CreditNoteForm(_data(request), corrects=corrects, left=left, **_scope(request, customer))
    if request.method == "POST" and form.is_valid() and (made := _credited(request, customer, form)):
        where = reverse("invoice", args=[corrects.pk]) if corrects else reverse("credit_note", args=[made.pk])
        return toast(request, HttpResponseRedirect(where), _("Issued."))
    context = {
        "form": form, "customer": customer, "corrects": corrects, "title": title, "has_errors": form.is_bound,
    }  # fmt: skip
    return render(request, "invoices/credit_note_new.html", context, status=422 if form.is_bound else 200)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _scope(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    return {
        "customer": customer,
        "entities": visible_entities(signed_in(request)).order_by("code"),
        "today": business_day(customer.entity),
    }


def _issued(request: HttpRequest, customer: Customer, form: InvoiceForm) -> Invoice | None:
    values = form.cleaned_data
    wanted = ("entity", "kind", "number", "issued_on", "due_on", "currency", "total", "tax_total", "po_number", "text",
              "lines", "instalments", "discount")  # fmt: skip
    try:
        return issue_invoice(customer=customer, actor=signed_in(request), **{name: values[name] for name in wanted})
    except Refusal as refusal:
        take_refusal(form, refusal)
    return None


def _credited(request: HttpRequest, customer: Customer, form: CreditNoteForm) -> CreditNote | None:
    values, person = form.cleaned_data, signed_in(request)
    same = {name: values[name] for name in ("number", "issued_on", "total", "text")}
    try:
        if form.corrects is not None:
            return correct_invoice(invoice=form.corrects, actor=person, **same)
        return issue_credit_note(
            entity=values["entity"], customer=customer, currency=values["currency"], tax_total=values["tax_total"],
            actor=person, **same,
        )  # fmt: skip
    except Refusal as refusal:
        take_refusal(form, refusal)
    return None


def _corrected(request: HttpRequest) -> Invoice | None:
    asked = request.GET.get("corrects", "")
    if not asked:
        return None
    rows = visible_invoices(signed_in(request)).filter(status=Invoice.Status.ISSUED)
    pk = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    return get_object_or_404(rows.select_related("customer__entity", "customer__terms", "entity"), pk=pk)


def _left_to_correct(invoice: Invoice) -> Decimal:
    """What earlier corrections left of the invoice."""
    notes = CreditNote.objects.filter(corrects=invoice, status=Invoice.Status.ISSUED)
    before: Decimal = notes.aggregate(total=Sum("total"))["total"] or Decimal(0)
    return max(Decimal(0), invoice.total - before)


def _ask_for_customer(request: HttpRequest, title: str) -> HttpResponse:
    words = _words(request)
    context = {"title": title, "words": words, "candidates": _candidates(signed_in(request), words)}
    return render(request, _CUSTOMER_PAGE, context)


def _words(request: HttpRequest) -> str:
    return request.GET.get("customer", "").replace("\x00", "").strip()[:100]


def _customer(request: HttpRequest) -> Customer | None:
    words = _words(request)
    rows = visible_customers(signed_in(request)).select_related("entity", "terms")
    return rows.filter(number=words).first() if words else None


def _candidates(user: User, words: str) -> list[Customer]:
    if not words:
        return []
    found = Q(name__icontains=words) | Q(number__istartswith=words)
    return list(visible_customers(user).filter(found).order_by("name", "pk")[:20])
