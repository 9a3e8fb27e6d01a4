"""Filters by an allow-list (case D78): a parameter nobody declared is refused, so a slip cannot widen a list."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from collections_app.api.pagination import PARAMETERS
from collections_app.lib.errors import quoted


def refuse_unknown_parameters(request: Request, known: set[str]) -> None:
    """Nothing; raises ValidationError (400) naming the query parameters that are not in `known`, or stand twice."""
    wrong = {
        name: ["This parameter is not known here. Remove it."] for name in request.query_params if name not in known
    }
    for name, values in request.query_params.lists():
        if name in known and len(values) > 1:
            wrong[name] = ["Give this parameter once."]
        elif name in known and not values[0]:
            wrong[name] = ["Leave this parameter out instead of sending it empty."]
        elif any("\x00" in value for value in values):
            wrong[name] = [f"{quoted(values[0])} holds a character that cannot be stored."]
    if wrong:
        raise ValidationError(wrong)


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]
    """django-filter, plus the refusal of unknown parameters."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """The filtered rows. Raises ValidationError (400)."""
        filters = getattr(view, "filterset_class", None)
        refuse_unknown_parameters(request, {*PARAMETERS, *(filters.base_filters if filters else ())})
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered
