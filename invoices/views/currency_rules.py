"""The administrator's rules per currency: tolerances, and the limit from which two people decide."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.forms.refusals import take_refusal
from invoices.forms.currency_rules import CurrencyRulesForm
from invoices.models import CurrencyRules
from invoices.services.save_currency_rules import save_currency_rules


@require_safe
@requires(Capability.ADMINISTER)
def currency_rules(request: HttpRequest) -> HttpResponse:
    """The rules of every currency that has some."""
    context = {
        "rules": CurrencyRules.objects.order_by("currency"),
        "crumbs": [(_("Settings"), reverse("settings")), (_("Tolerances and limits"), "")],
    }
    return render(request, "invoices/currency_rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.ADMINISTER)
def currency_rules_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The form of one currency's rules, a new one without `pk`."""
    found = get_object_or_404(CurrencyRules, pk=pk) if pk else CurrencyRules()
    form = CurrencyRulesForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        try:
            save_currency_rules(rules=form.save(commit=False), actor=signed_in(request))
            return toast(request, HttpResponseRedirect(reverse("currency_rules")), _("Rules saved."))
        except Refusal as refusal:
            take_refusal(form, refusal)
    title = _("Rules for %(currency)s") % {"currency": found.currency} if pk else _("New currency rules")
    back = reverse("currency_rules")
    context = {
        "form": form,
        "title": title,
        "back_url": back,
        "has_errors": form.is_bound,
        "crumbs": [(_("Settings"), reverse("settings")), (_("Tolerances and limits"), back), (title, "")],
    }
    return render(request, "customers/administration.html", context, status=422 if form.is_bound else 200)
