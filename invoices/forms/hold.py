"""The forms of a hold on an invoice and of a pause of a legal entity."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collections_app.lib.errors import BadInput
from customers.models import LegalEntity
from invoices.forms.pay_choice import read_amount


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class InvoiceHoldForm(forms.Form):
    """A hold on one invoice, from a day to a day, both inclusive."""

    reason = forms.CharField(label=_("Reason"), max_length=200, error_messages={"required": _("Say why.")})
    amount = forms.CharField(
        label=_("How much of it"),
        required=False,
        max_length=30,
        help_text=_("Leave empty for the whole invoice. The rest is asked for as before."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"))

    def __init__(self, *args: Any, currency: str, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["starts_on"].initial = on

    def clean_amount(self) -> Decimal | None:
        """The amount in the invoice's currency, or None for all of it."""
        try:
            return read_amount(self.cleaned_data["amount"], currency=self.currency, language=get_language() or "en")
        except BadInput as refusal:
            raise forms.ValidationError(refusal.sentence) from None


class EntityPauseForm(forms.Form):
    """A pause of one of the person's legal entities, from a day to a day, both inclusive."""

    entity = forms.ModelChoiceField(label=_("Legal entity"), queryset=LegalEntity.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=200, error_messages={"required": _("Say why.")})
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"))

    def __init__(self, *args: Any, entities: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        which = self.fields["entity"]
        assert isinstance(which, forms.ModelChoiceField)
        which.queryset = entities.order_by("code")
        self.fields["starts_on"].initial = on
