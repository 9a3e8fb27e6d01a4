"""Merging one customer into another one: two accounts become one, from a day on."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.access import visible_customers
from customers.forms.merge import MergeForm
from customers.forms.refusals import take_refusal
from customers.queries.clock import business_day
from customers.services.merge_customers import merge_customers
from customers.views.customer import account_url


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.APPROVE_POSTINGS)
def customer_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, and after it the account that stays."""
    person = signed_in(request)
    customer = get_object_or_404(visible_customers(person).select_related("entity", "merged_into"), pk=pk)
    today = business_day(customer.entity)
    form = MergeForm(request.POST or None, person=person, initial={"merged_on": today})
    if form.is_valid():
        survivor, day, reason = (form.cleaned_data[name] for name in ("survivor", "merged_on", "reason"))
        try:
            merge_customers(absorbed=customer, survivor=survivor, merged_on=day, on=today, reason=reason, actor=person)
            done = _("%(name)s belongs to this account now.") % {"name": customer.name}
            return toast(request, HttpResponseRedirect(account_url(survivor)), done)
        except Refusal as refusal:
            take_refusal(form, refusal)
    context = {"form": form, "customer": customer, "has_errors": form.is_bound}
    return render(request, "customers/merge.html", context, status=422 if form.is_bound else 200)
