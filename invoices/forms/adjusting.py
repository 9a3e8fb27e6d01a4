"""The forms of write-offs and other adjustments: what to take off which invoice, and undoing it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.lib.dates import format_date
from collections_app.lib.money import Money, format_amount_with_code
from invoices.filters import DayField
from invoices.forms.cash import ShareFields
from invoices.forms.typed_amount import written_amount
from invoices.models import Adjustment, Payment
from invoices.rules.approvals import fingerprint

_KIND = Adjustment.Kind
KINDS: list[tuple[str, Any]] = [
    (_KIND.WRITE_OFF, _("Write-off: nobody will pay it")),
    (_KIND.SETTLEMENT, _("Settlement: agreed with the customer")),
    (_KIND.OTHER, _("Other adjustment")),
]
DISCOUNT = (_KIND.EARLY_PAYMENT_DISCOUNT, _("Early-payment discount earned in time"))
WAIVER = (_KIND.WAIVER, _("Waiver: we do not insist on the fee or interest"))
EXCHANGE = (_KIND.EXCHANGE_DIFFERENCE, _("Difference of exchange rates"))


class AdjustForm(ShareFields):
    """What is taken off the open invoices of one account, legal entity and currency. `share_…` fields hold amounts."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=KINDS, widget=forms.RadioSelect)
    effective_on = DayField(label=_("From"), help_text=_("The invoices count as lowered from this day on."))
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("For the approver and the auditor."))
    # What was open when the page was shown: the same form sent twice, or after a colleague's, must not take off more.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self,
        data: Any = None,
        *,
        invoices: Sequence[Any],
        today: date,
        shares: Mapping[int, Decimal],
        waiting: Mapping[int, Decimal],
        more_kinds: Sequence[tuple[str, Any]] = (),
        **options: Any,
    ) -> None:
        known = {invoice.pk: invoice.currency for invoice in invoices}
        amounts = {f"share_{pk}": written_amount(amount, known[pk]) for pk, amount in shares.items() if pk in known}
        self.now = fingerprint([[row.pk, f"{row.open_amount:f}", f"{waiting.get(row.pk, 0):f}"] for row in invoices])
        start = {
            "seen": self.now,
            "effective_on": today,
            "kind": _KIND.WRITE_OFF,
            **amounts,
            **options.pop("initial", {}),
        }
        super().__init__(data, invoices=invoices, initial=start, **options)
        self.today = today
        self.fields["kind"].choices = [*KINDS, *more_kinds]  # type: ignore[attr-defined]

    def clean_effective_on(self) -> date:
        """The day, which has come."""
        day: date = self.cleaned_data["effective_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet. Choose today or an earlier day."))
        return day

    def clean(self) -> dict[str, Any]:
        """The values with `shares` as the services take them."""
        values = super().clean() or {}
        currency = self.invoices[0].currency if self.invoices else ""
        values["shares"] = self.typed_shares(currency)
        if values.get("seen") and values["seen"] != self.now:
            sent: Any = self.data
            self.data = sent.copy()
            self.data["seen"] = self.now  # type: ignore[index]
            self.add_error(None, _("What is open changed since this page was shown. Look at it again, then post."))
        if not values["shares"] and not self.errors:
            self.add_error(None, _("Enter an amount beside at least one invoice."))
        return values


class PaymentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Payments by their amount, day and reference."""

    def label_from_instance(self, obj: Any) -> str:
        """How a payment is written in the list."""
        amount = format_amount_with_code(Money(obj.amount, obj.currency).amount, obj.currency)
        return f"{amount}, {format_date(obj.received_on)} {obj.reference}".strip()


class UndoForm(forms.Form):
    """Why an adjustment is undone; with a payment, the money that came after all."""

    payment = PaymentChoice(
        label=_("Money that arrived for it"),
        queryset=Payment.objects.none(),
        required=False,
        empty_label=_("None: it was a mistake"),
        help_text=_("It is put against the invoices, and what is still missing is written off again."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=140)

    def __init__(self, *args: Any, payments: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if payments is None:
            del self.fields["payment"]
        else:
            self.fields["payment"].queryset = payments  # type: ignore[attr-defined]


class RejectForm(forms.Form):
    """Why a request is rejected."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
