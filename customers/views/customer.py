"""Creating and changing a customer's master data. The account itself, with what is owed, is the worklist's page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.access import visible_customers
from customers.forms.master_data import CustomerForm
from customers.forms.refusals import take_refusal
from customers.models import Customer
from customers.services.save_customer import save_customer

GET_OR_POST = ["GET", "HEAD", "POST"]


def account_url(customer: Customer) -> str:
    """The customer's account page, or this form where there is no such page."""
    try:
        return reverse("account", args=[customer.pk])
    except NoReverseMatch:
        return reverse("customer_edit", args=[customer.pk])


@require_http_methods(GET_OR_POST)
@requires(Capability.IMPORT_FILES)
def customer_new(request: HttpRequest) -> HttpResponse:
    """The form of a new customer."""
    return _edited(request, Customer(), _("New customer"))


@require_http_methods(GET_OR_POST)
@requires(Capability.IMPORT_FILES)
def customer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a known customer, with the contacts beside it."""
    customer = get_object_or_404(visible_customers(signed_in(request)).select_related("entity"), pk=pk)
    return _edited(request, customer, customer.name)


def _edited(request: HttpRequest, customer: Customer, title: str) -> HttpResponse:
    person = signed_in(request)
    form = CustomerForm(request.POST if request.method == "POST" else None, instance=customer, person=person)
    if form.is_bound and form.is_valid():
        try:
            kept = save_customer(customer=form.save(commit=False), actor=person)
            return toast(request, HttpResponseRedirect(account_url(kept)), _("Customer saved."))
        except Refusal as refusal:
            take_refusal(form, refusal)
    contacts = customer.contacts.order_by("-is_primary", "name") if customer.pk else []
    context = {"form": form, "customer": customer, "title": title, "contacts": contacts, "has_errors": form.is_bound}
    context["may_work"] = person.may(Capability.WORK_ACCOUNTS)
    context["may_merge"] = customer.pk and not customer.merged_into_id and person.may(Capability.APPROVE_POSTINGS)
    return render(request, "customers/customer.html", context, status=422 if form.is_bound else 200)
