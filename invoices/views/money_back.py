"""Money that goes out again: refunds, returned payments, chargebacks; and undoing one when it comes back.

Each is a small form with a sentence that tells beforehand what will reopen."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.lib.money import Money
from collections_app.web.fragments import toast, wants_fragment
from collections_app.web.writing import date_text
from customers.forms.refusals import take_refusal
from customers.queries.clock import business_day
from invoices.access import visible_credit_notes, visible_payments, visible_refunds
from invoices.forms.money_back import ComesBackForm, MoneyOutForm, TypedSoFar
from invoices.forms.typed_amount import read_amount
from invoices.models import CreditNote, Exchange, Payment, Refund
from invoices.queries.slots import still_here, what_gives_way
from invoices.services.allocate import unallocated
from invoices.services.charge_back import charge_back
from invoices.services.refund_credit import refund_credit
from invoices.services.refund_payment import refund_payment
from invoices.services.return_payment import return_payment
from invoices.services.undo_exchange import undo_exchange
from invoices.services.undo_refund import undo_refund

GET_OR_POST = ["GET", "HEAD", "POST"]
PAGE, PREVIEW = "invoices/money_back.html", "invoices/_gives_way.html"
DESK = "desk"


@dataclass(frozen=True, slots=True)
class Words:
    """What a page of this kind says."""

    title: str | Promise
    lede: str | Promise
    submit: str | Promise
    done: str | Promise


REFUND = Words(
    gettext_lazy("Refund"),
    gettext_lazy("Unapplied money goes back to the customer. No invoice reopens."),
    gettext_lazy("Refund"),
    gettext_lazy("Refunded."),
)
RETURNED = Words(
    gettext_lazy("Returned payment"),
    gettext_lazy("A bounced debit or cheque, or a cancelled transfer: what it paid is open again."),
    gettext_lazy("Book the return"),
    gettext_lazy("Returned. What it had paid is open again."),
)
CHARGEBACK = Words(
    gettext_lazy("Chargeback"),
    gettext_lazy("The payer disputed a card payment with their bank: the money is gone unless the dispute is won."),
    gettext_lazy("Book the chargeback"),
    gettext_lazy("Charged back. What it had paid is open again."),
)


@require_http_methods(GET_OR_POST)
@requires(Capability.RECORD_CASH)
def payment_refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Pays back what is unapplied of a payment, or a part of it."""
    return _money_out(request, _payment(request, pk), REFUND)


@require_http_methods(GET_OR_POST)
@requires(Capability.RECORD_CASH)
def payment_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a payment back that did not hold, whole or in part; htmx gets what a typed amount would reopen."""
    return _money_out(request, _payment(request, pk), RETURNED)


@require_http_methods(GET_OR_POST)
@requires(Capability.RECORD_CASH)
def payment_charge_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a payment back that was charged back, whole or in part; htmx gets what a typed amount would reopen."""
    return _money_out(request, _payment(request, pk), CHARGEBACK)


@require_http_methods(GET_OR_POST)
@requires(Capability.RECORD_CASH)
def credit_note_refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Pays back what is open of a credit note, or a part of it."""
    notes = visible_credit_notes(signed_in(request)).select_related("customer", "entity")
    return _money_out(request, get_object_or_404(notes, pk=pk), REFUND)


@require_http_methods(GET_OR_POST)
@requires(Capability.RECORD_CASH)
def refund_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """The money came back: it pays what it paid before. An exchange is taken back as a whole."""
    rows = visible_refunds(signed_in(request)).select_related("customer", "entity")
    found = get_object_or_404(rows, pk=pk)
    data = request.POST if request.method == "POST" else None
    today = business_day(found.entity)
    form = ComesBackForm(data, today=today, latest=max(today, found.paid_on))
    if form.is_bound and form.is_valid() and _came_back(request, found, form):
        words = _("Undone. The money pays what it paid before, as far as that was open.")
        return toast(request, HttpResponseRedirect(reverse("refund", args=[pk])), words)
    crumbs = [
        (_("Refunds"), reverse("refunds")),
        (found.get_kind_display(), reverse("refund", args=[pk])),
        (_("Undo"), ""),
    ]
    context = {"form": form, "refund": found, "has_errors": form.is_bound, "crumbs": crumbs}
    return render(request, "invoices/refund_undo.html", context, status=422 if form.is_bound else 200)


def _money_out(request: HttpRequest, found: Payment | CreditNote, words: Words) -> HttpResponse:
    most = unallocated(found) if words is REFUND or isinstance(found, CreditNote) else still_here(found)
    most = Money(most, found.currency).amount
    data = request.POST if request.method == "POST" else None
    form = MoneyOutForm(data, amount=most, currency=found.currency, today=business_day(found.entity))
    if wants_fragment(request) and not form.is_bound:
        return render(request, PREVIEW, _preview(found, words, _asked(request, found, most)))
    if form.is_bound and form.is_valid() and _went_out(request, found, words, form):
        return toast(request, HttpResponseRedirect(_page_of(found)), str(words.done))
    preview = _preview(found, words, most)
    context = {**preview, **_frame(found, words), "form": form, "most": most, "has_errors": form.is_bound}
    return render(request, PAGE, context, status=422 if form.is_bound else 200)


def _went_out(request: HttpRequest, found: Payment | CreditNote, words: Words, form: MoneyOutForm) -> bool:
    values = form.cleaned_data
    said: dict[str, Any] = {
        "amount": values["amount"],
        "reference": values["reference"],
        "reason": values["reason"],
        "provider": DESK,
        "provider_refund_id": str(values["form_id"]),
        "actor": signed_in(request),
    }
    try:
        if isinstance(found, CreditNote):
            refund_credit(credit_note=found, paid_on=values["paid_on"], **said)
        elif words is RETURNED:
            return_payment(payment=found, returned_on=values["paid_on"], **said)
        elif words is CHARGEBACK:
            charge_back(payment=found, charged_back_on=values["paid_on"], **said)
        else:
            refund_payment(payment=found, paid_on=values["paid_on"], **said)
    except Refusal as refusal:
        take_refusal(form, refusal)
        return False
    return True


def _came_back(request: HttpRequest, found: Refund, form: ComesBackForm) -> bool:
    said: dict[str, Any] = {**form.cleaned_data, "actor": signed_in(request)}
    exchange = Exchange.objects.select_related("payment", "refund").filter(refund=found).first()
    try:
        if exchange is not None:
            undo_exchange(exchange=exchange, **said)
        else:
            undo_refund(refund=found, **said)
    except Refusal as refusal:
        take_refusal(form, refusal)
        return False
    return True


def _asked(request: HttpRequest, found: Payment | CreditNote, most: Decimal) -> Decimal:
    """The amount typed so far; all of it where that is none."""
    typed = TypedSoFar(request.GET)
    amount = read_amount(typed, "amount", found.currency) if typed.is_valid() else None
    return most if amount is None else min(amount, most)


def _preview(found: Payment | CreditNote, words: Words, amount: Decimal) -> dict[str, Any]:
    takes_back = isinstance(found, Payment) and words is not REFUND
    rows = what_gives_way(found, amount) if takes_back and isinstance(found, Payment) else []
    first = amount - sum((row.amount for row in rows), Decimal(0))
    return {"takes_back": takes_back, "gives_way": rows, "unapplied_first": first, "currency": found.currency}


def _frame(found: Payment | CreditNote, words: Words) -> dict[str, Any]:
    if isinstance(found, CreditNote):
        trail = [(_("Credit notes"), reverse("credit_notes")), (found.number, _page_of(found))]
    else:
        name = f"{found.customer.name}, {date_text(found.received_on)}"
        trail = [(_("Cash"), reverse("payments")), (name, _page_of(found))]
    account_id = found.customer.merged_into_id or found.customer_id
    return {
        "words": words,
        "source": found,
        "account_id": account_id,
        "cancel_url": _page_of(found),
        "crumbs": [*trail, (str(words.title), "")],
    }


def _page_of(found: Payment | CreditNote) -> str:
    return reverse("payment" if isinstance(found, Payment) else "credit_note", args=[found.pk])


def _payment(request: HttpRequest, pk: int) -> Payment:
    return get_object_or_404(visible_payments(signed_in(request)).select_related("customer", "entity"), pk=pk)
