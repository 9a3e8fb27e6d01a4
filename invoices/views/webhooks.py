"""Where providers report. It checks, stores and answers; what the events mean is found out later."""

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from collections_app.lib.errors import BadInput
from invoices.gateways import enabled_gateways
from invoices.gateways.base import NotAuthentic
from invoices.nudge import nudge
from invoices.services.receive_webhook import receive_webhook
from invoices.tasks import process_waiting_webhooks
from invoices.views.limits import client_address

log = structlog.get_logger("collections.webhooks")

LONGEST_BODY = 256 * 1024


@csrf_exempt  # the signature over the raw bytes is the proof
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """204 for stored events, also for known ones; 400 without a reason for what is not authentic or not readable."""
    gateway = enabled_gateways().get(provider)
    if gateway is None:
        raise Http404
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_BODY:
            return HttpResponse(status=413)
        receive_webhook(gateway=gateway, headers=request.headers, body=request.body, now=timezone.now())
    except NotAuthentic as problem:
        log.warning("webhook_rejected", provider=provider, problem=str(problem), address=client_address(request))
        return HttpResponse(status=400)
    except (BadInput, RequestDataTooBig, ValueError):
        log.warning("webhook_unreadable", provider=provider, address=client_address(request))
        return HttpResponse(status=400)
    nudge(process_waiting_webhooks)
    return HttpResponse(status=204)
