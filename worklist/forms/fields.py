"""Fields shared by the forms of this app: a choice by digit keys, an amount as people write it, a day."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.errors import Refusal
from collections_app.lib.money import parse_amount

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DigitChoice(forms.RadioSelect):
    """Radio buttons that the digits 1 to 9 press; the first one is focused when the form appears."""

    def __init__(self, *, focused: bool = True, **more: Any) -> None:
        super().__init__(**more)
        self.focused = focused

    def create_option(
        self,
        name: str,
        value: Any,
        label: int | str,
        selected: bool,
        index: int,
        subindex: int | None = None,
        attrs: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """One radio button, with its digit."""
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        option["attrs"]["data-key"] = str(index + 1)
        option["attrs"]["data-key-label"] = str(label)
        if self.focused and index == 0:
            option["attrs"]["data-focus"] = True
        return option


def decimal_mark() -> DecimalMark:
    """The mark that readers of the active language write before the cents."""
    return "," if (get_language() or "en").startswith("de") else "."


class AmountField(forms.CharField):
    """An amount as people write it, in one currency; empty is None when not required."""

    def __init__(self, *, currency: str = "EUR", **more: Any) -> None:
        more.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, **more)
        self.currency = currency

    def clean(self, value: Any) -> Decimal | None:
        """The amount; a ValidationError in our words when it cannot be read."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text, decimal_mark=decimal_mark(), currency=self.currency)
        except Refusal as refusal:
            raise ValidationError(refusal.sentence, code=refusal.code) from None


def day_field(*, label: "StrOrPromise", required: bool = False, help_text: str = "") -> forms.DateField:
    """A day, typed or picked."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)
