"""Exchange rates over the API, to read: which rate counts on a day, and where it comes from."""

from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from collections_app.accounts.roles import Capability
from collections_app.api.fields import CurrencyField, DayField
from collections_app.api.filters import refuse_unknown_parameters
from customers.queries.clock import installation_day
from invoices.api.scope import ScopedView
from invoices.queries.rates import rate_on

_CURRENCY = {"type": "string", "pattern": "^[A-Z]{3}$"}
_PLACES = Decimal("1e-10")


class RateOut(serializers.Serializer[Any]):
    """One unit of `from_currency` costs `rate` units of `to_currency`, as `source` published it for `on`."""

    from_currency = serializers.CharField()
    to_currency = serializers.CharField()
    asked_on = serializers.DateField()
    on = serializers.DateField(help_text="The asked-for day, or the latest day before it with a rate.")
    rate = serializers.CharField(help_text="With ten decimals.")
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not the argument


class RateIn(serializers.Serializer[Any]):
    """What is asked for."""

    from_currency = CurrencyField()
    to_currency = CurrencyField()
    on = DayField(required=False)


class Rates(ScopedView):
    """GET /rates/"""

    capabilities = {"GET": Capability.SEE_ACCOUNTS}
    serializer_class = RateOut
    pagination_class = None
    filter_backends = []

    @extend_schema(
        operation_id="rate",
        responses=RateOut,
        parameters=[
            OpenApiParameter("from_currency", _CURRENCY, required=True),
            OpenApiParameter("to_currency", _CURRENCY, required=True),
            OpenApiParameter("on", OpenApiTypes.DATE, description="Today unless given."),
        ],
        summary="Get an exchange rate",
    )
    def get(self, request: Request) -> Response:
        """The rate between two currencies on a day, with its own day and source. No amount is converted for you."""
        refuse_unknown_parameters(request, {"from_currency", "to_currency", "on"})
        asked = RateIn(data=request.query_params.dict())
        if not asked.is_valid():
            raise ValidationError(asked.errors)
        from_currency, to_currency = asked.validated_data["from_currency"], asked.validated_data["to_currency"]
        day = asked.validated_data.get("on") or installation_day()
        found = rate_on(from_currency, to_currency, day)
        answer = {
            "from_currency": from_currency,
            "to_currency": to_currency,
            "asked_on": day,
            "on": found.on,
            "rate": f"{found.rate.quantize(_PLACES):f}",
            "source": found.source,
        }
        return Response(RateOut(answer).data)
