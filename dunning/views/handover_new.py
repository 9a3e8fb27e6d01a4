"""A person proposes to hand over debts of a customer, and stops or gives credit."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.access import visible_customers
from customers.forms.refusals import take_refusal
from customers.models import CreditStop, Customer
from customers.queries.accounts import account_ids
from customers.queries.clock import business_day
from customers.services.lift_credit_stop import lift_credit_stop
from customers.services.stop_credit import stop_credit
from dunning.forms.handover import CreditForm, ProposeForm
from dunning.services.propose_handover import propose_handover
from invoices.queries.open_claims import OpenClaim, open_claims


@requires(Capability.WORK_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def handover_new(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The form over what is overdue in `?currency=`, the customer's own if left out; a POST proposes it."""
    found = _customer(request, customer_id)
    today = business_day(found.entity)
    late = [one for one in open_claims(customer_ids=account_ids(found.pk), as_of=today) if one.due_on < today]
    currency = _currency(request, found, late)
    claims = [one for one in late if one.currency == currency]
    form = ProposeForm(request.POST if request.method == "POST" else None, claims=claims)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            made = propose_handover(
                customer=found, currency=currency, kind=values["kind"], reason=values["reason"], on=today,
                invoice_ids=values["invoices"], actor=signed_in(request),
            )  # fmt: skip
        except Refusal as refused:
            take_refusal(form, refused)
        else:
            return toast(request, redirect("dunning_handover", made.pk), "Proposed. Somebody has to approve it.")
    context = {
        "customer": found, "form": form, "currency": currency, "claims": claims, "today": today,
        "currencies": sorted({one.currency for one in late}), "has_errors": form.is_bound,
    }  # fmt: skip
    return render(request, "dunning/handover_new.html", context, status=422 if form.is_bound else 200)


@requires(Capability.APPROVE_NOTICES)
@require_POST
def credit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Back to the customer's page: credit is stopped, or given again when it was."""
    found = _customer(request, customer_id)
    today, actor = business_day(found.entity), signed_in(request)
    form = CreditForm(request.POST, prefix="credit")
    if not form.is_valid():
        return _refused(request, found, form)
    stop = CreditStop.objects.filter(customer=found, until=None).first()
    try:
        if stop is None:
            stop_credit(customer=found, since=today, reason=form.cleaned_data["reason"], actor=actor)
        else:
            lift_credit_stop(stop=stop, on=today, why=form.cleaned_data["reason"], actor=actor)
    except Refusal as refused:
        take_refusal(form, refused)
        return _refused(request, found, form)
    told = "Credit is stopped." if stop is None else "Credit is given again."
    return toast(request, redirect("dunning_customer_end", found.pk), told)


def _refused(request: HttpRequest, found: Customer, form: CreditForm) -> HttpResponse:
    context: dict[str, Any] = {
        "customer": found, "rows": [], "form": form, "may_approve": True, "has_errors": True,
        "stop": CreditStop.objects.filter(customer=found, until=None).first(), "today": business_day(found.entity),
    }  # fmt: skip
    return render(request, "dunning/customer_end.html", context, status=422)


def _customer(request: HttpRequest, customer_id: int) -> Customer:
    return get_object_or_404(visible_customers(signed_in(request)).select_related("entity"), pk=customer_id)


def _currency(request: HttpRequest, found: Customer, late: list[OpenClaim]) -> str:
    known = {one.currency for one in late}
    for code in (request.GET.get("currency", ""), found.currency):
        if code in known:
            return code
    return min(known, default=found.currency)
