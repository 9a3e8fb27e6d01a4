"""Keyset paging over a unique key: `?after=` the last key seen. Page 1,000 is as quick as page 1, nothing counted.

Must not know what it pages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which imports this file by the settings

MOST, USUAL = 200, 50
PARAMETERS = ("after", "page_size", "sort")


class KeysetPagination(BasePagination):
    """Rows in order of the view's `keyset` ("id" unless it says otherwise), upwards, or downwards with `sort=-id`."""

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: "APIView | None" = None
    ) -> list[Any] | None:
        """The rows of the page. Raises ValidationError (400) for parameters that make no sense."""
        key = _keyset(view)
        size = _size(request.query_params.get("page_size", ""))
        sort = request.query_params.get("sort", key)
        if sort not in (key, f"-{key}"):
            raise ValidationError({"sort": [f"Choose {key} or -{key}."]})
        after = request.query_params.get("after", "")
        rows = queryset.order_by(sort)
        if after:
            rows = rows.filter(**{f"{key}__{'lt' if sort.startswith('-') else 'gt'}": _mark(key, after)})
        found = list(rows[: size + 1])
        self._request, self._more = request, len(found) > size
        self._last = getattr(found[size - 1], key) if self._more else None
        return found[:size]

    def get_paginated_response(self, data: Any) -> Response:
        """The rows and the address of the next page, null on the last one."""
        url = None
        if self._more:
            query = self._request.query_params.copy()
            query["after"] = str(self._last)
            url = self._request.build_absolute_uri(f"{self._request.path}?{query.urlencode()}")
        return Response({"results": data, "next": url})

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The shape of a page, for the OpenAPI file."""
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": {"type": "array", "items": schema["items"] if schema.get("type") == "array" else schema},
                "next": {"type": "string", "format": "uri", "nullable": True},
            },
        }

    def get_schema_operation_parameters(self, view: "APIView") -> list[dict[str, Any]]:
        """The paging parameters, for the OpenAPI file."""
        key = _keyset(view)
        mark: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
        if key != "id":
            mark = {"type": "string", "minLength": 1, "maxLength": 60, "pattern": r"^[^\x00]+$"}
        return [
            _parameter("after", f"Rows after this {key}; the last one of the page before.", mark),
            _parameter("page_size", "Rows per page.", {"type": "integer", "minimum": 1, "maximum": MOST}),
            _parameter(
                "sort", f"In order of {key}, upwards or downwards.", {"type": "string", "enum": [key, f"-{key}"]}
            ),
        ]


def _keyset(view: "APIView | None") -> str:
    return str(getattr(view, "keyset", "id"))


def _size(text: str) -> int:
    if not text:
        return USUAL
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST):
        raise ValidationError({"page_size": [f"A whole number from 1 to {MOST}."]})
    return int(text)


def _mark(key: str, text: str) -> int | str:
    if key != "id":
        if "\x00" in text or len(text) > 60:
            raise ValidationError({"after": [f"The {key} of the last row you have."]})
        return text
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValidationError({"after": ["The id of the last row you have, a whole number."]})
    return int(text)


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
