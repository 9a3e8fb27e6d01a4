"""The form that adds a rate of the law."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invoices.country_packs import pack_series
from invoices.filters import DayField


class LateRateForm(forms.Form):
    """Which series, from when, how much, and where it was published."""

    series = forms.ChoiceField(label=_("Rate"))
    starts_on = DayField(label=_("From"), help_text=_("The first day of its half-year or year."))
    value = forms.DecimalField(
        label=_("Value"), max_digits=12, decimal_places=4, help_text=_("Per cent a year, or an amount.")
    )
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Where it was published, so that others can check it.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = sorted((one.name, code) for code, one in pack_series().items())
        self.fields["series"].choices = [(code, name) for name, code in choices]  # type: ignore[attr-defined]
