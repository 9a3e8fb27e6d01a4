"""What people see when something cannot be done: one sentence and a way on. Must not leak what went wrong inside."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from collections_app.lib.errors import Conflict, NotAllowed, Refusal
from collections_app.web.fragments import wants_fragment

RETRY_SECONDS = "15"
OUTAGES = (OperationalError, InterfaceError)


def status_of(refusal: Refusal) -> int:
    """403 for a missing right, 409 for a change that came in between, 422 for everything else a person can cure."""
    if isinstance(refusal, NotAllowed):
        return 403
    return 409 if isinstance(refusal, Conflict) else 422


def refusal_page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """The sentence: as a page, or for htmx as a message beside what the person was doing, which stays as it is."""
    if wants_fragment(request):
        body = render_to_string("web/components/toast.html", {"text": sentence, "tone": "error"})
        headers = {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"}
        return HttpResponse(body, status=status, headers=headers)
    return HttpResponse(render_to_string(f"{status}.html", {"sentence": sentence}), status=status)


def outage_page(request: HttpRequest) -> HttpResponse:
    """503 with a sentence and `Retry-After`; asks neither the session nor the database for anything."""
    response = refusal_page(request, 503, _("The database cannot be reached. Nothing was changed. Try again shortly."))
    response["Retry-After"] = RETRY_SECONDS
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent something that makes no sense here."""
    return refusal_page(request, 400, _("The request could not be understood. Go back, reload the page and try again."))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 without saying more than needed."""
    return refusal_page(request, 403, _("You do not have the right to do this. Ask an administrator."))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 for what does not exist and for what this person may not know of: the same words for both."""
    sentence = _("There is nothing at this address, or it is not yours to see. Check the link or search for it.")
    return refusal_page(request, 404, sentence)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was too old or came from elsewhere; nothing was saved."""
    sentence = _("This form is too old or your cookies are off. Nothing was saved. Reload the page and send it again.")
    return refusal_page(request, 403, sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the cause was that the database is away (also in a middleware, where no view is to blame)."""
    if isinstance(sys.exc_info()[1], OUTAGES):
        return outage_page(request)
    sentence = _("Something went wrong on our side. It has been noted. Nothing else was changed. Try again.")
    return refusal_page(request, 500, sentence)
