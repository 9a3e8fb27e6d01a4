"""One invoice on one page: document, lines, what was put against it, disputes, promises, mails; and sending it."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import DateField, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import toast
from customers.queries.clock import business_day
from invoices.access import visible_invoices
from invoices.documents.invoice import written_lines
from invoices.filters import DayField
from invoices.models import Invoice
from invoices.queries.open_amounts import with_open_amount
from invoices.services.queue_invoice_mail import queue_invoice_mail
from invoices.views.documents import address_of, with_words


class AsOfForm(forms.Form):
    """The day to look at the invoice."""

    as_of = DayField(label=gettext_lazy("As of"), required=False)


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """The invoice as it stands on its entity's business day, or on `?as_of=`."""
    rows = visible_invoices(signed_in(request)).filter(status=Invoice.Status.ISSUED)
    found = get_object_or_404(rows.select_related("customer", "entity"), pk=pk)
    form = AsOfForm(request.GET)
    today = business_day(found.entity)
    day = (form.cleaned_data["as_of"] if form.is_valid() else None) or max(today, found.issued_on)
    context = _context(found, max(day, found.issued_on))
    context |= {"form": form, "today": today, "may_work": signed_in(request).may(Capability.WORK_ACCOUNTS)}
    return render(request, "invoices/invoice.html", context, status=200 if form.is_valid() else 422)


def _context(found: Invoice, day: date) -> dict[str, Any]:
    rows = with_open_amount(Invoice.objects.filter(pk=found.pk), as_of=day).annotate(as_of=Value(day, DateField()))
    (shown,) = with_words(rows.select_related("customer", "entity"))
    allocations = shown.allocations.filter(effective_on__lte=day).select_related(
        "payment", "credit_note", "reversed_by"
    )
    return {
        "invoice": shown,
        "lines": written_lines(shown.lines, shown.currency, get_language() or "en"),
        "as_of": day,
        "allocations": allocations.order_by("effective_on", "pk"),
        "allocated": shown.total - shown.open_amount,
        "disputes": shown.disputes.order_by("-opened_on", "-pk"),
        "promises": shown.promise_items.select_related("promise").order_by("-promise__made_on", "-pk"),
        "mails": shown.mails.order_by("-created_at"),
        "pdf_url": address_of("invoice_pdf", shown.pk),
        "account_url": address_of("account", shown.customer_id),
        "crumbs": [(_("Invoices"), reverse("invoices")), (shown.number, "")],
    }


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def invoice_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Queues the mail with the invoice's PDF and pay link, once per invoice, and leads back to the invoice."""
    found = get_object_or_404(visible_invoices(signed_in(request)).select_related("customer", "entity"), pk=pk)
    if queue_invoice_mail(invoice=found, actor=signed_in(request)) is None:
        raise BadInput(
            _("The invoice was sent before, or no contact of the customer can be reached by mail. Look at its mails."),
            code="not_sent",
        )
    return toast(request, HttpResponseRedirect(reverse("invoice", args=[pk])), _("The invoice is on its way."))
