"""Writing off and adjusting, from an invoice; and undoing it. Over the limit the posting waits for a second person."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.forms.refusals import take_refusal
from customers.queries.accounts import account_ids
from customers.queries.clock import business_day
from invoices.access import visible_adjustments, visible_invoices
from invoices.forms.adjusting import DISCOUNT, EXCHANGE, WAIVER, AdjustForm, UndoForm
from invoices.models import Adjustment, Approval, Invoice, Payment
from invoices.queries.adjusted import paid_by_exchange, rules_of
from invoices.queries.approvals import waiting_on
from invoices.queries.discounts import discount_facts
from invoices.queries.open_amounts import with_open_amount, with_unapplied
from invoices.rules.discounts import allowed_discount
from invoices.services.adjust import adjust
from invoices.services.recover_write_off import recover_write_off
from invoices.services.reverse_adjustment import reverse_adjustment
from invoices.services.take_early_payment_discount import take_early_payment_discount
from invoices.services.write_off_exchange_difference import write_off_exchange_difference

GET_OR_POST = ["GET", "HEAD", "POST"]
SHOWN_INVOICES = 200
PAGE, UNDO_PAGE = "invoices/adjust.html", "invoices/adjustment_undo.html"


@require_http_methods(GET_OR_POST)
@requires(Capability.RECORD_CASH)
def invoice_adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for this invoice and the open ones beside it; then the posting, or the request that waits."""
    rows = visible_invoices(signed_in(request)).filter(status=Invoice.Status.ISSUED)
    found = get_object_or_404(rows.select_related("customer", "entity"), pk=pk)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid() and (made := _posted(request, found, form)):
        return _answer(request, found, made)
    rules = rules_of(found.currency)
    context = {
        "form": form,
        "invoice": found,
        "limit": rules.approval_over if rules else Decimal(0),
        "as_of": form.today,
        "has_errors": form.is_bound,
        "crumbs": [
            (_("Invoices"), reverse("invoices")),
            (found.number, reverse("invoice", args=[pk])),
            (_("Write off or adjust"), ""),
        ],
    }
    return render(request, PAGE, context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, found: Invoice) -> AdjustForm:
    today = business_day(found.entity)
    invoices = open_beside(request, found)
    first = {row.pk: row.open_amount for row in invoices if row.pk == found.pk}
    data = request.POST if request.method == "POST" else None
    return AdjustForm(
        data, invoices=invoices, today=today, shares=first, waiting=waiting_on(row.pk for row in invoices),
        more_kinds=_more_kinds(found),
    )  # fmt: skip


def open_beside(request: HttpRequest, found: Invoice) -> list[Any]:
    """The open invoices of the same account, legal entity and currency with their `open_amount`, this one first."""
    seen = visible_invoices(signed_in(request)).filter(
        customer__in=account_ids(found.customer_id), entity=found.entity_id, currency=found.currency
    )
    rows: Any = with_open_amount(seen, as_of=max(business_day(found.entity), found.issued_on))
    opened = list(rows.filter(open_amount__gt=0).order_by("due_on", "issued_on", "pk")[:SHOWN_INVOICES])
    return sorted(opened, key=lambda row: row.pk != found.pk)


def _more_kinds(found: Invoice) -> list[tuple[str, Any]]:
    if found.kind in (Invoice.Kind.FEE, Invoice.Kind.INTEREST):
        return [WAIVER]
    facts = discount_facts([found.pk]).get(found.pk)
    kinds: list[tuple[str, Any]] = [DISCOUNT] if facts and allowed_discount(facts) > 0 else []
    return [*kinds, EXCHANGE] if paid_by_exchange(found.pk) else kinds


def _posted(request: HttpRequest, found: Invoice, form: AdjustForm) -> Adjustment | Approval | None:
    values, person = form.cleaned_data, signed_in(request)
    try:
        if values["kind"] == Adjustment.Kind.EARLY_PAYMENT_DISCOUNT:
            return take_early_payment_discount(invoice=found, payment=_last_in_time(found), actor=person)
        if values["kind"] == Adjustment.Kind.EXCHANGE_DIFFERENCE:
            return write_off_exchange_difference(
                invoice=found, effective_on=values["effective_on"], reason=values["reason"], actor=person
            )
        return adjust(
            kind=values["kind"], entity=found.entity, customer=found.customer, currency=found.currency,
            shares=values["shares"], effective_on=values["effective_on"], reason=values["reason"], actor=person,
        )  # fmt: skip
    except Refusal as refusal:
        take_refusal(form, refusal)
    return None


def _last_in_time(found: Invoice) -> Payment:
    paid = Payment.objects.filter(allocations__invoice=found, received_on__lte=found.discount_until)
    return paid.order_by("-received_on", "-pk")[:1].get()


def _answer(request: HttpRequest, found: Invoice, made: Adjustment | Approval) -> HttpResponse:
    if isinstance(made, Approval):
        words = _("Waits for a second person; nothing was posted yet.")
        return toast(request, HttpResponseRedirect(f"{reverse('approvals')}?show=mine"), words)
    return toast(request, HttpResponseRedirect(reverse("invoice", args=[found.pk])), _("Posted."))


@require_http_methods(GET_OR_POST)
@requires(Capability.RECORD_CASH)
def adjustment_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undoes an adjustment from today on, or from the day of the money that came for it after all."""
    rows = visible_adjustments(signed_in(request)).select_related("customer", "entity")
    found = get_object_or_404(rows, pk=pk)
    form = UndoForm(request.POST if request.method == "POST" else None, payments=_money_for(found))
    if form.is_bound and form.is_valid() and _undone(request, found, form):
        words = (
            _("Undone. The money was put against the invoices.") if form.cleaned_data.get("payment") else _("Undone.")
        )
        return toast(request, HttpResponseRedirect(reverse("adjustment", args=[pk])), words)
    crumbs = [
        (_("Adjustments"), reverse("adjustments")),
        (found.get_kind_display(), reverse("adjustment", args=[pk])),
        (_("Undo"), ""),
    ]
    context = {"form": form, "adjustment": found, "has_errors": form.is_bound, "crumbs": crumbs}
    return render(request, UNDO_PAGE, context, status=422 if form.is_bound else 200)


def _money_for(found: Adjustment) -> Any:
    """Payments with something left, for a write-off or settlement; None for the others, which money cannot recover."""
    if found.kind not in (Adjustment.Kind.WRITE_OFF, Adjustment.Kind.SETTLEMENT):
        return None
    paid = Payment.objects.filter(
        customer__in=account_ids(found.customer_id), entity=found.entity_id, currency=found.currency
    )
    left: Any = with_unapplied(paid, as_of=business_day(found.entity))
    return left.filter(open_amount__gt=0).order_by("-received_on", "-pk")


def _undone(request: HttpRequest, found: Adjustment, form: UndoForm) -> bool:
    values, person = form.cleaned_data, signed_in(request)
    try:
        if values.get("payment"):
            recover_write_off(write_off=found, payment=values["payment"], actor=person)
        else:
            latest = max([business_day(found.entity), *found.allocations.values_list("effective_on", flat=True)])
            reverse_adjustment(adjustment=found, effective_on=latest, reason=values["reason"], actor=person)
    except Refusal as refusal:
        take_refusal(form, refusal)
        return False
    return True
