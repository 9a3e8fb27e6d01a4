"""The form behind the key g: which manager should look at this account, and why."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import User
from worklist.forms.actions import ActionForm
from worklist.queries.team import managers_of


class EscalateForm(ActionForm):
    reason = forms.CharField(
        label=_("What should a manager decide or do?"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 2, "data-focus": True}),
        error_messages={"required": _("Say what the manager should decide or do.")},
    )
    to = forms.ModelChoiceField(
        User.objects.none(), label=_("To"), required=False, empty_label=_("Whoever of the managers is first")
    )

    def prepare(self) -> None:
        field = cast("forms.ModelChoiceField[User]", self.fields["to"])
        field.queryset = managers_of(self.about.customer.entity.team_id)
