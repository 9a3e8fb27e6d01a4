"""One invoice on one page: document, lines, instalments, its whole history on any day; and sending it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import toast
from invoices.access import visible_invoices
from invoices.documents.invoice import written_lines
from invoices.models import Invoice
from invoices.queries.instalments import Part, parts_of
from invoices.queries.late_claims import late_claims
from invoices.queries.unapplied import unapplied_of
from invoices.rules.history import Event
from invoices.services.queue_invoice_mail import queue_invoice_mail
from invoices.views.documents import STATE_WORDS, address_of, state_of
from invoices.views.looking_back import View, looking_back


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """The invoice as it stands on its entity's business day, or on `?as_of=` and as known on `?known_on=`."""
    rows = visible_invoices(signed_in(request)).filter(status=Invoice.Status.ISSUED)
    found = get_object_or_404(rows.select_related("customer", "entity", "claims_for", "import_batch"), pk=pk)
    view = looking_back(request, found, born_on=found.issued_on)
    user = signed_in(request)
    context = {
        **view.context,
        **_figures(found, view),
        "may_work": user.may(Capability.WORK_ACCOUNTS),
        "may_record": user.may(Capability.RECORD_CASH),
        "may_waive": user.may(Capability.WAIVE_CLAIMS),
        **_lateness(found, view),
    }
    return render(request, "invoices/invoice.html", context, status=view.status)


def _figures(found: Invoice, view: View) -> dict[str, Any]:
    parts = parts_of(found, view.events)
    shown: Any = found
    shown.open_amount, shown.as_of = view.left, view.day
    shown.next_due_on = _next_due(found, parts)
    shown.state = state_of(shown)
    shown.tone, shown.word = STATE_WORDS[shown.state]
    shown.days_late = (view.day - shown.next_due_on).days
    disputed = _open_dispute(view.events)
    return {
        "invoice": shown,
        "parts": parts,
        "lines": written_lines(found.lines, found.currency, get_language() or "en"),
        "allocated": found.total - view.left,
        "disputed": disputed,
        "dispute_url": address_of("dispute_case", disputed.case_id) if disputed and disputed.case_id else "",
        "unapplied": unapplied_of(found, as_of=view.day) if view.left else None,
        "pdf_url": address_of("invoice_pdf", found.pk),
        "crumbs": [(_("Invoices"), reverse("invoices")), (found.number, "")],
    }


def _lateness(found: Invoice, view: View) -> dict[str, Any]:
    """What its lateness comes to by the day, with the computation; and what was claimed for it."""
    claimed = found.claims.filter(status=Invoice.Status.ISSUED, issued_on__lte=view.day).order_by("issued_on", "pk")
    return {"late": late_claims([found.pk], as_of=view.day).get(found.pk), "claimed": claimed}


def _next_due(found: Invoice, parts: list[Part]) -> Any:
    """The day on which the earliest open part is due; the invoice's own day where there are no parts."""
    return next((part.due_on for part in parts if part.left), parts[-1].due_on if parts else found.due_on)


def _open_dispute(events: list[Event]) -> Any:
    """The dispute that is open on the day, or None."""
    closed = {event.row.pk for event in events if event.what == "dispute_closed"}
    disputes = [event.row for event in events if event.what == "disputed" and event.row.pk not in closed]
    return disputes[-1] if disputes else None


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
