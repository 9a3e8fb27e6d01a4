"""The form that merges a customer into another one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import User
from customers.access import visible_customers
from customers.models import Customer


class MergeForm(forms.Form):
    """Into which customer, from which day, why; and that there is no way back."""

    survivor = forms.CharField(
        label=_("Number of the customer that stays"), max_length=40, help_text=_("As it stands on its account.")
    )
    merged_on = forms.DateField(
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Reports of earlier days keep showing two customers."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
    sure = forms.BooleanField(
        label=_("I know that a merge cannot be undone"), error_messages={"required": _("Tick this to go on.")}
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person

    def clean_survivor(self) -> Customer:
        number = self.cleaned_data["survivor"].strip()
        found = visible_customers(self._person).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no customer with this number. Look it up under Accounts."))
        return found
