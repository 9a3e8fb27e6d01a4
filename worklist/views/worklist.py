"""The analyst's day: the ranked list on the left, the account on the right. Home leads each role to its own page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability, Role
from collections_app.web.fragments import page_or_fragment, wants_fragment
from customers.access import visible_entities
from customers.models import LegalEntity
from customers.queries.clock import business_day, installation_day
from worklist.queries.filters import WHO, Filters, read_filters
from worklist.queries.items import list_page, tallies
from worklist.queries.saved_views import Opening, opening
from worklist.views.filters import active_filters, filters_url
from worklist.views.panel import account_context, customer_in_scope
from worklist.views.progress import progress, spoken
from worklist.views.rows import Looks, row_html
from worklist.views.seen_as import seen_request

_HOMES = {Role.MANAGER: ("aging", "worklist"), Role.ADMINISTRATOR: ("aging", "worklist"),
          Role.ACCOUNTANT: ("bank", "imports", "worklist")}  # fmt: skip


@requires(Capability.SEE_ACCOUNTS)
def home(request: HttpRequest) -> HttpResponseBase:
    """A redirect to where this role's day begins."""
    for name in _HOMES.get(Role(signed_in(request).role), ("worklist",)):
        try:
            return HttpResponseRedirect(reverse(name))
        except NoReverseMatch:
            continue
    return HttpResponseRedirect(reverse("worklist"))


@requires(Capability.SEE_ACCOUNTS)
def worklist(request: HttpRequest) -> HttpResponseBase:
    """The page; for htmx the panel of one customer (target "panel"), or list and panel. An address without filters
    leads to the person's own view, where one opens by itself."""
    seen = seen_request(request)
    user = signed_in(seen)
    at = request.GET.get("at", "")
    at = at if at.isascii() and at.isdigit() and len(at) < 18 else ""
    if wants_fragment(request) and request.headers.get("HX-Target") == "panel" and at:
        filters = read_filters(request.GET, usual="all")
        customer = customer_in_scope(seen, int(at))
        return render(request, "worklist/_panel.html", account_context(seen, customer, back=filters.query(at=at)))
    begins = opening(user)
    if begins.usual and not set(request.GET) - {"as"}:
        return HttpResponseRedirect(as_seen(f"{reverse('worklist')}?{begins.usual}", request.GET.get("as", "")))
    filters = read_filters(request.GET, usual="mine" if begins.has_own else "all")
    context = page_context(seen, user, filters, at, begins)
    return page_or_fragment(
        request, "worklist/worklist.html", context, fragment="worklist/_split.html", announce=context["summary"]
    )


def page_context(request: HttpRequest, user: User, filters: Filters, at: str, begins: Opening) -> dict[str, Any]:
    """List, tallies, filters, and the panel of the customer that is asked for, else of the first one."""
    entities = list(visible_entities(user).order_by("code").only("code", "name", "time_zone"))
    on = business_day(entities[0]) if entities else installation_day()
    looks = Looks(user, filters, on, timezone.now())
    page = list_page(user, filters, request.GET, on=on)
    counted = tallies(user, filters, on=on)
    opened = int(at) if at else None
    current = opened or (page.rows[0].customer_id if page.rows else None)
    context: dict[str, Any] = {
        "on": on,
        "page": page,
        "rows": [row_html(row, looks, current=current, focus=opened is None) for row in page.rows],
        "filters": filters,
        "opened": opened is not None,
        "may_work": looks.may_work,
        "progress": progress(counted),
        "summary": spoken(counted),
        **list_head(user, filters, entities, begins),
    }
    if current is not None:
        customer = customer_in_scope(request, current)
        known = on if entities and customer.entity.time_zone == entities[0].time_zone else None
        context |= account_context(request, customer, back=filters.query(at=current), on=known)
    return context


def as_seen(address: str, username: str) -> str:
    """The address, kept to the list of the analyst whom a lead looks at."""
    return f"{address}&{urlencode({'as': username})}" if username else address


def list_head(user: User, filters: Filters, entities: Sequence[LegalEntity], begins: Opening) -> dict[str, Any]:
    """What stands above the rows: whose list, the pinned views, and each filter that is on with the way out of it."""
    query, base = filters.query(), reverse("worklist")
    said = replace(filters, seen_as="").query()
    return {
        "query": query,
        "whose": [(words, code == filters.who, filters_url(replace(filters, who=code))) for code, words in WHO],
        "pinned_views": [(view.name, view.query == said, as_seen(f"{base}?{view.query}", filters.seen_as))
                         for view in begins.pinned],
        "active": active_filters(filters, {row.pk: row.name for row in entities}),
        "cleared": filters_url(Filters(who=filters.who, seen_as=filters.seen_as)),
        "seen_as": filters.seen_as and user,
    }  # fmt: skip


def list_day(user: User) -> date:
    """The business day that the list of this person lives in: of the first entity of theirs."""
    first = visible_entities(user).order_by("code").only("time_zone").first()
    return business_day(first) if first else installation_day()
