"""The pages of the furniture itself: keeping preferences, and the style guide."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from collections_app.web.fragments import wants_fragment
from collections_app.web.preferences import keep_preferences
from collections_app.web.styleguide import styleguide_context


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keeps how pages look, then leads back to where the person was (204 for htmx and scripts). Open to strangers."""
    if wants_fragment(request):
        response = HttpResponse(status=204)
    else:
        target = request.POST.get("next", "")
        here = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        response = HttpResponseRedirect(target if here else "/")
    keep_preferences(request, response)
    return response


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state; only while developing or in the demo."""
    if not (settings.DEBUG or settings.DEMO or settings.TESTING):
        raise Http404
    return render(request, "web/styleguide.html", styleguide_context())
