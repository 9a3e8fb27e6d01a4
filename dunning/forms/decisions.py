"""The search over kept decisions."""

from django import forms

from dunning.rules.sentences import LABELS


class DecisionFilter(forms.Form):
    """Customer, reason and days; all may be empty."""

    customer = forms.CharField(label="Customer", required=False, max_length=200)
    code = forms.ChoiceField(label="Decision", required=False)
    since = forms.DateField(
        label="From", required=False, input_formats=["%Y-%m-%d"], widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label="To", required=False, input_formats=["%Y-%m-%d"], widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict, or None
        code = self.fields["code"]
        assert isinstance(code, forms.ChoiceField)
        code.choices = [("", "Any"), *sorted(LABELS.items(), key=lambda pair: pair[1])]
