"""Which policy to rehearse, over which days, and beside which other one."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from dunning.models import Policy
from dunning.services.ask_rehearsal import MOST_WITHIN

USUAL_DAYS = 90


class RehearsalForm(forms.Form):
    """The question. Days are inclusive."""

    policy = forms.ModelChoiceField(Policy.objects.none(), empty_label=None)
    against = forms.ModelChoiceField(
        Policy.objects.none(), required=False, label="Beside", empty_label="No other policy",
        help_text="Another policy of the same legal entity, over the same customers.",
    )  # fmt: skip
    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}))
    within = forms.IntegerField(
        label="Needless when paid within (days)", min_value=0, max_value=MOST_WITHIN, initial=3,
        help_text="A letter crossed a payment that came in so soon after it.",
    )  # fmt: skip
    as_known = forms.BooleanField(
        label="Only what was known", required=False,
        help_text="Each day sees what had been recorded by its evening. For books kept here day by day, not imported.",
    )  # fmt: skip

    def __init__(self, *args: Any, policies: QuerySet[Policy], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("policy", "against"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = policies
        self.fields["last"].initial = today - timedelta(days=1)
        self.fields["first"].initial = today - timedelta(days=USUAL_DAYS)
