"""The door of every page behind a link: finds the link, chooses the language, sets the headers.

Strangers get one and the same 404 (D55, D56); owners of a dead link get a neutral page (D57)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import get_language_from_request, get_supported_language_variant, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from collections_app.web.errors import page_not_found
from customers.queries.clock import now
from invoices.models import PayLink
from invoices.queries.pay_links import find_pay_link, why_dead
from invoices.views.limits import client_address, count, is_over


@dataclass(frozen=True, slots=True)
class Visit:
    """A payer at the door: the link, the token it was opened with (for addresses), and the language to speak."""

    link: PayLink
    token: str
    language: str


P = ParamSpec("P")
Q = ParamSpec("Q")
View = Callable[Concatenate[HttpRequest, Visit, P], HttpResponse]

MISSES_PER_MINUTE = 20
LANGUAGE_COOKIE = "payer_language"
ANY_PAYER = (PayLink.Purpose.INVOICE, PayLink.Purpose.ACCOUNT)


class PayerCsrf(CsrfViewMiddleware):
    """Django's check for pages that send no referrer: browsers then name the origin `null` in a form's POST, which says
    nothing either way. The token in form and cookie is checked as everywhere."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        return request.META["HTTP_ORIGIN"] == "null" or bool(super()._origin_verified(request))  # type: ignore[misc]


def payer_csrf(view: Callable[Q, HttpResponse]) -> Callable[Q, HttpResponse]:
    """The view behind the payers' check; mark it `csrf_exempt` outside, or the general check runs first."""
    return cast(Callable[Q, HttpResponse], decorator_from_middleware(PayerCsrf)(view))


def payer_page(*purposes: str, dead_opens: bool = False) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """A decorator for views behind a link of one of these purposes; the view gets the visit instead of the token.

    With `dead_opens` the view is also called for dead links, to ask for a new one."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def gated(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            who = client_address(request)
            if is_over("pay-link-misses", who, limit=MISSES_PER_MINUTE - 1):
                return make_private(_too_many(request))
            link = find_pay_link(token, purposes)
            if link is None:
                count("pay-link-misses", who)
                return make_private(page_not_found(request))
            visit = Visit(link, token, _language(request, link))
            with override(visit.language):
                if not dead_opens and why_dead(link, now=now()):
                    response = neutral_page(request, visit)
                else:
                    response = view(request, visit, *args, **kwargs)
            return make_private(_in_language(request, response, visit))

        # Exempt from the general check only because the payers' own one runs inside.
        return csrf_exempt(payer_csrf(gated))

    return decorate


def neutral_page(request: HttpRequest, visit: Visit, *, asked: bool = False) -> HttpResponse:
    """What a dead link shows: how to reach the seller and how to get a new link; nothing of the customer's."""
    link = visit.link
    entity = link.invoice.entity if link.invoice is not None else link.customer.entity
    can_ask = link.purpose != PayLink.Purpose.RECEIPT
    context = {"entity": entity, "visit": visit, "asked": asked, "can_ask": can_ask}
    return render(request, "pay/neutral.html", context, status=200 if asked else 410)


def _language(request: HttpRequest, link: PayLink) -> str:
    """What the payer switched to, else the link's language, else the browser's (U54)."""
    for wished in (request.GET.get("lang", ""), request.COOKIES.get(LANGUAGE_COOKIE, ""), link.language):
        try:
            return get_supported_language_variant(wished)
        except LookupError:
            continue
    return get_language_from_request(request)


def _in_language(request: HttpRequest, response: HttpResponse, visit: Visit) -> HttpResponse:
    response.headers["Content-Language"] = visit.language
    if request.GET.get("lang") == visit.language:
        path = request.path[: request.path.index(visit.token) + len(visit.token)] + "/"
        response.set_cookie(
            LANGUAGE_COOKIE, visit.language, path=path, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    return response


def _too_many(request: HttpRequest) -> HttpResponse:
    sentence = _("Too many links that do not exist. Wait a minute, then open yours again.")
    response = render(request, "pay/too_many.html", {"sentence": sentence}, status=429)
    response.headers["Retry-After"] = "60"
    return response


def make_private(response: HttpResponse) -> HttpResponse:
    """No search engine, no cache and no other site may learn of the page (D60)."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
