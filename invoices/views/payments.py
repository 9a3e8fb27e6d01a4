"""Cash: the payments received, what is unapplied of them, and recording one more."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput, Conflict
from collections_app.web.exports import Row
from collections_app.web.fragments import toast
from customers.access import visible_customers, visible_entities
from customers.forms.refusals import take_refusal
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.access import visible_payments
from invoices.forms.cash import PaymentForm
from invoices.forms.document_filters import PaymentFilter
from invoices.models import Payment
from invoices.queries.document_lists import payment_list
from invoices.queries.open_amounts import open_invoices
from invoices.services.record_payment import record_payment
from invoices.views.lists import ListPage, answer, money

SHOWN_INVOICES = 200
DESK = "desk"  # the "provider" of payments typed in here, so that one form records one payment


METHODS = dict(Payment.Method.choices)


def _headings() -> list[str]:
    return [
        _("Received"), _("By"), _("Reference"), _("Customer number"), _("Customer"), _("Entity"), _("Currency"),
        _("Amount"), _("Unapplied"),
    ]  # fmt: skip


def _cells(row: Any) -> Row:
    return [
        row.received_on, str(METHODS[row.method]), row.reference, row.customer_number, row.customer, row.entity,
        row.currency, *money(row, "whole", "open"),
    ]  # fmt: skip


PAGE = ListPage(
    name="payments",
    filter=PaymentFilter,
    build=payment_list,
    sorts={
        "received": ("received_on", "id"), "customer": ("customer", "id"), "method": ("method", "id"),
        "reference": ("reference", "id"), "amount": ("whole", "id"), "unapplied": ("open", "id"),
    },
    usual="-received",
    headings=_headings,
    cells=_cells,
)  # fmt: skip


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def payments(request: HttpRequest) -> HttpResponse:
    """Payments, latest first, with what is unapplied of them. `format=csv|xlsx` answers with all of them."""
    user = signed_in(request)
    may_record = user.may(Capability.RECORD_CASH)
    return answer(request, PAGE, visible_payments(user), finish=_in_words, may_record=may_record)


def _in_words(rows: list[Any], as_of: Any) -> list[dict[str, Any]]:
    return [{**row._asdict(), "method_word": METHODS[row.method]} for row in rows]


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
