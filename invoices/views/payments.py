"""Cash: the payments received, what is unapplied of them, and recording one more."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput, Conflict
from collections_app.web.fragments import form_invalid, page_or_fragment, toast
from collections_app.web.pagination import keyset_page
from customers.access import visible_customers, visible_entities
from customers.forms.refusals import take_refusal
from customers.models import Customer
from customers.queries.clock import business_day, installation_day
from invoices.access import visible_payments
from invoices.filters import amounts_in
from invoices.forms.cash import CashFilter, PaymentForm
from invoices.models import Payment
from invoices.queries.open_amounts import open_invoices, with_unapplied
from invoices.services.record_payment import record_payment
from invoices.views.documents import totals

PAGE, FRAGMENT = "invoices/payments.html", "invoices/_payments.html"
SHOWN_INVOICES = 200
DESK = "desk"  # the "provider" of payments typed in here, so that one form records one payment


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def payments(request: HttpRequest) -> HttpResponse:
    """Payments, latest first, fifty to a page, with what is unapplied of them today."""
    user, form = signed_in(request), CashFilter(request.GET)
    if not form.is_valid():
        return form_invalid(request, PAGE, {"form": form}, fragment=FRAGMENT)
    rows = _filtered(with_unapplied(visible_payments(user), as_of=installation_day()), form.cleaned_data)
    sums = totals(rows, "amount")
    context = {
        "form": form,
        "page": keyset_page(rows.select_related("customer", "entity"), request.GET, order=("-received_on", "-id")),
        "totals": sums,
        "count": sum(row["n"] for row in sums),
        "mixed": len(sums) > 1,
        "may_record": user.may(Capability.RECORD_CASH),
        "filtered": any(form.cleaned_data.values()),
    }
    return page_or_fragment(request, PAGE, context, fragment=FRAGMENT)


def _filtered(rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
    words = asked["q"].strip()
    if words:
        found = Q(customer__name__icontains=words) | Q(customer__number__iexact=words) | Q(reference__icontains=words)
        rows = rows.filter(found | Q(amount__in=amounts_in(words)))
    if asked["received_from"]:
        rows = rows.filter(received_on__gte=asked["received_from"])
    if asked["received_to"]:
        rows = rows.filter(received_on__lte=asked["received_to"])
    return rows.filter(open_amount__gt=0) if asked["unapplied"] else rows


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.RECORD_CASH)
def payment_new(request: HttpRequest) -> HttpResponse:
    """Whose money it is (`?customer=` number or name), then the form, then the recorded payment."""
    user = signed_in(request)
    words = request.GET.get("customer", "").strip()[:100]
    customer = _customer(user, words)
    if customer is None:
        found = {"words": words, "candidates": _candidates(user, words)}
        return render(request, "invoices/payment_customer.html", found)
    form = _form(request, customer)
    if request.method == "POST" and form.is_valid() and (payment := _recorded(request, customer, form)):
        return toast(request, HttpResponseRedirect(reverse("payment", args=[payment.pk])), _("Payment recorded."))
    status = 422 if form.is_bound else 200
    context = {"form": form, "customer": customer, "has_errors": form.is_bound, "as_of": form.today}
    return render(request, "invoices/payment_new.html", context, status=status)


def _customer(user: User, words: str) -> Customer | None:
    if not words or "\x00" in words:
        return None
    return visible_customers(user).select_related("entity").filter(number=words).first()


def _candidates(user: User, words: str) -> list[Customer]:
    if not words or "\x00" in words:
        return []
    found = Q(name__icontains=words) | Q(number__istartswith=words)
    return list(visible_customers(user).filter(found).order_by("name", "pk")[:20])


def _form(request: HttpRequest, customer: Customer) -> PaymentForm:
    today = business_day(customer.entity)
    opened = open_invoices(customer_id=customer.pk, as_of=today).filter(entity__in=visible_entities(signed_in(request)))
    rows = list(opened.select_related("entity")[:SHOWN_INVOICES])
    data = request.POST if request.method == "POST" else None
    return PaymentForm(data, customer=customer, today=today, invoices=rows)


def _recorded(request: HttpRequest, customer: Customer, form: PaymentForm) -> Payment | None:
    values = dict(form.cleaned_data)
    facts = {name: values[name] for name in ("amount", "currency", "received_on", "method", "reference", "shares")}
    try:
        return record_payment(
            entity=values["entity"], customer=customer, actor=signed_in(request),
            provider=DESK, provider_payment_id=str(values["form_id"]), **facts,
        )  # fmt: skip
    except (BadInput, Conflict) as refusal:
        take_refusal(form, refusal)
    return None
