"""Where the configured mail provider reports deliveries, bounces and complaints. It checks, stores and answers."""

from importlib import import_module
from typing import Any

import structlog
from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import tracking
from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from customers.services.keep_mail_events import keep_mail_events

log = structlog.get_logger("collections.webhooks")

LONGEST_BODY = 2 * 1024 * 1024  # some providers send a thousand events at once


@csrf_exempt  # name and password in the address are the proof, and the provider's signature where it has one
@require_http_methods(["POST", "HEAD"])
def mail_events(request: HttpRequest, provider: str) -> HttpResponse:
    """204 for stored events, also for known ones; 400 without a reason for what is not authentic or not readable."""
    reader = _reader(provider)
    if reader is None:
        raise Http404
    if request.method == "HEAD":  # some providers look whether somebody is there
        return HttpResponse()
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_BODY:
            return HttpResponse(status=413)
        reader.run_validators(request)
        keep_mail_events(provider=provider, events=reader.parse_events(request), now=timezone.now())
    except AnymailWebhookValidationFailure:
        log.warning("mail_event_rejected", provider=provider)
        return HttpResponse(status=400)
    except (ValueError, KeyError, TypeError, AttributeError, LookupError, RequestDataTooBig):
        log.warning("mail_event_unreadable", provider=provider)
        return HttpResponse(status=400)
    return HttpResponse(status=204)


def _reader(provider: str) -> Any:
    """What checks and reads this provider's events; None for one that is not ours, or as long as no secret is set."""
    if provider != settings.EMAIL_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        return None
    try:
        room = import_module(f"anymail.webhooks.{provider}")
    except ImportError:
        return None
    for found in vars(room).values():
        is_view = isinstance(found, type) and issubclass(found, AnymailCoreWebhookView)
        if is_view and found.__module__ == room.__name__ and _reads_tracking(found):
            try:
                return found()
            except (ImproperlyConfigured, ImportError):
                log.warning("mail_events_not_configured", provider=provider)
                return None
    return None


def _reads_tracking(view: Any) -> bool:
    """Mandrill has one view for everything; the others have one whose signal is the one for tracking."""
    return view.signal is tracking or "Combined" in view.__name__
