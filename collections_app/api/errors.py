"""Every refusal of the API in one shape: {"error": {"code", "sentence", "fields"}}. It must not leak our insides.

400 the request cannot be understood, 401 nobody, 403 no right, 404 not there or not yours, 409 changed meanwhile,
422 understood but not possible, 503 the database is away."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework.exceptions import APIException, NotFound, PermissionDenied, ValidationError
from rest_framework.response import Response

from collections_app.lib.errors import Conflict, NotAllowed, Refusal

_AWAY = "The database cannot be reached. Nothing was changed. Try again shortly."


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """The answer to an exception; None for a fault of ours, which Django then reports as 500."""
    if isinstance(exc, Refusal):
        return error_response(_status(exc), exc.code, exc.sentence, exc.fields)
    if isinstance(exc, (OperationalError, InterfaceError)):
        return error_response(503, "database_away", _AWAY, headers={"Retry-After": "15"})
    if isinstance(exc, Http404):
        exc = NotFound("There is nothing at this address, or it is not yours to see.")
    if isinstance(exc, DjangoPermissionDenied):
        exc = PermissionDenied()
    if isinstance(exc, ValidationError):
        return _invalid(exc)
    if not isinstance(exc, APIException):
        return None
    headers = {"WWW-Authenticate": auth} if (auth := getattr(exc, "auth_header", "")) else {}
    code = exc.get_codes()
    return error_response(
        exc.status_code, code if isinstance(code, str) else "refused", _sentence(str(exc.detail)), headers=headers
    )


def error_response(
    status: int,
    code: str,
    sentence: str,
    fields: Mapping[str, str] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The one shape of an error."""
    body = {"error": {"code": code, "sentence": sentence, "fields": dict(fields or {})}}
    return Response(body, status=status, headers=dict(headers or {}))


def _status(refusal: Refusal) -> int:
    if isinstance(refusal, NotAllowed):
        return 403
    return 409 if isinstance(refusal, Conflict) else 422


def _invalid(exc: ValidationError) -> Response:
    fields = dict(_flat(exc.detail))
    whole = fields.pop("", "")
    sentence = whole or f"Correct the following and send it again: {', '.join(sorted(fields))}."
    return error_response(400, "invalid", sentence, fields)


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Field path ('lines.0.amount') and first sentence, one pair per refused field."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, ".".join(part for part in (path, own) if part))
    elif isinstance(detail, list) and detail and isinstance(detail[0], (Mapping, list)):
        for index, inner in enumerate(detail):
            yield from _flat(inner, f"{path}.{index}" if path else str(index))
    elif detail:
        yield path, _sentence(str(detail[0] if isinstance(detail, list) else detail))


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."
