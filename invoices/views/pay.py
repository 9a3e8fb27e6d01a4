"""The payer's page behind a link: what is open, and the ways to pay it."""

from django.http import Http404, HttpRequest, HttpResponse


def pay(request: HttpRequest, token: str) -> HttpResponse:
    """The page; for now every link answers 404."""
    raise Http404


def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt page; for now every link answers 404."""
    raise Http404
