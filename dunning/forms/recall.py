"""The confirmation of a recall: what went wrong, and how many people are written to again."""

from django import forms


class RecallForm(forms.Form):
    """Nothing is filled in for the person: whoever recalls types the number (D45)."""

    reason = forms.CharField(label="What went wrong", max_length=500)
    count = forms.IntegerField(
        label="How many are recalled", min_value=0, widget=forms.TextInput({"inputmode": "numeric"})
    )
