"""Exchanging unapplied cash into the currency of an invoice. The rate is proposed and never applied by itself (D22)."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import BadInput, Refusal
from collections_app.lib.money import Money, Totals
from collections_app.lib.rates import Rate
from collections_app.web.fragments import toast
from collections_app.web.writing import date_text
from customers.forms.refusals import take_refusal
from customers.queries.accounts import account_ids
from customers.queries.clock import business_day
from invoices.access import visible_payments
from invoices.forms.money_back import OLDEST, ExchangeForm, written_rate
from invoices.forms.typed_amount import written_amount
from invoices.models import Invoice, Payment
from invoices.queries.open_amounts import with_open_amount
from invoices.queries.rates import rate_on
from invoices.services.allocate import unallocated
from invoices.services.exchange_payment import exchange_payment


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.RECORD_CASH)
def payment_exchange(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with a proposed rate for `?currency=`, else the currency most is open in; then the exchange."""
    rows = visible_payments(signed_in(request)).select_related("customer", "entity")
    found = get_object_or_404(rows, pk=pk)
    opened = _open_in_others(found)
    wanted = _wanted(request, found, opened)
    proposal, no_rate = _proposal(found, wanted)
    unapplied = Money(unallocated(found), found.currency).amount
    form = ExchangeForm(
        request.POST if request.method == "POST" else None,
        have=found.currency,
        today=business_day(found.entity),
        initial=_start(found, unapplied, wanted, proposal),
    )
    if form.is_bound and form.is_valid() and (made := _exchanged(request, found, form)):
        return toast(request, HttpResponseRedirect(reverse("payment", args=[made.pk])), _("Exchanged."))
    name = f"{found.customer.name}, {date_text(found.received_on)}"
    context = {
        "form": form,
        "payment": found,
        "unapplied": unapplied,
        "wanted": wanted,
        "proposal": proposal,
        "rate": written_rate(proposal.rate) if proposal else "",
        "no_rate": no_rate,
        "others": [(code, money.amount) for code, money in opened.items()],
        "account_id": found.customer.merged_into_id or found.customer_id,
        "has_errors": form.is_bound,
        "crumbs": [(_("Cash"), reverse("payments")), (name, reverse("payment", args=[pk])), (_("Exchange"), "")],
    }
    return render(request, "invoices/exchange.html", context, status=422 if form.is_bound else 200)


def _invoices(found: Payment) -> Any:
    """The open invoices of the payer's account with that legal entity in other currencies, oldest due first."""
    ids = account_ids(found.customer.merged_into_id or found.customer_id)
    mine = Invoice.objects.filter(customer__in=ids, entity=found.entity_id).exclude(currency=found.currency)
    rows: Any = with_open_amount(mine, as_of=business_day(found.entity))
    return rows.filter(open_amount__gt=0).order_by("due_on", "issued_on", "pk")


def _open_in_others(found: Payment) -> Totals:
    return Totals(Money(row.open_amount, row.currency) for row in _invoices(found))


def _wanted(request: HttpRequest, found: Payment, opened: Totals) -> str:
    asked = request.GET.get("currency", "").upper()
    if is_currency(asked) and asked != found.currency:
        return asked
    first = next(iter(_invoices(found)[:1]), None)
    return first.currency if first is not None else ""


def _proposal(found: Payment, wanted: str) -> tuple[Rate | None, str]:
    """The rate of the payment's own day, or the sentence that says why there is none."""
    if not wanted:
        return None, _("Nothing is open in another currency. Enter the currency, the rate and its day.")
    try:
        return rate_on(found.currency, wanted, found.received_on), ""
    except BadInput as refusal:
        return None, refusal.sentence


def _start(found: Payment, unapplied: Decimal, wanted: str, proposal: Rate | None) -> dict[str, Any]:
    start: dict[str, Any] = {"currency": wanted}
    if unapplied > 0:
        start["amount"] = written_amount(unapplied, found.currency)
    if proposal is not None:
        start |= {"rate": written_rate(proposal.rate), "rate_on": proposal.on, "rate_source": proposal.source}
    return start


def _exchanged(request: HttpRequest, found: Payment, form: ExchangeForm) -> Payment | None:
    values, person = form.cleaned_data, signed_in(request)
    oldest = values["allocate"] == OLDEST
    shares = [(row, None) for row in _invoices(found).filter(currency=values["currency"])] if oldest else []
    try:
        return exchange_payment(
            payment=found,
            currency=values["currency"],
            rate=values["rate"],
            rate_on=values["rate_on"],
            rate_source=values["rate_source"],
            amount=values["amount"],
            shares=shares,
            write_off_rest_by=person if values["write_off"] else None,
            actor=person,
        ).payment
    except Refusal as refusal:
        take_refusal(form, refusal)
    return None
