"""The forms around bank files: the upload, and the answers that a file asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.lib.currencies import is_currency
from customers.models import Customer, LegalEntity
from invoices.bank_formats.csv_words import FIELDS
from invoices.filters import DayField
from invoices.forms.bank import Candidates

_ORDERS = [("", _("Choose")), ("ymd", "2026-11-03"), ("dmy", "03.11.2026"), ("mdy", "11/03/2026")]
_MARKS = [("", _("Choose")), (".", "1,234.50"), (",", "1.234,50")]


class BankUploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("Bank file"),
        help_text=_("camt.053 or .054, MT940, BAI2, OFX, CSV, or a zip archive of these, up to 50 MB."),
    )


class AdviceForm(forms.Form):
    """One remittance advice, and what it may not say itself."""

    file = forms.FileField(label=_("Remittance advice"), help_text=_("CSV, XLSX, PDF or text, up to 10 MB."))
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Where the file names none."))
    customer = forms.CharField(label=_("Customer number"), max_length=40, required=False)
    paid_on = DayField(label=_("Paid on"), required=False)

    def __init__(self, *args: Any, candidates: Candidates, **given: Any) -> None:
        super().__init__(*args, **given)
        self.candidates = candidates

    def clean_currency(self) -> str:
        """The code in capitals."""
        code = str(self.cleaned_data["currency"]).upper()
        if not is_currency(code):
            raise forms.ValidationError(_("This is not a currency code. Use three letters, such as EUR."))
        return code

    def clean_customer(self) -> Customer | None:
        """The customer of that number."""
        number = self.cleaned_data["customer"]
        found = self.candidates.by_number(number) if number else None
        if number and found is None:
            raise forms.ValidationError(_("No customer has this number. Leave it empty if you do not know it."))
        return found


class AnswersForm(forms.Form):
    """What only a person can say of a file: whose account it is, how its dates and amounts are written."""

    def __init__(self, *args: Any, asked: Mapping[str, Any], entities: Sequence[LegalEntity], **given: Any) -> None:
        super().__init__(*args, **given)
        self.accounts = {f"{number} {currency}": f"entity_{n}" for n, (number, currency) in enumerate(_accounts(asked))}
        choices = [("", _("Choose")), *((str(entity.pk), entity.name) for entity in entities)]
        for account, name in self.accounts.items():
            self.fields[name] = forms.ChoiceField(label=_("Legal entity of %(a)s") % {"a": account}, choices=choices)
        for name, sentence in asked.get("fields", {}).items():
            self._ask(name, sentence)

    def _ask(self, name: str, sentence: str) -> None:
        if name == "columns":
            for column, words in FIELDS.items():
                self.fields[f"column_{column}"] = forms.CharField(
                    label=_("Header of the %(what)s") % {"what": words}, max_length=100, required=False
                )
        elif name in ("date_order", "decimal_mark"):
            choices = _ORDERS if name == "date_order" else _MARKS
            label = _("Dates are written like") if name == "date_order" else _("Amounts are written like")
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, help_text=sentence)
        else:
            label = _("Account") if name == "account" else _("Currency")
            self.fields[name] = forms.CharField(label=label, max_length=64, help_text=sentence)

    def answers(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """What was said, together with what was said before."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("account", "currency", "date_order", "decimal_mark") if data.get(name)}
        columns = {
            name.removeprefix("column_"): text for name, text in data.items() if name.startswith("column_") and text
        }
        chosen = {account: int(data[name]) for account, name in self.accounts.items()}
        choices = {**before.get("choices", {}), **plain, **({"columns": columns} if columns else {})}
        return {"choices": choices, "entities": {**before.get("entities", {}), **chosen}}


def _accounts(asked: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(number, currency) for number, currency in asked.get("accounts", ())]
