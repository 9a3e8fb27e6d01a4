"""Three thin layers around every view: the database is away, a refusal was raised, and headers every page carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from collections_app.lib.errors import Refusal
from collections_app.web.errors import OUTAGES, outage_page, refusal_page, status_of

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


class OutageMiddleware:
    """A view that cannot reach the database answers 503 instead of 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return outage_page(request) if isinstance(exception, OUTAGES) else None


class RefusalMiddleware:
    """A refusal raised by a service or a gate becomes 403, 409 or 422 with its own sentence."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return refusal_page(request, status_of(exception), exception.sentence)


class PagePolicyMiddleware:
    """No page may use camera and the like, and no shared cache may keep a page: they show other people's money."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
