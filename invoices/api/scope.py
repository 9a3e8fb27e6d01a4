"""What the caller of the API may name: their customers, entities, invoices and payments. Everything else is unknown."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from collections_app.accounts.models import User
from collections_app.api.base import ApiView
from collections_app.api.fields import DayField
from customers.access import visible_customers, visible_entities
from customers.models import LegalEntity
from customers.queries.clock import business_day, installation_day
from invoices.access import visible_invoices
from invoices.models import Invoice


class ScopedView(ApiView):
    """A view whose serializers may look up customers and entities of the caller."""

    def get_serializer_context(self) -> dict[str, Any]:
        """The querysets of the caller, unless only the shape is described."""
        context = super().get_serializer_context()
        if getattr(self, "swagger_fake_view", False):
            return context
        customers = visible_customers(self.caller).select_related("entity", "terms")
        return {**context, "customer": customers, "entity": visible_entities(self.caller)}


def day_asked(request: Request) -> date:
    """The day of `?as_of=`, or the installation's business day. Raises ValidationError (400)."""
    text = request.query_params.get("as_of", "")
    if not text:
        return installation_day()
    try:
        return DayField().to_internal_value(text)
    except ValidationError as error:
        raise ValidationError({"as_of": error.detail}) from None


def named_invoices(user: User, shares: Iterable[Mapping[str, Any]]) -> list[tuple[Invoice, Decimal | None]]:
    """The invoices of the shares with their amounts, in order. Raises ValidationError for unknown ones and doubles."""
    asked = [(share["invoice"], share.get("amount")) for share in shares]
    ids = [pk for pk, _ in asked]
    known = visible_invoices(user).in_bulk(ids)
    unknown = [pk for pk in ids if pk not in known]
    if unknown:
        raise ValidationError({"allocations": [f"There is no invoice with the id {unknown[0]}."]})
    if len(set(ids)) != len(ids):
        raise ValidationError({"allocations": ["Name each invoice once."]})
    return [(known[pk], amount) for pk, amount in asked]


def refuse_future(field: str, day: date, entity: LegalEntity) -> None:
    """Nothing; raises ValidationError when the day lies after tomorrow, wherever the sender is."""
    if day > business_day(entity) + timedelta(days=1):
        raise ValidationError({field: [f"{day} lies in the future. Send the day the money arrived."]})
