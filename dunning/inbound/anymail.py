"""Mail that a provider receives for us and hands over by a call: any of those that django-anymail knows.

The library checks the caller and reads the provider's format; here it is only asked to. Without
COLLECTIONS_EMAIL_WEBHOOK_SECRET nobody can call (D85)."""

import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from anymail.exceptions import AnymailError, AnymailInsecureWebhookWarning, AnymailWebhookValidationFailure
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import HttpRequest

from dunning.inbound.base import NotAuthentic, Unreadable

PROVIDERS = ("brevo", "mailersend", "mailgun", "mandrill", "postmark", "resend", "sendgrid", "sparkpost")


class AnymailWebhook:
    """The calls of one of the providers."""

    code = "anymail"
    polls = False

    def read(self, request: HttpRequest, provider: str) -> Sequence[bytes]:
        """The mails in this call."""
        if not settings.ANYMAIL.get("WEBHOOK_SECRET") or provider not in PROVIDERS:
            raise NotAuthentic(f"{provider} may not call: no secret is configured, or it is not known.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", AnymailInsecureWebhookWarning)
            view = _view(provider)
        try:
            view.run_validators(request)
            events = view.parse_events(request)
            return [_bytes(event.message) for event in events if event.message is not None]
        except (AnymailWebhookValidationFailure, SuspiciousOperation) as problem:
            raise NotAuthentic(str(problem)) from None
        except (AnymailError, ImproperlyConfigured, ValueError, LookupError, TypeError, AttributeError) as problem:
            raise Unreadable(f"{type(problem).__name__}: {problem}") from None


def _view(provider: str) -> Any:
    """The library's view for this provider; it is never asked to answer, only to check and to read."""
    try:
        module = import_module(f"anymail.webhooks.{provider}")
        names = [name for name in vars(module) if name.endswith("InboundWebhookView")]
        return vars(module)[names[0]]()
    except (ImportError, IndexError, AnymailError, ImproperlyConfigured) as problem:
        raise NotAuthentic(f"{provider} is not set up to hand over mail: {problem}") from None


def _bytes(message: Any) -> bytes:
    return bytes(message.as_bytes())
