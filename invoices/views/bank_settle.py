"""Settling a bank line by hand: find the customer or invoice, then say what goes to which invoice."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput, Conflict, Refusal
from customers.access import visible_customers
from customers.forms.refusals import take_refusal
from customers.models import Customer
from customers.queries.accounts import account_ids
from invoices.forms.bank import SearchForm, SettleForm
from invoices.models import BankLine, Invoice
from invoices.queries.bank_lines import free_since, left_of
from invoices.queries.bank_suggestions import payments_to_return
from invoices.queries.open_amounts import with_open_amount
from invoices.rules.allocation import OpenDocument, oldest_first
from invoices.services.park_line import park_line
from invoices.services.post_line import post_line
from invoices.services.return_line import return_line
from invoices.views.bank_acting import after, amount_of, candidates, composer, posted
from invoices.views.bank_inbox import line_in_scope

_SHOWN, _FOUND = 100, 8


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.RECORD_CASH)
def bank_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The search (`?find=`), then the customer's open invoices (`?customer=` number), then what was posted."""
    line = line_in_scope(request, pk)
    number = (request.POST.get("customer") or request.GET.get("customer", ""))[:40]
    customer = candidates(request).by_number(number) if number else None
    if customer is None:
        words = request.GET.get("find", "").replace("\x00", "").strip()[:100]
        form = SearchForm({"find": words} if words else None)
        found = _found(request, line, words)
        return composer(request, line, form, _("Settle by hand"), _("Search"), found=found, words=words, step="search")
    if line.amount < 0:
        return _return(request, line, customer)
    return _settle(request, line, customer)


def _settle(request: HttpRequest, line: BankLine, customer: Customer) -> HttpResponse:
    invoices = _open_invoices(line, customer)
    form = SettleForm(posted(request), line=line, invoices=invoices, initial=_oldest(line, invoices))
    if request.method == "POST" and form.is_valid():
        try:
            return _posted(request, line, customer, form.cleaned_data["shares"])
        except (BadInput, Conflict) as refusal:
            take_refusal(form, refusal)
    return composer(
        request, line, form, customer.name, _("Post"), customer=customer, step="shares", as_of=line.value_on
    )


def _posted(request: HttpRequest, line: BankLine, customer: Customer, shares: Any) -> HttpResponse:
    if shares:
        post_line(line=line, customer=customer, shares=shares, actor=signed_in(request))
    else:
        park_line(line=line, customer=customer, actor=signed_in(request))
    words = _("%(amount)s posted to %(name)s.") % {"amount": amount_of(line), "name": customer.name}
    return after(request, line, words)


def _return(request: HttpRequest, line: BankLine, customer: Customer) -> HttpResponse:
    """Money that went out: which of the customer's payments it takes back."""
    payments = payments_to_return(customer, line, until=line.value_on)
    form = SearchForm(posted(request))
    chosen = request.POST.get("payment", "")
    if request.method == "POST" and form.is_valid():
        payment = next((each for each in payments if str(each.pk) == chosen), None)
        try:
            if payment is None:
                raise BadInput("Choose the payment that was taken back.", code="no_payment")
            return_line(line=line, payment=payment, actor=signed_in(request))
        except Refusal as refusal:
            take_refusal(form, refusal)
        else:
            words = _("%(amount)s taken back from %(name)s.") % {"amount": amount_of(line), "name": customer.name}
            return after(request, line, words)
    return composer(
        request, line, form, customer.name, _("Take it back"), customer=customer, step="return", payments=payments
    )


def _found(request: HttpRequest, line: BankLine, words: str) -> list[Customer]:
    """Customers by name, number, or the number of one of their invoices."""
    if not words:
        return []
    rows = visible_customers(signed_in(request)).filter(merged_into__isnull=True)
    theirs = Invoice.objects.filter(number__istartswith=words, entity_id=line.account.entity_id).values("customer_id")
    found = Q(name__icontains=words) | Q(number__istartswith=words) | Q(pk__in=theirs[:200])
    return list(rows.filter(found).order_by("name", "pk")[:_FOUND])


def _open_invoices(line: BankLine, customer: Customer) -> list[Invoice]:
    rows = Invoice.objects.filter(
        customer_id__in=account_ids(customer.pk), currency=line.currency, entity_id=line.account.entity_id
    )
    day = max(line.value_on, free_since(line))
    opened = with_open_amount(rows, as_of=max(day, line.booked_on)).filter(open_amount__gt=0)  # type: ignore[misc]
    return list(opened.order_by("due_on", "issued_on", "pk")[:_SHOWN])


def _oldest(line: BankLine, invoices: list[Invoice]) -> dict[str, str]:
    """The amounts that the fields begin with: the exact invoice if one is, else the oldest first."""
    left = left_of(line)
    if left <= 0:
        return {}
    exact = [invoice for invoice in invoices if invoice.open_amount == left]  # type: ignore[attr-defined]
    documents = [
        OpenDocument(invoice.pk, invoice.due_on, invoice.issued_on, invoice.open_amount)  # type: ignore[attr-defined]
        for invoice in (exact[:1] if len(exact) == 1 else invoices)
    ]
    shares, _rest = oldest_first(left, documents)
    return {f"share_{share.id}": f"{share.amount.normalize():f}" for share in shares}
