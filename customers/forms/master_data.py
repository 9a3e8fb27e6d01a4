"""The forms of a customer and of a contact. What is impossible is refused by the services; forms carry the sentence."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import User
from customers.access import visible_entities
from customers.models import Contact, Customer

LANGUAGES = [("", _("As the entity")), *settings.LANGUAGES]
_FIELDS = [
    "number", "name", "entity", "kind", "currency", "language", "country", "holiday_region", "time_zone", "address",
    "vat_id", "terms", "credit_limit", "insurer", "insured_amount", "insurer_days", "risk_class", "tags", "strategy",
    "collector", "autopay", "is_related_party",
]  # fmt: skip


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Master data. The number is given once; entities and collectors are those of the person's teams."""

    class Meta:
        model = Customer
        fields = _FIELDS
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "credit_limit": forms.TextInput(attrs={"inputmode": "decimal"}),
            "insured_amount": forms.TextInput(attrs={"inputmode": "decimal"}),
        }
        labels = {
            "vat_id": _("VAT number"), "autopay": _("Pays by direct debit, so is not reminded before the due day"),
            "is_related_party": _("Belongs to our own group, so is never reminded"), "kind": _("Kind"),
            "insurer": _("Credit insurer"), "insured_amount": _("Insured amount"), "tags": _("Tags"),
            "insurer_days": _("Days until the insurer is told"),
        }  # fmt: skip
        help_texts = {
            "currency": _("Three letters, such as EUR."), "country": _("Two letters, such as DE."),
            "holiday_region": _("Such as DE-BY; the country's unless given."),
            "time_zone": _("Such as Europe/Berlin; the entity's unless given."),
            "insurer_days": _("How many days after its due date an unpaid invoice is reported. Empty: never."),
            "tags": _("Words of your own, separated by commas. Segments can ask for them."),
            "strategy": _("Policies for this strategy go before those for everybody."),
        }  # fmt: skip

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        entities = visible_entities(person)
        teams = entities.values("team")
        self.fields["entity"].queryset = entities  # type: ignore[attr-defined]
        self.fields["collector"].queryset = (  # type: ignore[attr-defined]
            User.objects.filter(teams__in=teams, is_active=True).distinct().order_by("username")
        )
        self.fields["language"] = forms.ChoiceField(choices=LANGUAGES, required=False, label=_("Language"))
        if self.instance.pk:
            del self.fields["number"]

    def clean_currency(self) -> str:
        """The code in capitals."""
        return str(self.cleaned_data["currency"]).upper()

    def clean_country(self) -> str:
        """The code in capitals."""
        return str(self.cleaned_data["country"]).upper()

    def _get_validation_exclusions(self) -> set[str]:
        """The credit limit and the insured amount too: the service checks them against the currency and answers at the
        field."""
        return {
            *super()._get_validation_exclusions(),  # type: ignore[misc]
            "credit_limit",
            "insured_amount",
        }


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person or mailbox."""

    class Meta:
        model = Contact
        fields = ["name", "part", "email", "phone", "mobile", "language", "health", "is_primary"]
        labels = {
            "part": _("Role"),
            "mobile": _("Mobile"),
            "health": _("State"),
            "is_primary": _("Mail goes here first"),
        }
        help_texts = {"mobile": _("For text messages, with the country: +49 170 1234567")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"] = forms.ChoiceField(choices=LANGUAGES, required=False, label=_("Language"))

    def _get_validation_exclusions(self) -> set[str]:
        """The law of one primary contact too: the service lets the new one take the place of the old one."""
        return {
            *super()._get_validation_exclusions(),  # type: ignore[misc]
            "is_primary",
        }
