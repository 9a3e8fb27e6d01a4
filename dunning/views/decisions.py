"""The kept decisions: for every account and day why it was reminded or not, searchable by customer, reason and day."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment
from collections_app.web.pagination import keyset_page
from customers.access import visible_customers
from dunning.forms.decisions import DecisionFilter
from dunning.queries.kept_decisions import Asked, kept_decisions, told
from dunning.rules.sentences import LABELS

TEMPLATE, FRAGMENT = "dunning/decisions.html", "dunning/_decisions.html"


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """The decisions that fit, newest first; what cannot be a day is refused in the form (422)."""
    form = DecisionFilter(request.GET or None)
    asked = Asked()
    if form.is_bound and form.is_valid():
        asked = Asked(**form.cleaned_data)
    rows = kept_decisions(asked, among=visible_customers(signed_in(request)))
    page = keyset_page(rows, request.GET, order=("-as_of", "-id"), size=50)
    wrong = form.is_bound and not form.is_valid()
    context = {
        "form": form,
        "page": page,
        "rows": [(row, LABELS.get(row.code, row.code), told(row)) for row in page.rows],
        "narrowed": bool(request.GET),
        "has_errors": wrong,
    }
    return page_or_fragment(request, TEMPLATE, context, fragment=FRAGMENT, status=422 if wrong else 200)
