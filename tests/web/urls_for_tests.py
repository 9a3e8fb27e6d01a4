"""Addresses that go wrong on purpose, beside the real ones."""

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from collections_app.lib.errors import BadInput, Conflict, NotAllowed, Refusal
from collections_app.web.fragments import page_or_fragment, toast

CAUSES: dict[str, Exception] = {
    "refusal": Refusal("Enter an amount above zero."),
    "input": BadInput("Write the date as 2026-11-21."),
    "right": NotAllowed("Ask an administrator for this right."),
    "conflict": Conflict("Ben changed this first."),
    "database": OperationalError("could not connect to server: secret-host"),
    "missing": Http404(),
    "bug": ZeroDivisionError("secret detail"),
}


def fail(request: HttpRequest, cause: str) -> HttpResponse:
    raise CAUSES[cause]


def page(request: HttpRequest) -> HttpResponse:
    context = {"label": "Log call", "type": "button"}
    return page_or_fragment(
        request, "web/base.html", context, fragment="web/components/button.html", announce="12 invoices"
    )


def done(request: HttpRequest) -> HttpResponse:
    return toast(request, HttpResponse("done"), "Call logged", undo_url="/notes/7/undo/")


def empty(request: HttpRequest) -> HttpResponse:
    return render(request, "web/base.html")


urlpatterns = [
    path("fail/<str:cause>/", fail),
    path("page/", page),
    path("done/", done),
    path("empty/", empty),
    path("auth/", include("allauth.urls")),
    path("", include("collections_app.web.urls")),
]
handler400 = "collections_app.web.errors.bad_request"
handler403 = "collections_app.web.errors.permission_denied"
handler404 = "collections_app.web.errors.page_not_found"
handler500 = "collections_app.web.errors.server_error"
