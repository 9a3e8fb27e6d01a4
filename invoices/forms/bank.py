"""The forms of the bank inbox: settling by hand, splitting, parking, deductions, setting aside. Services decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from invoices.forms.cash import ShareFields
from invoices.forms.typed_amount import TypedAmountField, read_amount
from invoices.models import BankAccount, BankLine, Dispute, Invoice

PARTS = 4
ASIDE = (
    ("Bank fee or interest", _("Bank fee or interest")),
    ("Transfer between own accounts", _("Transfer between own accounts")),
    ("Wages, taxes, suppliers", _("Wages, taxes, suppliers")),
    ("other", _("Something else")),
)


class DigitRadio(forms.RadioSelect):
    """Radio buttons chosen by a digit; in the inbox they stand above the suggestions and so go first."""

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        """The option with its key."""
        option: dict[str, Any] = super().create_option(*args, **options)
        option["attrs"] |= {"data-key": str(int(option["index"]) + 1), "data-key-label": str(option["label"])}
        return option


@dataclass(frozen=True, slots=True)
class Candidates:
    """The customers a person may name."""

    rows: QuerySet[Customer]

    def by_number(self, text: str) -> Customer | None:
        """The customer of that number; None for nobody."""
        return None if "\x00" in text else self.rows.filter(number__iexact=text.strip()).first()


class SearchForm(forms.Form):
    """Whose money it is, in words."""

    find = forms.CharField(
        label=_("Customer or invoice"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"type": "search", "data-focus": True, "autocomplete": "off"}),
    )  # fmt: skip


class SettleForm(ShareFields):
    """What of the line goes to which invoice; the rest stays unapplied."""

    def __init__(self, *args: Any, line: BankLine, **options: Any) -> None:
        super().__init__(*args, **options)
        self.line = line

    def clean(self) -> dict[str, Any]:
        """The values with `shares` as the service takes them."""
        values = super().clean() or {}
        values["shares"] = self.typed_shares(self.line.currency)
        return values


class ParkForm(forms.Form):
    """Where the money rests until somebody knows more."""

    customer = forms.CharField(
        label=_("Customer number"), max_length=40, required=False,
        help_text=_("Shows as unapplied cash there. Empty: nobody's, only a note."),
        widget=forms.TextInput(attrs={"data-focus": True, "autocomplete": "off"}),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, candidates: Candidates, **options: Any) -> None:
        super().__init__(*args, **options)
        self.candidates = candidates

    def clean(self) -> dict[str, Any]:
        """The values with `who`, the customer, or None with a note."""
        values = super().clean() or {}
        number = values.get("customer", "")
        values["who"] = self.candidates.by_number(number) if number else None
        if number and values["who"] is None:
            self.add_error("customer", _("No customer has this number. Search for the name, or leave it empty."))
        if not number and not values.get("note", "").strip():
            self.add_error("note", _("Say why the line is parked, or name the customer."))
        return values


class AsideForm(forms.Form):
    """What the line is, since it is no receivable."""

    what = forms.ChoiceField(label=_("What it is"), choices=ASIDE, widget=DigitRadio(attrs={"data-focus": True}))
    text = forms.CharField(label=_("In words"), max_length=150, required=False)

    def clean(self) -> dict[str, Any]:
        """The values with `reason` as it is kept."""
        values = super().clean() or {}
        what, text = values.get("what", ""), values.get("text", "").strip()
        if what == "other" and not text:
            self.add_error("text", _("Say what it is."))
        values["reason"] = text if what == "other" else ": ".join(filter(None, (what, text)))
        return values


class DeductionForm(forms.Form):
    """Which invoice the payer cut, and why."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=Dispute.Reason.choices, widget=DigitRadio(attrs={"data-focus": True})
    )
    invoice = forms.ChoiceField(label=_("Invoice that was cut"))
    text = forms.CharField(label=_("What they say"), max_length=5000, required=False)

    def __init__(self, *args: Any, invoices: Sequence[Invoice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.by_id = {str(invoice.pk): invoice for invoice in invoices}
        choices = [(pk, invoice.number) for pk, invoice in self.by_id.items()]
        cast(forms.ChoiceField, self.fields["invoice"]).choices = choices


class SplitForm(forms.Form):
    """Up to four customers with an amount each; what is left over waits."""

    def __init__(self, *args: Any, line: BankLine, candidates: Candidates, **options: Any) -> None:
        super().__init__(*args, **options)
        self.line, self.candidates = line, candidates
        for place in range(1, PARTS + 1):
            who = forms.CharField(label=_("Customer number"), max_length=40, required=False)
            who.widget.attrs |= {"autocomplete": "off", **({"data-focus": True} if place == 1 else {})}
            self.fields[f"customer_{place}"] = who
            self.fields[f"amount_{place}"] = TypedAmountField(label=_("Amount"), required=False)
            self.fields[f"oldest_{place}"] = forms.BooleanField(
                label=_("Oldest invoices first"), required=False, initial=True
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The fields part by part."""
        return [(self[f"customer_{n}"], self[f"amount_{n}"], self[f"oldest_{n}"]) for n in range(1, PARTS + 1)]

    def clean(self) -> dict[str, Any]:
        """The values with `parts`: customer, amount, and whether it fills the oldest invoices."""
        values = super().clean() or {}
        parts: list[tuple[Customer, Decimal, bool]] = []
        for place in range(1, PARTS + 1):
            number = values.get(f"customer_{place}", "")
            amount = read_amount(self, f"amount_{place}", self.line.currency)
            if not number and amount is None:
                continue
            who = self.candidates.by_number(number)
            if who is None:
                self.add_error(f"customer_{place}", _("No customer has this number."))
            elif amount is None and not self.errors:
                self.add_error(f"amount_{place}", _("Enter the amount of this customer."))
            elif amount is not None:
                parts.append((who, amount, bool(values.get(f"oldest_{place}"))))
        if not parts and not self.errors:
            self.add_error(None, _("Name at least one customer with an amount."))
        values["parts"] = parts
        return values


class AccountForm(forms.ModelForm[BankAccount]):
    """How the lines of an account are treated."""

    class Meta:
        model = BankAccount
        fields = ("name", "post_certain", "certain_from")
        labels = {
            "name": _("Name"),
            "post_certain": _("Post certain matches by themselves"),
            "certain_from": _("Certain from this score on"),
        }
        help_texts = {"certain_from": _("50 to 100. What scores less waits for a person.")}
