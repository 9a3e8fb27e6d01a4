"""The words of one letter."""

from django import forms


class WordsForm(forms.Form):
    """Subject and text with the placeholders of templates; both empty take the template's again."""

    subject = forms.CharField(max_length=200, required=False)
    body = forms.CharField(
        label="Text", max_length=20_000, required=False, widget=forms.Textarea({"rows": 16, "spellcheck": "true"}),
        help_text="Placeholders stay: {{invoice_table}} is made from the figures at the moment it leaves.",
    )  # fmt: skip
