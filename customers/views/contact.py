"""Adding and changing a customer's contact."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import page_or_fragment, toast, wants_fragment
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
    shown_within = _contacts_url(customer) if wants_fragment(request) else ""
    if form.is_bound and form.is_valid():
        try:
            save_contact(contact=form.save(commit=False), actor=signed_in(request))
            where = HttpResponseRedirect(shown_within or account_url(customer))
            return where if shown_within else toast(request, where, _("Contact saved."))
        except Refusal as refusal:
            take_refusal(form, refusal)
    context = {"form": form, "customer": customer, "contact": contact, "back_url": account_url(customer),
               "action_url": request.path, "contacts_url": shown_within, "has_errors": form.is_bound}  # fmt: skip
    status = 422 if form.is_bound else 200
    response = page_or_fragment(
        request, "customers/contact.html", context, fragment="customers/_contact.html", status=status
    )
    if form.is_bound and shown_within:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#contact-form", "innerHTML"
    return response


def _contacts_url(customer: Customer) -> str:
    """Where the contacts are shown among the rest of the account; empty where there is no such page."""
    try:
        return reverse("account_contacts", args=[customer.pk])
    except NoReverseMatch:
        return ""
