"""The forms for money that goes out of a payment or credit note, comes back, or is exchanged."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.lib.currencies import is_currency
from invoices.filters import DayField
from invoices.forms.typed_amount import TypedAmountField, decimal_mark, read_amount, written_amount

_RATE = re.compile(r"[0-9]{1,9}([.,][0-9]{1,10})?")
OLDEST, NONE = "oldest", "none"


class MoneyOutForm(forms.Form):
    """So much goes out on a day. `form_id` makes sending the same form twice record it once."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    amount = TypedAmountField(label=_("Amount"))
    paid_on = DayField(label=_("On"), help_text=_("The value date. Earlier days stay as they were."))
    reference = forms.CharField(label=_("Reference"), max_length=140, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=100, help_text=_("Stands in the history."))

    def __init__(self, data: Any = None, *, amount: Decimal, currency: str, today: date, **options: Any) -> None:
        start = {"form_id": uuid4(), "paid_on": today}
        if amount > 0:
            start["amount"] = written_amount(amount, currency)
        super().__init__(data, initial=start, **options)
        self.currency, self.today = currency, today

    def clean_paid_on(self) -> date:
        """The day, which has come."""
        return _has_come(self.cleaned_data["paid_on"], self.today)

    def clean(self) -> dict[str, Any]:
        """The values with `amount` as a Decimal."""
        values = super().clean() or {}
        values["amount"] = read_amount(self, "amount", self.currency)
        return values


class TypedSoFar(forms.Form):
    """The amount as it stands in the form, to show what it would reopen."""

    amount = TypedAmountField(required=False)


class ComesBackForm(forms.Form):
    """Money that had gone out is here again from a day on."""

    on = DayField(label=_("From"), help_text=_("The value date. Earlier days stay as they were."))
    reason = forms.CharField(label=_("Reason"), max_length=100, help_text=_("Stands in the history."))

    def __init__(self, data: Any = None, *, today: date, latest: date, **options: Any) -> None:
        super().__init__(data, initial={"on": latest}, **options)
        self.today = max(today, latest)

    def clean_on(self) -> date:
        """The day, which has come."""
        return _has_come(self.cleaned_data["on"], self.today)


class ExchangeForm(forms.Form):
    """Unapplied cash becomes money in another currency, at a stated rate of a stated day (D22)."""

    amount = TypedAmountField(label=_("Amount"))
    currency = forms.CharField(label=_("Into"), max_length=3, help_text=_("Three letters, such as USD."))
    rate = forms.CharField(
        label=_("Rate"),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    rate_on = DayField(label=_("Rate of"), help_text=_("The day the rate was published or agreed for."))
    rate_source = forms.CharField(label=_("Published by"), max_length=40, help_text=_("Such as ECB, or our bank."))
    allocate = forms.ChoiceField(
        label=_("Put it against"),
        choices=((OLDEST, _("The oldest invoices in that currency")), (NONE, _("Nothing yet, leave it unapplied"))),
        widget=forms.RadioSelect,
    )
    write_off = forms.BooleanField(
        label=_("Write off what rates leave open"),
        required=False,
        help_text=_("Only where money pays the invoice but for a difference of rates."),
    )

    def __init__(self, data: Any = None, *, have: str, today: date, initial: dict[str, Any], **options: Any) -> None:
        super().__init__(data, initial={"allocate": OLDEST, **initial}, **options)
        self.have, self.today = have, today
        self.fields["rate"].help_text = _("What 1 %(currency)s costs in that currency.") % {"currency": have}

    def clean_currency(self) -> str:
        """The code in capitals, of another currency than the money has."""
        code = str(self.cleaned_data["currency"]).upper()
        if not is_currency(code) or code == self.have:
            raise forms.ValidationError(_("Enter the code of another currency, three letters such as USD."))
        return code

    def clean_rate(self) -> Decimal:
        """The rate, read with a point or a comma: rates have no thousands."""
        text = str(self.cleaned_data["rate"])
        if not _RATE.fullmatch(text) or not Decimal(text.replace(",", ".")):
            raise forms.ValidationError(_("This is no rate. Enter a figure above 0 with at most ten decimals."))
        return Decimal(text.replace(",", "."))

    def clean_rate_on(self) -> date:
        """The day, which has come."""
        return _has_come(self.cleaned_data["rate_on"], self.today)

    def clean(self) -> dict[str, Any]:
        """The values with `amount` as a Decimal."""
        values = super().clean() or {}
        values["amount"] = read_amount(self, "amount", self.have)
        return values


def written_rate(rate: Decimal) -> str:
    """The rate as the reader would type it, with at most ten decimals."""
    return f"{rate.quantize(Decimal('1e-10')).normalize():f}".replace(".", decimal_mark())


class RatesForm(forms.Form):
    """A file of published rates."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("eurofxref-hist.csv or eurofxref-daily.xml of the European Central Bank, plain or zipped."),
    )


def _has_come(day: date, today: date) -> date:
    if day > today:
        raise forms.ValidationError(_("This day has not come yet. Choose today or an earlier day."))
    return day
