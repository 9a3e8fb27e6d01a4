"""Parameters that several routes describe alike in the OpenAPI file."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from collections_app.api.idempotency import KEY_PATTERN

AS_OF = OpenApiParameter("as_of", OpenApiTypes.DATE, description="The day to look at, inclusive; today unless given.")
NUMBER = OpenApiParameter("number", {"type": "string", "maxLength": 40}, OpenApiParameter.PATH, required=True)
_KEY_TYPE = {"type": "string", "pattern": KEY_PATTERN}
_KEY_WORDS = (
    "A new value for every new request. Sent again with the same body within a week, it brings the first answer back "
    "and does nothing; with another body it is refused (422); while the first still runs, 409."
)
KEY = OpenApiParameter("Idempotency-Key", _KEY_TYPE, OpenApiParameter.HEADER, description=_KEY_WORDS)
KEY_NEEDED = OpenApiParameter(
    "Idempotency-Key", _KEY_TYPE, OpenApiParameter.HEADER, required=True, description=_KEY_WORDS
)
