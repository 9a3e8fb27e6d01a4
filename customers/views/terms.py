"""The administrator's payment terms: the list, and the form of one."""

from datetime import date

from django.db.models import Count
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
from customers.forms.terms import TermsForm
from customers.models import Customer, PaymentTerms
from customers.queries.clock import installation_day
from customers.rules.terms import due_on
from customers.services.save_terms import save_terms
from customers.views.customer import GET_OR_POST


@require_safe
@requires(Capability.ADMINISTER)
def terms(request: HttpRequest) -> HttpResponse:
    """All terms, each with what it would mean for an invoice of today."""
    today = installation_day()
    used = dict(Customer.objects.filter(terms__isnull=False).values_list("terms").annotate(n=Count("pk")))
    context = {
        "rows": [(row, _due(row, today), used.get(row.pk, 0)) for row in PaymentTerms.objects.order_by("code")],
        "today": today,
        "crumbs": [(_("Settings"), reverse("settings")), (_("Payment terms"), "")],
    }
    return render(request, "customers/terms.html", context)


@require_http_methods(GET_OR_POST)
@requires(Capability.ADMINISTER)
def terms_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The form of payment terms, new ones without `pk`."""
    found = get_object_or_404(PaymentTerms, pk=pk) if pk else PaymentTerms()
    form = TermsForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        try:
            save_terms(terms=form.save(commit=False), actor=signed_in(request))
            return toast(request, HttpResponseRedirect(reverse("terms")), _("Payment terms saved."))
        except Refusal as refusal:
            take_refusal(form, refusal)
    title, back = _("Payment terms") if pk else _("New payment terms"), reverse("terms")
    context = {
        "form": form,
        "title": title,
        "back_url": back,
        "has_errors": form.is_bound,
        "crumbs": [(_("Settings"), reverse("settings")), (_("Payment terms"), back), (title, "")],
    }
    return render(request, "customers/administration.html", context, status=422 if form.is_bound else 200)


def _due(row: PaymentTerms, today: date) -> date:
    return due_on(issued_on=today, kind=row.kind, days=row.days)
