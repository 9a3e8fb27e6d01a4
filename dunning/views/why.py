"""Panels about one customer that other pages show: why or why not, and the notices so far. Also pages of their own."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.dates import parse_date
from collections_app.web.fragments import page_or_fragment
from collections_app.web.pagination import keyset_page
from customers.access import visible_customers
from customers.models import Customer
from customers.queries.clock import business_day
from dunning.access import visible_notices
from dunning.queries.why import why
from dunning.rules.outcome import DRY_RUN
from dunning.views.states import shown


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def dunning_why(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Why this customer is reminded or not on the day `?on=`, today if left out."""
    customer = _customer(request, customer_id)
    asked = request.GET.get("on", "").strip()
    on: date = parse_date(asked, order="ymd") if asked else business_day(customer.entity)
    context = {"customer": customer, "on": on, "entries": why(customer, on)}
    return page_or_fragment(request, "dunning/why.html", context, fragment="dunning/_why.html")


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def customer_notices(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The customer's notices, newest first, with their states."""
    customer = _customer(request, customer_id)
    rows = visible_notices(signed_in(request)).filter(customer=customer).exclude(reason=DRY_RUN)
    page = keyset_page(rows, request.GET, order=("-as_of", "-id"), size=20)
    context = {"customer": customer, "page": page, "rows": [(row, shown(row)) for row in page.rows]}
    return page_or_fragment(
        request, "dunning/customer_notices.html", context, fragment="dunning/_customer_notices.html"
    )


def _customer(request: HttpRequest, customer_id: int) -> Customer:
    rows = visible_customers(signed_in(request)).select_related("entity")
    return get_object_or_404(rows, pk=customer_id)
