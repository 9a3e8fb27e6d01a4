"""Holds: those of the person's teams and which of them end soon, those of one account, of an invoice, of an entity."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import page_or_fragment, toast
from customers.access import visible_customers, visible_entities
from customers.forms.refusals import take_refusal
from customers.models import EntityPause, LegalEntity
from customers.queries.accounts import account_members
from customers.queries.clock import business_day, installation_day
from customers.services.pause_entity import pause_entity
from customers.services.release_pause import release_pause
from invoices.access import visible_invoices
from invoices.forms.hold import EntityPauseForm, InvoiceHoldForm
from invoices.models import InvoiceHold
from invoices.queries.holds import SOON_DAYS, ending_soon, holds_on
from invoices.services.hold_invoice import hold_invoice
from invoices.services.release_invoice_hold import release_invoice_hold


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def holds(request: HttpRequest) -> HttpResponse:
    """The holds that end within two weeks, soonest first; with `?show=all` every one that runs or will run."""
    user, on = signed_in(request), installation_day()
    lines = holds_on(visible_customers(user), visible_entities(user), on=on)
    shows_all = request.GET.get("show") == "all"
    context = {
        "lines": lines if shows_all else ending_soon(lines, on=on), "all": shows_all, "on": on, "days": SOON_DAYS,
        "named": True, "pauses": user.may(Capability.EDIT_POLICIES), "may_work": user.may(Capability.WORK_ACCOUNTS),
    }  # fmt: skip
    return render(request, "invoices/holds.html", context)


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def account_holds(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is held on one account, with its end; a panel of the account page."""
    user = signed_in(request)
    customer = get_object_or_404(visible_customers(user).select_related("entity"), pk=pk)
    on = business_day(customer.entity)
    lines = holds_on(account_members(pk), LegalEntity.objects.filter(pk=customer.entity_id), on=on)
    context = {
        "customer": customer, "lines": lines, "on": on, "pauses": user.may(Capability.EDIT_POLICIES),
        "may_work": user.may(Capability.WORK_ACCOUNTS),
    }  # fmt: skip
    return page_or_fragment(request, "invoices/account_holds.html", context, fragment="invoices/_holds.html")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_ACCOUNTS)
def invoice_hold_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a hold on the invoice, or a part of it."""
    invoice = get_object_or_404(visible_invoices(signed_in(request)).select_related("customer__entity"), pk=pk)
    data = request.POST if request.method == "POST" else None
    form = InvoiceHoldForm(data, currency=invoice.currency, on=business_day(invoice.customer.entity))
    where = reverse("invoice", args=[pk])
    if form.is_bound and form.is_valid():
        try:
            hold_invoice(invoice=invoice, actor=signed_in(request), **form.cleaned_data)
            return toast(request, HttpResponseRedirect(where), _("On hold."))
        except Refusal as refusal:
            take_refusal(form, refusal)
    context = {
        "form": form, "title": _("Hold invoice %(number)s") % {"number": invoice.number}, "back_url": where,
        "crumbs": [(_("Invoices"), reverse("invoices")), (invoice.number, where), (_("Hold"), "")],
        "has_errors": form.is_bound,
    }  # fmt: skip
    return render(request, "customers/administration.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def invoice_hold_release(request: HttpRequest, pk: int) -> HttpResponse:
    """The hold on an invoice released from today on; 409 when it was released before."""
    user = signed_in(request)
    rows = InvoiceHold.objects.filter(customer__in=visible_customers(user)).select_related("customer__entity")
    hold = get_object_or_404(rows, pk=pk)
    release_invoice_hold(hold=hold, on=business_day(hold.customer.entity), actor=user)
    return toast(request, HttpResponseRedirect(reverse("invoice", args=[hold.invoice_id])), _("Hold released."))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.EDIT_POLICIES)
def pauses(request: HttpRequest) -> HttpResponse:
    """The pauses of the person's legal entities, the last to end first, and the form of a new one."""
    user, on = signed_in(request), installation_day()
    entities = visible_entities(user)
    form = EntityPauseForm(request.POST if request.method == "POST" else None, entities=entities, on=on)
    if form.is_bound and form.is_valid():
        try:
            pause_entity(actor=user, **form.cleaned_data)
            return toast(request, HttpResponseRedirect(reverse("pauses")), _("Paused for that time."))
        except Refusal as refusal:
            take_refusal(form, refusal)
    rows = EntityPause.objects.filter(entity__in=entities).select_related("entity", "owner")
    context = {
        "form": form, "rows": rows.order_by("-ends_on", "-pk")[:50], "on": on, "has_errors": form.is_bound,
        "crumbs": [(_("Settings"), reverse("settings")), (_("Pauses of legal entities"), "")],
    }  # fmt: skip
    return render(request, "invoices/pauses.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(Capability.EDIT_POLICIES)
def pause_release(request: HttpRequest, pk: int) -> HttpResponse:
    """The pause released from today on; 409 when it was released before."""
    user = signed_in(request)
    rows = EntityPause.objects.filter(entity__in=visible_entities(user)).select_related("entity")
    pause = get_object_or_404(rows, pk=pk)
    release_pause(pause=pause, on=business_day(pause.entity), actor=user)
    return toast(request, HttpResponseRedirect(reverse("pauses")), _("Pause released."))
