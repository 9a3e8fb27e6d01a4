"""How customers and contacts are written in JSON, and what may be sent. Must not save anything."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from collections_app.api.fields import (
    AmountField,
    CurrencyField,
    MoneySerializer,
    StrictSerializer,
    TextField,
    YesNoField,
)
from customers.models import Contact, Customer, LegalEntity, PaymentTerms

LANGUAGES = ["", *(code for code, _ in settings.LANGUAGES)]


class CustomerOut(MoneySerializer):
    """A customer's master data."""

    number = serializers.CharField()
    name = serializers.CharField()
    entity = serializers.CharField(source="entity.code", help_text="Code of the legal entity that looks after them.")
    parent = serializers.CharField(source="parent.number", allow_null=True, default=None)  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=Customer.Kind.choices)
    language = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)
    holiday_region = serializers.CharField(allow_blank=True)
    time_zone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    vat_id = serializers.CharField(allow_blank=True)
    terms = serializers.CharField(source="terms.code", allow_null=True, default=None)
    credit_limit = AmountField(allow_null=True)
    insurer = serializers.CharField(allow_blank=True)
    insured_amount = AmountField(allow_null=True)
    insurer_days = serializers.IntegerField(allow_null=True)
    risk_class = serializers.CharField(allow_blank=True)
    autopay = serializers.BooleanField()
    is_related_party = serializers.BooleanField()
    tags = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()


class CustomerIn(StrictSerializer):
    """What PUT takes. Fields left out keep their value; a new customer needs name and entity."""

    name = TextField(max_length=200, required=False)
    entity = serializers.SlugRelatedField(slug_field="code", queryset=LegalEntity.objects.none(), required=False)
    kind = serializers.ChoiceField(choices=Customer.Kind.choices, required=False)
    currency = CurrencyField(required=False, help_text="The entity's unless given.")
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    country = TextField(max_length=2, allow_blank=True, required=False)
    holiday_region = TextField(max_length=10, allow_blank=True, required=False)
    time_zone = TextField(max_length=64, allow_blank=True, required=False)
    address = TextField(max_length=1000, allow_blank=True, required=False)
    vat_id = TextField(max_length=30, allow_blank=True, required=False)
    terms = serializers.SlugRelatedField(
        slug_field="code", queryset=PaymentTerms.objects.all(), allow_null=True, required=False
    )
    credit_limit = AmountField(allow_null=True, required=False)
    insurer = TextField(max_length=100, allow_blank=True, required=False)
    insured_amount = AmountField(allow_null=True, required=False)
    insurer_days = serializers.IntegerField(min_value=0, max_value=3650, allow_null=True, required=False)
    risk_class = TextField(max_length=20, allow_blank=True, required=False)
    autopay = YesNoField(required=False)
    is_related_party = YesNoField(required=False)
    tags = serializers.ListField(child=TextField(max_length=40), max_length=50, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        entities = self.context.get("entities")
        if entities is not None:
            self.fields["entity"].queryset = entities  # type: ignore[attr-defined]


class ContactOut(StrictSerializer):
    """A person or mailbox at the customer."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    part = serializers.ChoiceField(choices=Contact.Part.values)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    mobile = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    health = serializers.ChoiceField(choices=Contact.Health.values)
    is_primary = serializers.BooleanField()


class ContactIn(StrictSerializer):
    """What POST takes for a contact; PUT takes the same, and fields left out keep their value."""

    name = TextField(max_length=150)
    part = serializers.ChoiceField(choices=Contact.Part.values, required=False)
    email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    phone = TextField(max_length=40, allow_blank=True, required=False)
    mobile = TextField(max_length=40, allow_blank=True, required=False)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    health = serializers.ChoiceField(choices=Contact.Health.values, required=False)
    is_primary = YesNoField(required=False)
