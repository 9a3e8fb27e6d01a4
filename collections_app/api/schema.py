"""How the API describes itself: errors of every operation, and the two ways to sign in."""

from typing import Any

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

__all__ = ["ApiSchema", "SessionScheme", "TokenScheme"]


class ErrorBody(serializers.Serializer[Any]):
    """`code` for programs, `sentence` for people, `fields`: field path -> sentence."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]


class Error(serializers.Serializer[Any]):
    """The one shape of a refusal."""

    error = ErrorBody()


_READING = {"400": "The request cannot be understood.", "401": "Sign in.", "403": "No right.", "404": "Not there."}
_WRITING = _READING | {
    "409": "Something changed meanwhile, or the number is taken.",
    "413": "Too large.",
    "415": "Not JSON.",
    "422": "Understood, but not possible.",
}


class ApiSchema(AutoSchema):
    """drf-spectacular's description, plus the errors every route can answer with."""

    def get_operation(self, *args: Any, **options: Any) -> dict[str, Any] | None:
        """The operation with its error answers."""
        operation: dict[str, Any] | None = super().get_operation(*args, **options)
        if operation is not None:
            error = self.resolve_serializer(Error, "response").ref
            for status, words in (_READING if self.method == "GET" else _WRITING).items():
                operation["responses"].setdefault(
                    status, {"description": words, "content": {"application/json": {"schema": error}}}
                )
        return operation


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The bearer token in the OpenAPI file."""

    target_class = "collections_app.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """The scheme."""
        return {"type": "http", "scheme": "bearer"}
