"""Adding and changing a customer's contact."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.access import visible_customers
from customers.forms.master_data import ContactForm
from customers.forms.refusals import take_refusal
from customers.models import Contact, Customer
from customers.services.save_contact import save_contact
from customers.views.customer import GET_OR_POST, account_url


@require_http_methods(GET_OR_POST)
@requires(Capability.WORK_ACCOUNTS)
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a new contact."""
    customer = _customer(request, pk)
    return _edited(request, Contact(customer=customer, is_primary=not customer.contacts.exists()), customer)


@require_http_methods(GET_OR_POST)
@requires(Capability.WORK_ACCOUNTS)
def contact_edit(request: HttpRequest, pk: int, contact_id: int) -> HttpResponse:
    """The form of a known contact. Who left is marked so, not deleted: mails name them."""
    customer = _customer(request, pk)
    return _edited(request, get_object_or_404(customer.contacts, pk=contact_id), customer)


def _customer(request: HttpRequest, pk: int) -> Customer:
    return get_object_or_404(visible_customers(signed_in(request)), pk=pk)


def _edited(request: HttpRequest, contact: Contact, customer: Customer) -> HttpResponse:
    form = ContactForm(request.POST if request.method == "POST" else None, instance=contact)
    if form.is_bound and form.is_valid():
        try:
            save_contact(contact=form.save(commit=False), actor=signed_in(request))
            return toast(request, HttpResponseRedirect(account_url(customer)), _("Contact saved."))
        except Refusal as refusal:
            take_refusal(form, refusal)
    context = {"form": form, "customer": customer, "contact": contact, "back_url": account_url(customer)}
    context["has_errors"] = form.is_bound
    return render(request, "customers/contact.html", context, status=422 if form.is_bound else 200)
