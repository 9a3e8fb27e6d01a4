"""Where mail providers hand over what customers wrote. It checks, stores and answers; what it says is read by rules."""

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from collections_app.lib.errors import BadInput
from collections_app.lib.registry import load
from dunning.inbound.base import NotAuthentic, Unreadable
from dunning.services.receive_message import receive_message

log = structlog.get_logger("collections.inbound")


@csrf_exempt  # the secret in the address is the proof
@require_POST
def inbound_mail(request: HttpRequest, provider: str) -> HttpResponse:
    """204 for mail that is kept, also when it was before; 400 without a reason for whom is not the provider (D85)."""
    source = load(tuple(settings.INBOUND_SOURCES)).get("anymail")
    if source is None:
        return HttpResponse(status=400)
    try:
        for raw in source.read(request, provider):
            receive_message(raw=raw, account=f"{provider}:inbound")
    except NotAuthentic as problem:
        log.warning("inbound_rejected", provider=provider, problem=str(problem))
        return HttpResponse(status=400)
    except RequestDataTooBig:
        return HttpResponse(status=413)
    except (BadInput, Unreadable) as problem:
        log.warning("inbound_unreadable", provider=provider, problem=str(problem))
        return HttpResponse(status=400)
    return HttpResponse(status=204)
