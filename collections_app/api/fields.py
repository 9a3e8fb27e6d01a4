"""Field types of the API: amounts as strings, days as ISO dates, and serializers that refuse what they do not know."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import Refusal, quoted
from collections_app.lib.money import Money

AMOUNT_PATTERN = r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$"
PERCENT_PATTERN = r"^[0-9]{1,2}(\.[0-9]{1,4})?$"
_FIRST, _LAST = date(1970, 1, 1), date(2199, 12, 31)


@extend_schema_field({"type": "string", "pattern": AMOUNT_PATTERN, "example": "1234.50"})
class AmountField(serializers.Field[Decimal, Any, str, Any]):
    """A Decimal, written and read as a string with a point: "1234.50". JSON numbers are refused: they are floats to
    most programs. How many decimals the currency has is checked by `MoneySerializer`."""

    def to_internal_value(self, data: Any) -> Decimal:
        """The Decimal. Refuses NaN, exponents, commas and more than 15 digits before or 4 after the point."""
        if not isinstance(data, str) or not re.fullmatch(AMOUNT_PATTERN, data, re.ASCII):
            raise serializers.ValidationError(
                f"{quoted(data)} is not an amount. Send a string with a decimal point and no exponent, such as "
                '"1234.50".'
            )
        return Decimal(data) + 0  # -0 becomes 0

    def to_representation(self, value: Decimal) -> str:
        """The digits as they are; `MoneySerializer` cuts them to the currency."""
        return f"{value:f}"


@extend_schema_field({"type": "string", "pattern": AMOUNT_PATTERN.replace("-?", ""), "example": "1234.50"})
class PositiveAmountField(AmountField):
    """An amount above zero: what documents and payments are made of."""

    def to_internal_value(self, data: Any) -> Decimal:
        """The Decimal. Refuses zero and less, too."""
        amount = super().to_internal_value(data)
        if amount <= 0:
            raise serializers.ValidationError("Send an amount above zero.")
        return amount


@extend_schema_field({"type": "string", "pattern": PERCENT_PATTERN, "example": "2.5"})
class PercentField(serializers.Field[Decimal, Any, str, Any]):
    """A percentage from 0 to below 100 as a string with a point: "2.5". It is no amount: no currency rounds it."""

    def to_internal_value(self, data: Any) -> Decimal:
        """The Decimal. Refuses numbers, signs, exponents, commas and more than 4 digits after the point."""
        if not isinstance(data, str) or not re.fullmatch(PERCENT_PATTERN, data, re.ASCII):
            raise serializers.ValidationError(f'{quoted(data)} is not a percentage. Send a string such as "2.5".')
        return Decimal(data)

    def to_representation(self, value: Decimal) -> str:
        """The digits without trailing zeros."""
        return f"{value.normalize():f}"


class TextField(serializers.CharField):
    """Text and nothing else: a number or a yes is refused, not turned into text."""

    def to_internal_value(self, data: Any) -> str:
        """The text without spaces around it. Refuses other types and characters that cannot be stored."""
        if not isinstance(data, str):
            raise serializers.ValidationError(f"{quoted(data)} is not text. Put it in quotation marks.")
        return str(super().to_internal_value(data))


class YesNoField(serializers.BooleanField):
    """JSON true or false; not "yes", 1 or "false"."""

    def to_internal_value(self, data: Any) -> bool:
        """The answer."""
        if not isinstance(data, bool):
            raise serializers.ValidationError(f"{quoted(data)} is not an answer. Send true or false.")
        return data


@extend_schema_field({"type": "string", "format": "date", "example": "2026-03-31"})
class DayField(serializers.DateField):
    """An ISO date between 1970 and 2199; outside of it a date is a slip of the finger."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_internal_value(self, value: Any) -> date:
        """The day. Refuses times, other orders, impossible and improbable days."""
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
            raise serializers.ValidationError(f"{quoted(value)} is not a date. Write it like 2026-03-31.")
        day = super().to_internal_value(value)
        if not _FIRST <= day <= _LAST:
            raise serializers.ValidationError(f"{day} cannot be meant. Use a day between {_FIRST} and {_LAST}.")
        return day


@extend_schema_field({"type": "string", "pattern": "^[A-Z]{3}$", "example": "EUR"})
class CurrencyField(serializers.CharField):
    """A currency code of ISO 4217 in capitals."""

    def to_internal_value(self, data: Any) -> str:
        """The code. Refuses unknown ones."""
        if not is_currency(data):
            raise serializers.ValidationError(f"{quoted(data)} is not a currency code of ISO 4217, such as EUR.")
        return str(data)


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know (case D54): a misspelt or smuggled field is never ignored silently."""

    def to_internal_value(self, data: Any) -> Any:
        """The validated values. Raises ValidationError naming each unknown field."""
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            unknown = [name for name in data if name not in known]
            if unknown:
                raise serializers.ValidationError(
                    {str(name)[:60]: [f"{quoted(name)} is not a field of this request. Remove it."] for name in unknown}
                )
        return super().to_internal_value(data)


class MoneySerializer(StrictSerializer):
    """Amounts together with their `currency`: read with its decimals, refused with too many of them (case D20)."""

    currency = CurrencyField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The values. Raises ValidationError at each amount that the currency cannot hold."""
        refused = {}
        for name, value in attrs.items():
            if isinstance(value, Decimal):
                try:
                    attrs[name] = Money(value, attrs["currency"]).amount
                except Refusal as refusal:
                    refused[name] = [refusal.sentence]
        if refused:
            raise serializers.ValidationError(refused)
        return attrs

    def to_representation(self, instance: Any) -> Any:
        """The row with every amount in whole smallest units of its currency."""
        shown = super().to_representation(instance)
        for name, field in self.fields.items():
            if isinstance(field, AmountField) and shown.get(name) is not None:
                shown[name] = f"{Money(Decimal(shown[name]), shown['currency']).amount:f}"
        return shown
