"""How long the person stays signed in, and staying longer (U88). It must not sign anybody in or out."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import is_member


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest) -> HttpResponse:
    """Seconds until the person is signed out, as JSON; a POST begins the time anew. 401 for nobody."""
    if not is_member(request.user):
        return JsonResponse({"seconds": 0}, status=401)
    if request.method == "POST":
        request.session.modified = True  # saving it moves its end
        return JsonResponse({"seconds": settings.SESSION_COOKIE_AGE})
    ends = Session.objects.filter(pk=request.session.session_key).values_list("expire_date", flat=True).first()
    left = ends - timezone.now() if ends else timedelta(0)
    return JsonResponse({"seconds": max(int(left.total_seconds()), 0)})
