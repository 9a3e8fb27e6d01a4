"""The form of a saved view: its name, with whom it is shared, and whether it is pinned or opens by itself."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import Team, User
from collections_app.lib.errors import Refusal


class ViewForm(forms.Form):
    """What a person may say about a view; the list and its filters stand beside it."""

    name = forms.CharField(
        label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"data-focus": True, "autocomplete": "off"}),
        error_messages={"required": _("Give the view a name.")},
    )  # fmt: skip
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Share with"), required=False, empty_label=_("Nobody, only me")
    )
    is_pinned = forms.BooleanField(label=_("Pin above the list"), required=False)
    is_default = forms.BooleanField(label=_("Open by itself when I come to the list"), required=False)

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        cast("forms.ModelChoiceField[Team]", self.fields["team"]).queryset = user.teams.order_by("name")

    def refused(self, refusal: Refusal) -> None:
        """Nothing; the refusal's sentences stand at their fields, or above the form."""
        known = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, text in known.items():
            self.add_error(name, text)
        if not known:
            self.add_error(None, refusal.sentence)
