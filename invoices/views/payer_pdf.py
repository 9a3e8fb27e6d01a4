"""Answers with a PDF, not too often per visitor: making one costs a hundred times what a page costs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from invoices.views.limits import client_address, count

PER_MINUTE = 30


def pdf_answer(request: HttpRequest, make: Callable[[], bytes], name: str, *, who: str = "") -> HttpResponse:
    """The PDF as a download of that name, or 429 for visitors who ask too often. `make` may raise PdfRefused."""
    if count("pdf", who or client_address(request)) > PER_MINUTE:
        sentence = _("Too many documents in one minute. Wait a minute and try again.")
        response = render(request, "pay/too_many.html", {"sentence": sentence}, status=429)
        response.headers["Retry-After"] = "60"
        return response
    response = HttpResponse(make(), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
