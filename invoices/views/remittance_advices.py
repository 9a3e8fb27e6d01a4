"""Remittance advices: taking in what payers say their payments are for, and what was understood of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import form_invalid, toast
from collections_app.web.pagination import keyset_page
from customers.access import visible_entities
from customers.forms.refusals import take_refusal
from invoices.access import visible_advices, visible_invoices
from invoices.forms.bank_files import AdviceForm
from invoices.models import Invoice, RemittanceAdvice
from invoices.nudge import nudge
from invoices.services.read_remittance_advice import read_remittance_advice
from invoices.tasks import match_waiting_bank_lines
from invoices.views.bank_acting import candidates

PAGE = "invoices/remittance_advices.html"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.RECORD_CASH)
def remittance_advices(request: HttpRequest) -> HttpResponse:
    """The advices, latest first; a POST takes one in and leads to what was understood."""
    user, sent = signed_in(request), request.method == "POST"
    entity = visible_entities(user).first()
    form = AdviceForm(
        request.POST if sent else None, request.FILES if sent else None, candidates=candidates(request),
        initial={"currency": entity.currency if entity else ""},
    )  # fmt: skip
    if sent and form.is_valid() and (advice := _read(request, form)):
        nudge(match_waiting_bank_lines)
        return toast(request, redirect("remittance_advice", pk=advice.pk), _("The advice was read."))
    rows = visible_advices(user).select_related("customer", "uploaded_by")
    context = {"form": form, "page": keyset_page(rows, request.GET, order=("-uploaded_at", "-id"), size=25)}
    return form_invalid(request, PAGE, context, fragment=PAGE) if form.errors else render(request, PAGE, context)


def _read(request: HttpRequest, form: AdviceForm) -> RemittanceAdvice | None:
    data = form.cleaned_data
    try:
        return read_remittance_advice(
            name=data["file"].name, content=data["file"].read(), currency=data["currency"], customer=data["customer"],
            paid_on=data["paid_on"], actor=signed_in(request),
        )  # fmt: skip
    except Refusal as refusal:
        take_refusal(form, refusal)
    return None


@require_safe
@requires(Capability.RECORD_CASH)
def remittance_advice(request: HttpRequest, pk: int) -> HttpResponse:
    """One advice: its rows with the invoices they name, what was kept back, and what could not be read."""
    user = signed_in(request)
    advice = get_object_or_404(visible_advices(user).select_related("customer", "uploaded_by"), pk=pk)
    items = list(advice.items.order_by("pk"))
    found = visible_invoices(user).filter(number__in={item.number for item in items}).order_by("pk")
    named: dict[str, Invoice] = {invoice.number: invoice for invoice in found}
    rows = [(item, named.get(item.number)) for item in items]
    return render(request, "invoices/remittance_advice.html", {"advice": advice, "rows": rows})
