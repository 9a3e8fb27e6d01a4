"""The forms of the cash pages: recording a payment and what it is for, and reversing an allocation."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.lib.currencies import is_currency
from customers.models import Customer
from invoices.filters import DayField
from invoices.forms.typed_amount import TypedAmountField, read_amount
from invoices.models import Invoice, Payment

OLDEST, CHOSEN, NONE = "oldest", "chosen", "none"
WAYS = (
    (OLDEST, _("Oldest invoices first")),
    (CHOSEN, _("The amounts entered beside the invoices")),
    (NONE, _("Leave it unapplied")),
)


class ShareFields(forms.Form):
    """One amount field per open invoice. Subclasses say in which currency the money is."""

    def __init__(self, *args: Any, invoices: Sequence[Invoice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.invoices = invoices
        for invoice in invoices:
            label = _("Amount for %(number)s") % {"number": invoice.number}
            self.fields[f"share_{invoice.pk}"] = TypedAmountField(label=label, required=False)

    @property
    def rows(self) -> list[tuple[Invoice, forms.BoundField]]:
        """Each open invoice with its field, for the table."""
        return [(invoice, self[f"share_{invoice.pk}"]) for invoice in self.invoices]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields outside the table."""
        return [bound for bound in self.visible_fields() if not bound.name.startswith("share_")]

    def typed_shares(self, currency: str) -> list[tuple[Invoice, Decimal | None]]:
        """The invoices with the amounts typed beside them; errors go to the fields."""
        found: list[tuple[Invoice, Decimal | None]] = []
        for invoice in self.invoices:
            amount = read_amount(self, f"share_{invoice.pk}", currency)
            if amount is not None:
                found.append((invoice, amount))
        return found


class PaymentForm(ShareFields):
    """A payment of one customer and what it is for. `form_id` makes sending the same form twice record it once. Which
    legal entity got the money is asked only of customers who owe several."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    amount = TypedAmountField(label=_("Amount"))
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three letters, such as EUR."))
    received_on = DayField(label=_("Received on"), help_text=_("The value date on the bank statement."))
    method = forms.ChoiceField(label=_("By"), choices=Payment.Method.choices)
    reference = forms.CharField(label=_("Reference"), max_length=140, required=False)
    allocate = forms.ChoiceField(label=_("Put it against"), choices=WAYS, widget=forms.RadioSelect)

    def __init__(self, *args: Any, customer: Customer, today: date, **options: Any) -> None:
        start = {"currency": customer.currency, "received_on": today, "allocate": OLDEST, "form_id": uuid4()}
        super().__init__(*args, initial={**start, "entity": customer.entity.code}, **options)
        self.today = today
        self.customer = customer
        self.entities = {row.code: row for row in [customer.entity, *(invoice.entity for invoice in self.invoices)]}
        if len(self.entities) > 1:
            self.fields["entity"] = forms.ChoiceField(
                label=_("Received by"), choices=[(code, row.name) for code, row in sorted(self.entities.items())]
            )

    def clean_currency(self) -> str:
        """The code in capitals."""
        code = str(self.cleaned_data["currency"]).upper()
        if not is_currency(code):
            raise forms.ValidationError(_("This is not a currency code. Use three letters, such as EUR."))
        return code

    def clean_received_on(self) -> date:
        """The day, which has come."""
        day: date = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet. Enter the day the money arrived."))
        return day

    def clean(self) -> dict[str, Any]:
        """The values with `amount` as Decimal and `shares` as the service takes them."""
        values = super().clean() or {}
        currency = values.get("currency", "")
        values["amount"] = read_amount(self, "amount", currency)
        way = values.get("allocate")
        typed = self.typed_shares(currency) if way == CHOSEN else []
        if way == CHOSEN and not typed and not self.errors:
            self.add_error("allocate", _("Enter an amount beside at least one invoice, or choose another way."))
        values["shares"] = OLDEST if way == OLDEST else typed
        values["entity"] = self.entities.get(values.get("entity", ""), self.customer.entity)
        return values


class ReversalForm(forms.Form):
    """Why an allocation is undone."""

    reason = forms.CharField(label=_("Reason"), max_length=140)
