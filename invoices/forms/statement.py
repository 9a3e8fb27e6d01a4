"""The period of a statement of account."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invoices.filters import DayField


class StatementForm(forms.Form):
    """From the beginning of one day to the end of another: as named in the address, `from` and `as_of`."""

    as_of = DayField(label=_("As of"), required=False)

    def __init__(self, data: Any, *, today: date) -> None:
        asked = data.copy()
        if not asked.get("as_of"):
            asked["as_of"] = today.isoformat()
        super().__init__(asked)
        self.today = today
        self.fields["from"] = DayField(label=_("From"), required=False)
        self.order_fields(["from", "as_of"])

    def clean(self) -> dict[str, Any]:
        """Both days: today, and the first of the month a quarter of a year before, unless asked for others."""
        values = super().clean() or {}
        if not values.get("from") and not self.errors:
            values["from"] = _quarter_before(values["as_of"])
            # So that the page shows the day that counts.
            self.data = dict(self.data.items()) | {"from": values["from"].isoformat()}
        if not self.errors and values["from"] > values["as_of"]:
            self.add_error("from", _("The first day lies after the last one. Choose an earlier day."))
        return values


def _quarter_before(day: date) -> date:
    month = day.month - 3
    return date(day.year if month > 0 else day.year - 1, month if month > 0 else month + 12, 1)
