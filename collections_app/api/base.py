"""The base of every API view: strict reading, described errors, and the caller as a User."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from collections_app.accounts.access import signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.api.filters import StrictFilterBackend
from collections_app.api.parsers import StrictJsonParser
from collections_app.api.schema import ApiSchema


class ApiView(GenericAPIView[Any]):
    """One route. `capabilities` says which right each method asks for; a method without one is closed."""

    capabilities: ClassVar[Mapping[str, Capability]] = {}
    parser_classes = [StrictJsonParser]
    filter_backends = [StrictFilterBackend]
    schema = ApiSchema()
    metadata_class = None  # OPTIONS is answered 405: the description is at /api/schema/

    @property
    def caller(self) -> User:
        """The person, or the person behind the token. Raises NotAllowed when there is none."""
        return signed_in(self.request)

    def sent(self) -> dict[str, Any]:
        """The validated body. Raises ValidationError (400)."""
        serializer = self.get_serializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        validated: dict[str, Any] = serializer.validated_data
        return validated

    def listed(self) -> Response:
        """The asked-for page of the view's rows."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)
