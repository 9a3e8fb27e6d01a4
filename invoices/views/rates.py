"""The exchange rates in use, and bringing in newer ones. For administrators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.lib.rates import ecb_rate
from customers.queries.clock import installation_day
from invoices.forms.money_back import RatesForm
from invoices.queries.rates import latest_rates
from invoices.rate_files import MAX_SIZE
from invoices.services.import_rates import ImportedRates, import_rates


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.ADMINISTER)
def rates(request: HttpRequest) -> HttpResponse:
    """The latest imported rates with their age; a POST imports a file and shows what it brought."""
    today = installation_day()
    form = RatesForm(request.POST, request.FILES) if request.method == "POST" else RatesForm()
    report = _imported(request, form) if form.is_bound and form.is_valid() else None
    context = {
        "form": RatesForm() if report else form,
        "report": report,
        "rates": latest_rates(today),
        "bundled": ecb_rate("EUR", "USD", today),
        "has_errors": form.is_bound and report is None,
        "crumbs": [(_("Settings"), reverse("settings")), (_("Exchange rates"), "")],
    }
    return render(request, "invoices/rates.html", context, status=422 if form.is_bound and report is None else 200)


def _imported(request: HttpRequest, form: RatesForm) -> ImportedRates | None:
    upload = form.cleaned_data["file"]
    try:
        content = upload.read(MAX_SIZE + 1)
        return import_rates(content=content, today=installation_day(), actor=signed_in(request))
    except Refusal as refusal:
        form.add_error("file", refusal.sentence)
    return None
