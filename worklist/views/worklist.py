"""The analyst's day: the ranked list on the left, the account on the right. Home leads each role to its own page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability, Role
from collections_app.web.fragments import page_or_fragment, wants_fragment
from collections_app.web.writing import amount_html, date_text
from customers.access import visible_entities
from customers.models import LegalEntity
from customers.queries.clock import business_day, installation_day
from worklist.queries import filters as choices
from worklist.queries.filters import Filters, read_filters, usual_who
from worklist.queries.items import Tally, list_page, tallies
from worklist.rules.words import short_day, short_money
from worklist.views.panel import account_context, customer_in_scope
from worklist.views.rows import row_html

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
def worklist(request: HttpRequest) -> HttpResponse:
    """The page; for htmx the panel of one customer (target "panel"), or list and panel."""
    user = signed_in(request)
    filters = read_filters(request.GET, usual="all" if "who" in request.GET else usual_who(user))
    at = request.GET.get("at", "")
    if wants_fragment(request) and request.headers.get("HX-Target") == "panel" and at.isascii() and at.isdigit():
        customer = customer_in_scope(request, int(at))
        return render(request, "worklist/_panel.html", account_context(request, customer, back=filters.query(at=at)))
    context = page_context(request, user, filters, at)
    return page_or_fragment(
        request, "worklist/worklist.html", context, fragment="worklist/_split.html", announce=context["summary"]
    )


def page_context(request: HttpRequest, user: User, filters: Filters, at: str) -> dict[str, Any]:
    """List, tallies, filters, and the panel of the customer that is asked for, else of the first one."""
    entities = list(visible_entities(user).order_by("code").only("code", "name", "time_zone"))
    on = business_day(entities[0]) if entities else installation_day()
    page = list_page(user, filters, request.GET, on=on)
    counted = tallies(user, filters, on=on)
    opened = int(at) if at.isascii() and at.isdigit() and len(at) < 18 else None
    current = opened or (page.rows[0].customer_id if page.rows else None)
    context: dict[str, Any] = {
        "on": on,
        "page": page,
        "rows": [
            row_html(row_context(row, filters, current=current, on=on), focus=opened is None) for row in page.rows
        ],
        "filters": filters,
        "filter_choices": filter_choices(entities, filters),
        "opened": opened is not None,
        "progress": progress(counted),
        "summary": spoken(counted),
    }
    if current is not None:
        back = filters.query(at=current)
        customer = customer_in_scope(request, current)
        known = on if entities and customer.entity.time_zone == entities[0].time_zone else None
        context |= account_context(request, customer, back=back, on=known)
    return context


def row_context(row: Any, filters: Filters, *, current: int | None, on: date) -> dict[str, Any]:
    """One row, ready to write."""
    owner = "" if filters.who == "mine" else row.collector__first_name or row.collector__username or ""
    snoozed = f"until {date_text(row.snoozed_until)} {row.snooze_reason}".strip() if row.snoozed_until else ""
    return {
        "id": row.customer_id,
        "url": f"?{filters.query(at=row.customer_id)}",
        "name": row.customer__name,
        "money": amount_html(row.overdue, row.currency),
        "score": short_money(row.score, row.currency),
        "why": row.why,
        "next": row.next_step_text,
        "badges": row.badges[:2],
        "contact": f"{row.last_contact_kind} {short_day(row.last_contact_on, on)}" if row.last_contact_on else "",
        "owner": owner,
        "snoozed": snoozed,
        "current": row.customer_id == current,
    }


def progress(counted: Sequence[Tally]) -> dict[str, Any]:
    """How much of the day is done: counts over all currencies, money per currency."""
    done, left = sum(row.done for row in counted), sum(row.left for row in counted)
    return {
        "done": done,
        "left": left,
        "all": done + left,
        "touched": [short_money(row.done_money, row.currency) for row in counted if row.done],
        "open": [short_money(row.left_money, row.currency) for row in counted if row.left_money > Decimal(0)],
    }


def spoken(counted: Sequence[Tally]) -> str:
    """The list in one sentence, for screen readers."""
    found = progress(counted)
    return f"{found['left']} customers to work, {', '.join(found['open']) or 'nothing overdue'}"


def filter_choices(entities: Sequence[LegalEntity], filters: Filters) -> dict[str, Any]:
    """The choices of each filter, each with whether it is chosen."""
    named = [("", "Every entity"), *((str(row.pk), row.name) for row in entities)]

    def marked(rows: Sequence[tuple[str, str]], chosen: object) -> list[tuple[str, str, bool]]:
        return [(code, words, code == str(chosen or "")) for code, words in rows]

    return {
        "who": [(code, words, code == filters.who, filters_url(filters, who=code)) for code, words in choices.WHO],
        "show": marked(choices.SHOW, filters.show),
        "entity": marked(named, filters.entity) if len(entities) > 1 else [],
        "stage": marked(choices.STAGES, filters.stage),
        "has": marked(choices.HAS, filters.has),
    }


def filters_url(filters: Filters, **changes: Any) -> str:
    """The list's address with these filters changed."""
    return f"{reverse('worklist')}?{replace(filters, **changes).query()}"
