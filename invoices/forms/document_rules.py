"""What leaves by itself, and on which day of the month."""

from django import forms

_DAY = "Day of the month; 31 is its last day. Empty: none."


class DocumentRulesForm(forms.Form):
    """One legal entity's rules."""

    invoices = forms.BooleanField(required=False, label="Mail new invoices")
    thanks = forms.BooleanField(required=False, label="Thank for payments by transfer")
    statement_day = forms.IntegerField(
        required=False, min_value=1, max_value=31, label="Statement of account on", help_text=_DAY
    )


class StatementDayForm(forms.Form):
    """One customer's own day."""

    day = forms.IntegerField(
        required=False, min_value=0, max_value=31, label="Mail the statement on day",
        help_text="Of each month; 0 is never. Empty: as its legal entity does.",
    )  # fmt: skip
