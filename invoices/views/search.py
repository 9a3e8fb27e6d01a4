"""The search behind the box in the bar: a short list below it for htmx, a page for everybody else."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment, wants_fragment
from customers.queries.clock import installation_day
from invoices.filters import amounts_in
from invoices.queries.search import search as find

SHORTEST, FEW, MANY = 2, 6, 25


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def search(request: HttpRequest) -> HttpResponse:
    """Customers, invoices and payments that match `?q=`; nothing for less than two characters."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    limit = FEW if wants_fragment(request) else MANY
    found = None
    if len(words) >= SHORTEST:
        found = find(user=signed_in(request), words=words, amounts=amounts_in(words), limit=limit)
    context = {"words": words, "found": found, "limit": limit, "as_of": installation_day()}
    return page_or_fragment(request, "invoices/search.html", context, fragment="invoices/_search.html")
