"""Saved views: the menu beside the filters, which is a page too. A view keeps an address of a list, cleaned (U13)."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseLocation

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import page_or_fragment, toast, wants_fragment
from worklist.forms.saved_views import ViewForm
from worklist.models import SavedView
from worklist.queries.filters import read_filters
from worklist.queries.saved_views import views_of
from worklist.services.delete_view import delete_view
from worklist.services.save_view import save_view

# Which addresses a view may keep: the list's URL name, and the parameters that say what it shows.
_LISTS = {
    SavedView.List.WORKLIST: ("worklist", ()),
    SavedView.List.ACCOUNTS: ("accounts", ("q", "segment", "sort")),
    SavedView.List.INVOICES: ("invoices", ("q", "status", "entity", "currency", "sort", "amount_from", "amount_to",
                                           "due_from", "due_to")),
    SavedView.List.DISPUTES: ("disputes", ("show", "reason", "owner", "stage", "q")),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.SEE_ACCOUNTS)
def views(request: HttpRequest) -> HttpResponseBase:
    """The views of one list (`?on=`) and the form that keeps the address one comes from; POST keeps it."""
    user = signed_in(request)
    asked = QueryDict(request.POST.get("query", "")) if request.method == "POST" else request.GET
    shown_on = _list_of((request.POST if request.method == "POST" else request.GET).get("on", ""))
    query = cleaned(shown_on, asked)
    form = ViewForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        view = SavedView(shown_on=shown_on, owner=user)
        if _saved(form, view, query, user):
            return _to_list(request, view, _("%(name)s is kept.") % {"name": view.name})
    return _page(request, user, {"form": form, "query": query, "on": shown_on, "view": None})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.SEE_ACCOUNTS)
def view_change(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form of one own view; a colleague's is not found, shared or not."""
    user = signed_in(request)
    view = get_object_or_404(SavedView, pk=pk, owner=user)
    start = {"name": view.name, "team": view.team_id, "is_pinned": view.is_pinned, "is_default": view.is_default}
    form = ViewForm(request.POST if request.method == "POST" else None, user=user, initial=start)
    if request.method == "POST" and form.is_valid() and _saved(form, view, view.query, user):
        return _to_list(request, view, _("%(name)s is kept.") % {"name": view.name})
    return _page(request, user, {"form": form, "query": view.query, "on": view.shown_on, "view": view})


@require_POST
@requires(Capability.SEE_ACCOUNTS)
def view_delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list without the view; a colleague's is not found."""
    user = signed_in(request)
    view = get_object_or_404(SavedView, pk=pk, owner=user)
    name = delete_view(view=view, actor=user)
    return _to_list(request, view, _("%(name)s is deleted.") % {"name": name})


def cleaned(shown_on: str, asked: QueryDict) -> str:
    """The parameters of that list's address that a view keeps, in order; the place within the list is left out."""
    if shown_on == SavedView.List.WORKLIST:
        return replace(read_filters(asked), seen_as="").query()
    kept = QueryDict(mutable=True)
    for name in _LISTS[SavedView.List(shown_on)][1]:
        if value := asked.get(name, "").replace("\x00", "")[:100]:
            kept[name] = value
    return kept.urlencode()[:500]


def address_of(view: SavedView) -> str:
    """Where the view leads."""
    return f"{reverse(_LISTS[SavedView.List(view.shown_on)][0])}?{view.query}"


def _list_of(code: str) -> SavedView.List:
    return SavedView.List(code) if code in SavedView.List.values else SavedView.List.WORKLIST


def _saved(form: ViewForm, view: SavedView, query: str, user: User) -> bool:
    try:
        save_view(view=view, query=query, actor=user, **form.cleaned_data)
    except Refusal as refusal:
        form.refused(refusal)
        return False
    return True


def _page(request: HttpRequest, user: User, context: dict[str, Any]) -> HttpResponse:
    rows = [(row, address_of(row), row.owner_id == user.pk) for row in views_of(user, context["on"])]
    view = context["view"]
    address = reverse("view_change", args=[view.pk]) if view else reverse("views")
    invalid = bool(context["form"].errors)
    return page_or_fragment(request, "worklist/views.html",
                            {**context, "views": rows, "address": address, "has_errors": invalid},
                            fragment="worklist/_views.html", status=422 if invalid else 200)  # fmt: skip


def _to_list(request: HttpRequest, view: SavedView, words: str) -> HttpResponseBase:
    where = address_of(view)
    if not wants_fragment(request):
        return toast(request, HttpResponseRedirect(where), words)
    if view.shown_on == SavedView.List.WORKLIST:
        return toast(request, HttpResponseLocation(where, target="#worklist", swap="outerHTML"), words)
    return toast(request, HttpResponse(headers={"HX-Redirect": where}), words)
