"""The form behind the key i: on top of the list until when and why, or not any more."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collections_app.web.writing import date_text
from worklist.forms.actions import PickDayForm
from worklist.forms.fields import DigitChoice, day_field
from worklist.models import WorklistItem

OFF = "off"
_WHY = gettext_lazy("Say why it is pinned, so that colleagues understand the order.")


class PinForm(PickDayForm):
    """`off` in the cleaned data says that the pin is taken away; else `day` and `reason`."""

    when = forms.ChoiceField(label=gettext_lazy("On top of the list until"), widget=DigitChoice())
    until = day_field(label="Another day")
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Stays visible on the list."),
        error_messages={"required": _WHY},
    )

    def days(self) -> list[tuple[str, date]]:
        on = self.about.on
        friday = on + timedelta(days=(4 - on.weekday()) % 7)
        return [
            (_("Today"), on), (_("Tomorrow"), on + timedelta(days=1)), (_("Friday"), friday),
            (_("In a week"), on + timedelta(days=7)),
        ]  # fmt: skip

    def prepare(self) -> None:
        self.fill("when")
        item = WorklistItem.objects.filter(pk=self.about.customer.pk, pinned=True).first()
        self.fields["reason"].required = item is None
        if item is not None and item.pinned_until is not None:
            named = {"day": date_text(item.pinned_until, on=self.about.on), "reason": item.pin_reason}
            words = _("Not any more · now until %(day)s: %(reason)s") % named
            field = cast(forms.ChoiceField, self.fields["when"])
            field.choices = [(OFF, words), *cast(list[tuple[str, str]], field.choices)]
            field.initial = OFF

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        data["off"] = data.get("when") == OFF
        if not data["off"]:
            data["day"] = self.picked("when", "until")
            if not data.get("reason") and "reason" not in self.errors:
                self.add_error("reason", _WHY)
        return data
