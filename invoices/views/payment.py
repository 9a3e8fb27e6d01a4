"""One payment: what became of it, putting the rest against invoices, and undoing an allocation."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import toast, wants_fragment
from collections_app.web.writing import date_text
from invoices.access import visible_payments
from invoices.forms.allocation import AllocationForm
from invoices.forms.cash import ReversalForm
from invoices.models import Payment
from invoices.queries.slots import still_here
from invoices.views.allocation import (
    allocated,
    allocated_to_the_oldest,
    allocation_form,
    left_now,
    standing,
    taken_back,
)
from invoices.views.looking_back import looking_back

PAGE = "invoices/payment.html"


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """The payment with its history and, while something is left of it, the screen that puts it against open items.

    `?fill=exact|oldest|due` proposes amounts; htmx gets the screen alone."""
    found = _payment(request, pk)
    form = allocation_form(found, fill=request.GET.get("fill", ""))
    if wants_fragment(request):
        return render(request, "invoices/_allocate.html", _screen(request, found, form))
    return _page(request, found, form)


@require_POST
@requires(Capability.RECORD_CASH)
def payment_allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts the typed amounts against their claims, or as much as fits against the oldest (`way=oldest`)."""
    found = _payment(request, pk)
    form = allocation_form(found, data=request.POST)
    if request.POST.get("way") == "oldest":
        allocated_to_the_oldest(request, found, form)
        return _back(request, pk, _("Allocated to the oldest invoices."))
    if allocated(request, found, form):
        return _back(request, pk, _("Allocated."))
    return _page(request, found, form, status=422)


@require_POST
@requires(Capability.RECORD_CASH)
def allocation_reverse(request: HttpRequest, pk: int, allocation_id: int) -> HttpResponse:
    """Undoes one allocation from today on, with its reason; the money is unapplied again."""
    found = _payment(request, pk)
    reversal = taken_back(request, found, allocation_id)
    if reversal.is_valid():
        return _back(request, pk, _("Reversed. The money is unapplied again."))
    return _page(request, found, allocation_form(found), status=422, reversal=reversal, reversing=allocation_id)


def _payment(request: HttpRequest, pk: int) -> Payment:
    rows = visible_payments(signed_in(request)).select_related("customer", "entity", "recorded_by", "import_batch")
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest,
    found: Payment,
    form: AllocationForm,
    *,
    status: int = 200,
    reversal: ReversalForm | None = None,
    reversing: int | None = None,
) -> HttpResponse:
    view = looking_back(request, found, born_on=found.received_on)
    name = f"{found.customer.name}, {date_text(found.received_on)}"
    context = {
        **view.context,
        **_screen(request, found, form),
        "payment": found,
        "standing": standing(found),
        "reversal": reversal or ReversalForm(),
        "reversing": reversing,
        "has_errors": status == 422,
        "crumbs": [(_("Cash"), reverse("payments")), (name, "")],
    }
    return render(request, PAGE, context, status=max(status, view.status))


def _screen(request: HttpRequest, found: Payment, form: AllocationForm) -> dict[str, Any]:
    return {
        "form": form,
        "source": found,
        "unapplied_now": left_now(found),
        "here_now": still_here(found),
        "today": form.today,
        "page_url": reverse("payment", args=[found.pk]),
        "allocate_url": reverse("payment_allocate", args=[found.pk]),
        "reverse_name": "allocation_reverse",
        "may_record": signed_in(request).may(Capability.RECORD_CASH),
    }


def _back(request: HttpRequest, pk: int, words: str) -> HttpResponse:
    return toast(request, HttpResponseRedirect(reverse("payment", args=[pk])), words)
