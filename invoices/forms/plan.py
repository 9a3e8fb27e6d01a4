"""The form of a payment plan that a colleague writes down, and of the reason that ends one."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.lib.money import format_amount_with_code
from invoices.models import Invoice
from invoices.rules.plans import Every, Part, even_parts

MOST_PARTS = 60
INTERVALS = [(Every.MONTH, _("Every month")), (Every.FORTNIGHT, _("Every two weeks")), (Every.WEEK, _("Every week"))]


class PlanForm(forms.Form):
    """Which invoices, in how many parts, from when on. `rows` are open invoices with `open_amount`."""

    item = forms.MultipleChoiceField(
        label=_("Invoices"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one invoice for the plan.")},
    )
    count = forms.IntegerField(label=_("Parts"), min_value=1, max_value=MOST_PARTS, initial=3)
    first_on = forms.DateField(
        label=_("First part by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    every = forms.ChoiceField(label=_("Then"), choices=INTERVALS)
    reminds = forms.BooleanField(
        label=_("Mail the customer about parts that are due in three days, or late"), required=False, initial=True
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=250)

    def __init__(self, rows: Sequence[Invoice], *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        which, first = self.fields["item"], self.fields["first_on"]
        assert isinstance(which, forms.MultipleChoiceField)
        which.choices = [(key, _words(row)) for key, row in self.rows.items()]
        first.initial = on + timedelta(days=7)
        first.widget.attrs["min"] = on.isoformat()

    def shares(self) -> list[tuple[Invoice, Decimal | None]]:
        """The chosen invoices, each for all that is open of it."""
        return [(self.rows[key], None) for key in self.cleaned_data["item"]]

    def parts(self) -> list[Part]:
        """Even parts over what is open of the chosen invoices. Raises BadInput when they would be too small."""
        chosen = [row for row, _amount in self.shares()]
        total = sum((open_of(row) for row in chosen), Decimal(0))
        data = self.cleaned_data
        return even_parts(total, data["count"], data["first_on"], chosen[0].currency, data["every"])


class EndPlanForm(forms.Form):
    """Why a plan is ended before its time, or not agreed to."""

    why = forms.CharField(label=_("Reason"), max_length=250, error_messages={"required": _("Say why.")})


def open_of(row: Invoice) -> Decimal:
    """What is open of an invoice that comes with `open_amount`."""
    amount: Decimal = row.open_amount  # type: ignore[attr-defined]  # annotated by the query
    return amount


def _words(row: Invoice) -> str:
    return f"{row.number} · {format_amount_with_code(open_of(row), row.currency)}"
