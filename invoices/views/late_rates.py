"""The country packs with their dated rates, how far they are known, and adding what was published since. For
administrators."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.forms.refusals import take_refusal
from customers.queries.clock import installation_day
from invoices.country_packs import NOWHERE, packs
from invoices.forms.late_rates import LateRateForm
from invoices.queries.late_rates import rates_in_use
from invoices.rules.country_pack import Series
from invoices.services.add_statutory_rate import add_statutory_rate

SHOWN = 6  # of a series, the latest


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.ADMINISTER)
def late_rates(request: HttpRequest) -> HttpResponse:
    """The rates in use with the day until which each is known, and the packs; a POST adds a rate."""
    form = LateRateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            add_statutory_rate(**form.cleaned_data, actor=signed_in(request))
            return toast(request, HttpResponseRedirect(reverse("late_rates")), _("Rate added."))
        except Refusal as refusal:
            take_refusal(form, refusal)
    context = {
        "form": form,
        "has_errors": form.is_bound,
        "series": [_shown(one) for _code, one in sorted(rates_in_use().items())],
        "packs": [pack for code, pack in packs().items() if code != NOWHERE],
        "crumbs": [(_("Settings"), reverse("settings")), (_("Rates of the law"), "")],
    }
    return render(request, "invoices/late_rates.html", context, status=422 if form.is_bound else 200)


def _shown(series: Series) -> dict[str, Any]:
    """A series with its latest values, newest first, and whether one is missing for today."""
    today = installation_day()
    newest = sorted(series.values, key=lambda value: value.starts_on, reverse=True)
    return {
        "series": series,
        "values": newest[:SHOWN],
        "now": series.at(today),
        "missing": "" if series.at(today) else series.unknown(today),
        "is_percent": series.unit == "percent",
    }
