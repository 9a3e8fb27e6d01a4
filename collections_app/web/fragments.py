"""Answers to htmx and to plain browsers from the same template files.

A page template includes its fragment's file; htmx gets the fragment, everybody else the page. Must not query anything.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import trigger_client_event

UNDO_TAG = "undo:"
_VARY = ("HX-Request", "HX-History-Restore-Request", "HX-Boosted")
Context = Mapping[str, Any]


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part: not for a boosted link and not when it restores a page from history."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page_or_fragment(
    request: HttpRequest,
    template: str,
    context: Context | None = None,
    *,
    fragment: str,
    status: int = 200,
    announce: str = "",
) -> HttpResponse:
    """The whole page, or for htmx the fragment's file alone; both with the same context, marked by `Vary`.

    `announce` is spoken by screen readers after the swap ("12 invoices, €3,400.00").
    """
    as_fragment = wants_fragment(request)
    response = render(request, fragment if as_fragment else template, dict(context or {}), status=status)
    patch_vary_headers(response, _VARY)
    if announce and as_fragment:
        say(response, announce)
    return response


def form_invalid(request: HttpRequest, template: str, context: Context, *, fragment: str) -> HttpResponse:
    """The page or fragment again with status 422; `has_errors` puts "Error:" into the title. What was typed is kept."""
    return page_or_fragment(request, template, {**context, "has_errors": True}, fragment=fragment, status=422)


def say(response: HttpResponse, text: str) -> HttpResponse:
    """The response, which now also tells the page's live region this sentence."""
    return trigger_client_event(response, "announce", {"text": text})


def toast(
    request: HttpRequest, response: HttpResponse, text: str, *, undo_url: str = "", tone: str = "success"
) -> HttpResponse:
    """The response, which now also shows a short message, with an undo button if `undo_url` takes a POST.

    Fragments carry it in a header; after a redirect (also one by htmx) it waits in the session for the next page.
    """
    if wants_fragment(request) and "HX-Redirect" not in response.headers:
        return trigger_client_event(response, "toast", {"text": text, "undo": undo_url, "tone": tone})
    level = messages.ERROR if tone == "error" else messages.SUCCESS
    messages.add_message(request, level, text, extra_tags=f"{UNDO_TAG}{undo_url}" if undo_url else "")
    return response
