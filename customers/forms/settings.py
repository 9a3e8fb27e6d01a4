"""The forms of the settings: a person's own, and those of the administrator."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import Team, User
from customers.models import LegalEntity


class MySettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """How pages look to one person."""

    class Meta:
        model = User
        fields = ["theme", "density", "shortcuts_on"]
        labels = {
            "theme": _("Colours"),
            "density": _("Rows"),
            "shortcuts_on": _("Single-key shortcuts, such as j, k and n"),
        }


class EntityForm(forms.ModelForm):  # type: ignore[type-arg]
    """A legal entity of ours."""

    language = forms.ChoiceField(label=_("Language of its letters"), choices=settings.LANGUAGES)
    website = forms.URLField(required=False, assume_scheme="https")

    class Meta:
        model = LegalEntity
        fields = [
            "code", "name", "team", "currency", "country", "holiday_region", "time_zone", "language", "address",
            "vat_id", "iban", "bic", "bank_name", "email", "phone", "website",
        ]  # fmt: skip
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}
        labels = {"vat_id": _("VAT number"), "iban": _("IBAN"), "bic": _("BIC")}
        help_texts = {
            "team": _("Only people of this team see its customers."),
            "holiday_region": _("Whose public holidays count, such as DE, DE-BY or GB."),
            "time_zone": _("Decides what day it is, such as Europe/Berlin."),
            "email": _("Sender and reply address of its mails."),
        }


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person who signs in."""

    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"), queryset=Team.objects.order_by("name"), widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "role", "teams", "is_active"]
        labels = {"is_active": _("May sign in")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["teams"] = list(self.instance.teams.all())


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new team."""

    class Meta:
        model = Team
        fields = ["name"]


class ClockForm(forms.Form):
    """The demo clock; both empty means today."""

    pinned_on = forms.DateField(
        label=_("Pin to a day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    shift_days = forms.IntegerField(label=_("Or shift by days"), required=False, min_value=-3660, max_value=3660)


class TokenForm(forms.Form):
    """A new API token and the person whose rights it has."""

    name = forms.CharField(label=_("What is it for?"), max_length=100)
    user = forms.ModelChoiceField(
        label=_("Acts with the rights of"), queryset=User.objects.filter(is_active=True).order_by("username")
    )
