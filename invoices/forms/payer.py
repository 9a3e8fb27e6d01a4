"""What a payer can tell us from a link: a promise, a dispute, a request. Fields not named here are ignored (D54)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.lib.errors import BadInput
from invoices.forms.files import FilesField
from invoices.forms.pay_choice import read_amount
from invoices.models import Dispute
from invoices.queries.payable import PayableGroup
from invoices.rules.plans import PlanLimits
from invoices.rules.promises import PAYER_HORIZON_DAYS

LONGEST_TEXT = 2000

REASONS = [
    (Dispute.Reason.NOT_RECEIVED.value, _("I did not receive the goods or service")),
    (Dispute.Reason.QUALITY.value, _("There is a defect or damage")),
    (Dispute.Reason.PRICE.value, _("The price is wrong")),
    (Dispute.Reason.QUANTITY.value, _("The quantity is wrong")),
    (Dispute.Reason.PO_MISSING.value, _("Our order number is missing")),
    (Dispute.Reason.ALREADY_PAID.value, _("I have already paid")),
    (Dispute.Reason.DUPLICATE.value, _("I was invoiced twice")),
    (Dispute.Reason.OTHER.value, _("Something else")),
]


class PayerForm(forms.Form):
    """What the three forms share: the open items they are about."""

    def __init__(self, group: PayableGroup, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group


class PromiseForm(PayerForm):
    """When the payer will pay, and which invoices."""

    promised_on = forms.DateField(
        label=_("I will pay on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    item = forms.MultipleChoiceField(label=_("Which invoices"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=_("Message"), required=False, max_length=250)

    def __init__(self, group: PayableGroup, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(group, *args, **kwargs)
        self.today = today
        last = today + timedelta(days=PAYER_HORIZON_DAYS)
        when, which = self.fields["promised_on"], self.fields["item"]
        when.widget.attrs.update({"min": today.isoformat(), "max": last.isoformat()})
        assert isinstance(which, forms.MultipleChoiceField)
        which.choices = [(str(item.invoice.pk), item.invoice.number) for item in group.items]
        which.initial = [str(item.invoice.pk) for item in group.suggested]

    def clean_promised_on(self) -> date:
        """The day, from today on and not further away than a payer may promise (P5)."""
        day: date = self.cleaned_data["promised_on"]
        if not 0 <= (day - self.today).days <= PAYER_HORIZON_DAYS:
            raise forms.ValidationError(
                _("Choose a day between today and %(days)s days from now. For longer, ask for a plan."),
                params={"days": PAYER_HORIZON_DAYS},
            )
        return day


class DisputeForm(PayerForm):
    """What is wrong with which invoice."""

    invoice = forms.ChoiceField(label=_("Which invoice"))
    reason = forms.ChoiceField(label=_("What is wrong"), choices=REASONS)
    amount = forms.CharField(
        label=_("How much of it"),
        required=False,
        max_length=30,
        help_text=_("Leave empty for the whole invoice."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    text = forms.CharField(label=_("What happened"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}))
    attached = FilesField(
        label=_("Photos or documents"), required=False, help_text=_("If you have any. At most five, 10 MB each.")
    )

    def __init__(self, group: PayableGroup, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(group, *args, **kwargs)
        self.language = language
        which = self.fields["invoice"]
        assert isinstance(which, forms.ChoiceField)
        which.choices = [(str(item.invoice.pk), item.invoice.number) for item in group.items]

    def clean_amount(self) -> Decimal | None:
        """The amount in the group's currency, or None for the whole."""
        try:
            return read_amount(self.cleaned_data["amount"], currency=self.group.currency, language=self.language)
        except BadInput as refusal:
            raise forms.ValidationError(refusal.sentence) from None


class PlanForm(PayerForm):
    """Even monthly parts over what is due, within the limits of the currency; or only a message that asks for one."""

    count = forms.ChoiceField(label=_("In how many monthly parts"), required=False)
    first_on = forms.DateField(
        label=_("First part by"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    text = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, group: PayableGroup, *args: Any, today: date, limits: PlanLimits, **kwargs: Any) -> None:
        super().__init__(group, *args, **kwargs)
        count, first = self.fields["count"], self.fields["first_on"]
        assert isinstance(count, forms.ChoiceField)
        count.choices = [("", _("Choose")), *((str(n), str(n)) for n in range(2, limits.max_parts + 1))]
        first.widget.attrs["min"] = today.isoformat()
        if not limits.payer_may_propose:
            del self.fields["count"], self.fields["first_on"]
            self.fields["text"].required = True

    def clean(self) -> dict[str, Any]:
        """A plan names parts and a day; without parts there is a message."""
        data = self.cleaned_data
        if data.get("count") and not data.get("first_on") and "first_on" not in self.errors:
            self.add_error("first_on", _("Choose the day of the first part."))
        if not data.get("count") and not data.get("text") and not self.errors:
            self.add_error("count" if "count" in self.fields else "text", _("Choose how many parts, or write to us."))
        return data


class RequestForm(PayerForm):
    """A message that a person answers."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
