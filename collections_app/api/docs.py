"""The page for integrators: every operation as the OpenAPI description has it, rendered by ourselves, without a CDN."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from collections_app.accounts.access import requires
from collections_app.accounts.roles import Capability


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def docs(request: HttpRequest) -> HttpResponse:
    """The operations in groups, with parameters, body fields and answers."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return render(request, "api/docs.html", {"groups": _groups(schema), "info": schema["info"]})


def _groups(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            found.setdefault(path.split("/")[3], []).append(_operation(schema, path, method, operation))
    return [{"name": name.replace("-", " ").capitalize(), "operations": rows} for name, rows in found.items()]


def _operation(schema: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [
            (p["name"], p["in"], _type(schema, p["schema"]), p.get("required", False), p.get("description", ""))
            for p in operation.get("parameters", [])
        ],
        "body": list(_fields(schema, body)),
        "answers": [(status, answer.get("description", "")) for status, answer in operation["responses"].items()],
    }


def _fields(schema: Mapping[str, Any], shape: Mapping[str, Any]) -> Iterator[tuple[str, str, bool, str]]:
    shape = _resolved(schema, shape)
    for name, field in shape.get("properties", {}).items():
        yield name, _type(schema, field), name in shape.get("required", []), field.get("description", "")


def _resolved(schema: Mapping[str, Any], shape: Mapping[str, Any]) -> Mapping[str, Any]:
    parts = shape.get("allOf") or shape.get("oneOf") or [shape]
    reference = parts[0].get("$ref", "")
    resolved: Mapping[str, Any] = (
        schema["components"]["schemas"][reference.rsplit("/", 1)[-1]] if reference else parts[0]
    )
    return resolved


def _type(schema: Mapping[str, Any], shape: Mapping[str, Any]) -> str:
    """The type in a few words: 'string (date)', 'one of oldest, none', 'list of object'."""
    shape = _resolved(schema, shape)
    if "enum" in shape:
        return "one of " + ", ".join(str(value) or '""' for value in shape["enum"] if value is not None)
    if shape.get("type") == "array":
        return f"list of {_type(schema, shape['items'])}"
    extra = shape.get("format") or shape.get("pattern", "")
    return f"{shape.get('type', 'any')} ({extra})" if extra else str(shape.get("type", "any"))
