"""The list of accounts, one account on one page, and its timeline."""

from typing import Any

from django.db.models import DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment
from collections_app.web.pagination import keyset_page
from customers.access import visible_customers
from customers.models import Customer, Segment
from customers.queries.clock import business_day, installation_day
from customers.queries.segments import in_segment
from worklist.queries.account import account as account_of
from worklist.queries.timeline import THEM, people, timeline
from worklist.views.panel import (
    PAGE_EVENTS,
    PANEL_EVENTS,
    account_context,
    customer_in_scope,
    members_of,
    other_panels,
    timeline_context,
)

SORTS = {
    "overdue": ("overdue", "id"), "-overdue": ("-overdue", "id"), "open": ("open_total", "id"),
    "-open": ("-open_total", "id"), "name": ("name", "id"), "-name": ("-name", "id"), "number": ("number",),
    "-number": ("-number",), "score": ("score", "id"), "-score": ("-score", "id"),
}  # fmt: skip


@requires(Capability.SEE_ACCOUNTS)
def accounts(request: HttpRequest) -> HttpResponse:
    """The customers of the person's teams with an account of their own, found by name or number, fifty to a page, the
    largest overdue first."""
    mine = visible_customers(signed_in(request)).filter(merged_into=None)
    found = _searched(mine, request.GET.get("q", "").strip()[:100])
    code = request.GET.get("segment", "")[:40]
    if code:
        found = in_segment(found, code.replace("\x00", ""))
    order = SORTS.get(request.GET.get("sort", ""), SORTS["-overdue"])
    page = keyset_page(_with_money(found), request.GET, order=order)
    totals = (
        found.filter(worklist_item__open_total__gt=0).order_by().values(currency_of=F("worklist_item__currency"))
        .annotate(open=Sum("worklist_item__open_total"), overdue=Sum("worklist_item__overdue")).order_by("-overdue")
    )  # fmt: skip
    context = {"page": page, "totals": totals, "q": request.GET.get("q", ""), "on": installation_day(), "segment": code,
               "segments": Segment.objects.filter(is_active=True)}  # fmt: skip
    return page_or_fragment(request, "worklist/accounts.html", context, fragment="worklist/_accounts.html")


def _searched(customers: QuerySet[Customer], words: str) -> QuerySet[Customer]:
    if "\x00" in words:  # can be stored nowhere, so nobody is called that
        return customers.none()
    if not words:
        return customers
    return customers.filter(Q(name__icontains=words) | Q(number__istartswith=words))


def _with_money(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    def known(name: str) -> Any:
        zero = Value(0, DecimalField(max_digits=19, decimal_places=4))
        return Coalesce(F(f"worklist_item__{name}"), zero, output_field=DecimalField(max_digits=19, decimal_places=4))

    shown = customers.select_related("worklist_item", "collector").only(
        "name", "number", "collector__first_name", "collector__last_name", "collector__username",
        "worklist_item__currency", "worklist_item__oldest_days", "worklist_item__badges",
    )  # fmt: skip
    return shown.annotate(overdue=known("overdue"), open_total=known("open_total"), score=known("score"))


@requires(Capability.SEE_ACCOUNTS)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: everything a call needs on one page."""
    customer = customer_in_scope(request, pk)
    if customer.merged_into_id is not None:
        return redirect("account", customer.merged_into_id)
    context = account_context(request, customer, whole=True) | {"panels": other_panels(customer)}
    return page_or_fragment(request, "worklist/account.html", context, fragment="worklist/_account.html")


@requires(Capability.SEE_ACCOUNTS)
def account_contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """The people at the customer, with what each is for and whether mail reaches them."""
    customer = customer_in_scope(request, pk)
    found = account_of(customer, on=business_day(customer.entity))
    may_work = signed_in(request).may(Capability.WORK_ACCOUNTS)
    context = {"customer": customer, "account": found, "may_work": may_work}
    return page_or_fragment(request, "worklist/contacts.html", context, fragment="worklist/_contacts.html")


@requires(Capability.SEE_ACCOUNTS)
def account_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The timeline of one account by kind, words and person, paged; without htmx the account page leads here."""
    customer = customer_in_scope(request, pk)
    ids, user = members_of(customer) or (customer.pk,), signed_in(request)
    asked = {"kind": request.GET.get("kind", "")[:20], "q": request.GET.get("q", "")[:100],
             "by": request.GET.get("by", "")[:20]}  # fmt: skip
    found = timeline(
        customer_id=customer.pk, customer_ids=ids, kind=asked["kind"], text=asked["q"], by=_person(asked["by"], user),
        before=request.GET.get("before", ""),
        size=PANEL_EVENTS if request.GET.get("part") == "panel" else PAGE_EVENTS,
    )  # fmt: skip
    context = timeline_context(customer, found, user, asked) | {"on": business_day(customer.entity)}
    target = request.headers.get("HX-Target")
    if target in ("older", "timeline-events"):
        return render(request, "worklist/_events.html", context)
    context["timeline_people"] = people(ids)
    return page_or_fragment(request, "worklist/timeline.html", context, fragment="worklist/_timeline.html")


def _person(asked: str, user: User) -> int | None:
    """Whom the filter asks for: the person, the customer, one of us by id; None for anybody."""
    known = {"": None, "me": user.pk, "them": THEM}
    if asked in known:
        return known[asked]
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
