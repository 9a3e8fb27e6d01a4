"""Amounts as people type them in their language."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.errors import Refusal
from collections_app.lib.money import Money, parse_amount


class TypedAmountField(forms.CharField):
    """The text of an amount; `read_amount` turns it into a Decimal once the currency is known."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"widget": widget, "max_length": 40, **options})


def decimal_mark() -> DecimalMark:
    """The decimal mark of the reader's language: a comma in German, a point in English."""
    return "," if (get_language() or "en").startswith("de") else "."


def read_amount(form: forms.Form, name: str, currency: str) -> Decimal | None:
    """The amount above zero typed into the field; None, with an error at the field, if it is none or empty."""
    text = form.cleaned_data.get(name, "")
    if not text or not currency:
        return None
    try:
        amount = parse_amount(text, decimal_mark=decimal_mark(), currency=currency)
    except Refusal as refusal:
        form.add_error(name, refusal.sentence)
        return None
    if amount <= 0:
        form.add_error(name, "Enter an amount above zero.")
        return None
    return amount


def written_amount(amount: Decimal, currency: str) -> str:
    """The amount as the reader would type it into such a field: no sign of the currency, no grouping."""
    return f"{Money(amount, currency).amount:f}".replace(".", decimal_mark())


def read_signed(form: forms.Form, name: str, currency: str) -> Decimal | None:
    """The amount typed into the field, of any sign; None, with an error at the field, if it is none or empty."""
    text = form.cleaned_data.get(name, "")
    if not text or not currency:
        return None
    try:
        return parse_amount(text, decimal_mark=decimal_mark(), currency=currency)
    except Refusal as refusal:
        form.add_error(name, refusal.sentence)
        return None
