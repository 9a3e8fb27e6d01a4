"""The forms of claims: whose, up to which day; what was ticked, and why it is waived."""

from typing import Any

from django import forms
from django.http import QueryDict

from invoices.filters import DayField

INTEREST, LUMP_SUM = "interest", "lump_sum"
MOST = 200  # ticked at once: each is a document of its own


class ClaimsForm(forms.Form):
    """Whose claims, and up to which day, inclusive."""

    q = forms.CharField(label="Customer or invoice", required=False, max_length=100)
    until = DayField(label="Up to", required=False)


class ChosenForm(forms.Form):
    """What was ticked: "interest-17" for the interest on invoice 17, "lump_sum-17" for its lump sum."""

    until = DayField(required=False)
    reason = forms.CharField(required=False, max_length=200)

    def __init__(self, data: QueryDict, **options: Any) -> None:
        super().__init__(data, **options)
        self.ticked = data.getlist("claim")

    def clean(self) -> dict[str, Any]:
        """The values with `chosen`: pairs of kind and invoice id. Raises ValidationError where nothing was ticked."""
        cleaned = super().clean() or self.cleaned_data
        chosen = [_pair(one) for one in self.ticked]
        pairs = [one for one in chosen if one]
        if not pairs or len(pairs) < len(chosen):
            raise forms.ValidationError("Tick at least one line first.")
        if len(pairs) > MOST:
            raise forms.ValidationError(f"Tick at most {MOST} lines at once.")
        return {**cleaned, "chosen": pairs}


def _pair(text: str) -> tuple[str, int] | None:
    kind, _, number = text.partition("-")
    if kind not in (INTEREST, LUMP_SUM) or not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    return kind, int(number)
