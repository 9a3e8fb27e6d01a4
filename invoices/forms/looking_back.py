"""The two days by which a document is looked at: what had taken effect, and what had been recorded."""

from django import forms
from django.utils.translation import gettext_lazy as _

from invoices.filters import DayField


class LookingBackForm(forms.Form):
    """Both empty: as it is and as it is known today."""

    as_of = DayField(label=_("As of"), required=False)
    known_on = DayField(label=_("As known on"), required=False)
