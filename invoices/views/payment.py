"""One payment: what became of it, putting the rest against invoices, and undoing an allocation."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money
from collections_app.web.fragments import toast
from collections_app.web.writing import date_text
from customers.forms.refusals import take_refusal
from customers.queries.clock import business_day
from invoices.access import visible_payments
from invoices.forms.cash import AllocateForm, ReversalForm
from invoices.models import Payment
from invoices.queries.open_amounts import open_invoices
from invoices.services.allocate import allocate, unallocated
from invoices.services.reverse_allocation import reverse_allocation
from invoices.views.documents import address_of
from invoices.views.payments import SHOWN_INVOICES


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """The payment with its allocations, reversals included, and a form for what is unapplied."""
    found = _payment(request, pk)
    return render(request, "invoices/payment.html", _context(request, found, _form(None, found)))


@require_POST
@requires(Capability.RECORD_CASH)
def payment_allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts the typed amounts against their invoices, or as much as fits against the oldest (`way=oldest`)."""
    found = _payment(request, pk)
    form = _form(request.POST, found)
    if request.POST.get("way") == "oldest":
        shares = [(invoice, None) for invoice in form.invoices]
        allocate(source=found, shares=shares, actor=signed_in(request))
        return _back(request, pk, _("Allocated to the oldest invoices."))
    if form.is_valid():
        try:
            allocate(source=found, shares=form.cleaned_data["shares"], actor=signed_in(request))
            return _back(request, pk, _("Allocated."))
        except (BadInput, Conflict) as refusal:
            take_refusal(form, refusal)
    context = {**_context(request, found, form), "has_errors": True}
    return render(request, "invoices/payment.html", context, status=422)


@require_POST
@requires(Capability.RECORD_CASH)
def allocation_reverse(request: HttpRequest, pk: int, allocation_id: int) -> HttpResponse:
    """Undoes one allocation from today on, with its reason; the money is unapplied again."""
    found = _payment(request, pk)
    allocation = get_object_or_404(found.allocations, pk=allocation_id)
    form = ReversalForm(request.POST)
    if not form.is_valid():
        context = _context(request, found, _form(None, found))
        context |= {"reversal": form, "reversing": allocation.pk, "has_errors": True}
        return render(request, "invoices/payment.html", context, status=422)
    day = max(business_day(found.entity), allocation.effective_on)
    reason = form.cleaned_data["reason"]
    reverse_allocation(allocation=allocation, effective_on=day, reason=reason, actor=signed_in(request))
    return _back(request, pk, _("Reversed. The money is unapplied again."))


def _payment(request: HttpRequest, pk: int) -> Payment:
    rows = visible_payments(signed_in(request)).select_related("customer", "entity", "recorded_by")
    return get_object_or_404(rows, pk=pk)


def _form(data: Any, found: Payment) -> AllocateForm:
    rows = open_invoices(customer_id=found.customer_id, as_of=business_day(found.entity), currency=found.currency)
    rows = rows.filter(entity_id=found.entity_id)
    return AllocateForm(data, payment=found, invoices=list(rows[:SHOWN_INVOICES]))


def _context(request: HttpRequest, found: Payment, form: AllocateForm) -> dict[str, Any]:
    left = Money(unallocated(found), found.currency).amount
    rows = found.allocations.select_related("invoice", "refund", "reversed_by", "recorded_by").order_by("pk")
    name = f"{found.customer.name}, {date_text(found.received_on)}"
    return {
        "payment": found,
        "left": left,
        "allocations": rows,
        "form": form,
        "reversal": ReversalForm(),
        "as_of": business_day(found.entity),
        "may_record": signed_in(request).may(Capability.RECORD_CASH),
        "account_url": address_of("account", found.customer_id),
        "crumbs": [(_("Cash"), reverse("payments")), (name, "")],
    }


def _back(request: HttpRequest, pk: int, words: str) -> HttpResponse:
    return toast(request, HttpResponseRedirect(reverse("payment", args=[pk])), words)
