"""Debts at the end of the ladder: what waits for a decision, what is with others, what ended. Also the panel that the
account page shows."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment
from collections_app.web.pagination import keyset_page
from customers.access import visible_customers
from customers.models import CreditStop
from customers.queries.clock import business_day
from dunning.access import visible_handovers
from dunning.forms.handover import CreditForm
from dunning.models import Handover

SHOWN = {
    "waiting": ("To decide", ("proposed", "approved")),
    "handed": ("With others", ("handed_over",)),
    "ended": ("Ended", ("returned", "closed")),
}
TONES = {"proposed": "attention", "approved": "promised", "handed_over": "late", "returned": "held", "closed": "held"}


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """The list; `?show=` is waiting, handed or ended."""
    user = signed_in(request)
    show = request.GET.get("show", "waiting")
    show = show if show in SHOWN else "waiting"
    seen = visible_handovers(user)
    rows = seen.filter(state__in=SHOWN[show][1]).select_related("customer", "entity").annotate(count=Count("items"))
    page = keyset_page(rows, request.GET, order=("-amount", "-id"), size=50)
    counts = _counts(seen)
    sums = {key: sum(counts.get(state, 0) for state in states) for key, (_, states) in SHOWN.items()}
    context = {
        "page": page,
        "rows": [(row, TONES[row.state]) for row in page.rows],
        "show": show,
        "filters": [(key, words, sums[key]) for key, (words, _) in SHOWN.items()],
    }
    return page_or_fragment(request, "dunning/handovers.html", context, fragment="dunning/_handovers.html")


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def customer_end(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The customer's handovers and whether credit is stopped: a panel, and a page of its own."""
    user = signed_in(request)
    found = get_object_or_404(visible_customers(user).select_related("entity"), pk=customer_id)
    mine = visible_handovers(user).filter(customer=found).order_by("-pk")[:20]
    context: dict[str, Any] = {
        "customer": found,
        "rows": [(row, TONES[row.state]) for row in mine],
        "stop": CreditStop.objects.filter(customer=found, until=None).select_related("stopped_by").first(),
        "form": CreditForm(prefix="credit"),
        "may_work": user.may(Capability.WORK_ACCOUNTS),
        "may_approve": user.may(Capability.APPROVE_NOTICES),
        "today": business_day(found.entity),
    }
    return page_or_fragment(request, "dunning/customer_end.html", context, fragment="dunning/_customer_end.html")


def _counts(seen: QuerySet[Handover]) -> dict[str, int]:
    return dict(seen.order_by().values_list("state").annotate(Count("pk")))
