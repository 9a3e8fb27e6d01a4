"""The policy and its steps as one form: a row per step, and an empty one to add another at the end."""

from typing import Any

from django import forms

from collections_app.lib.money import round_amount
from dunning.models import Policy, Step
from dunning.queries.policies import channels
from dunning.services.save_policy import PolicyChange, StepChange


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """The policy itself."""

    class Meta:
        model = Policy
        fields = ("name", "is_active", "mode", "entry", "min_amount", "min_days_between", "send_hour")
        labels = {
            "is_active": "Dunning is on",
            "mode": "How notices leave",
            "entry": "Where a late customer enters",
            "min_amount": "Smallest amount to ask for",
            "min_days_between": "Days between two contacts, at least",
            "send_hour": "Hour of the customer's day to send at",
        }
        help_texts = {
            "is_active": "Off: nothing is proposed, and what is approved waits.",
            "min_days_between": "Calls and mails by hand count as contacts.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["min_amount"] = round_amount(self.instance.min_amount, self.instance.entity.currency)

    def change(self) -> PolicyChange:
        """The valid values."""
        return PolicyChange(**{name: self.cleaned_data[name] for name in PolicyChange._fields})


class StepForm(forms.Form):
    """One step. An empty name in the last row means that there is no such step."""

    position = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=60, error_messages={"required": "Every step needs a name."})
    offset_days = forms.IntegerField(min_value=-60, max_value=365, label="Days from the due date")
    channel = forms.ChoiceField()
    stage = forms.ChoiceField(choices=Step.Stage.choices, initial=Step.Stage.EARLY)
    days_to_pay = forms.IntegerField(min_value=0, max_value=90, label="Days to pay")
    remove = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)
        choices = [(code, channel.label) for code, channel in channels().items()]
        field.choices = choices
        field.initial = choices[0][0]  # so that an untouched row counts as empty

    @staticmethod
    def is_step(cleaned: dict[str, Any]) -> bool:
        """Whether the row describes a step to keep."""
        return bool(cleaned.get("name")) and not cleaned.get("remove")


StepFormSet = forms.formset_factory(StepForm, extra=1, max_num=20)


def steps_of(formset: Any) -> list[StepChange]:
    """The steps that the valid rows describe, in order."""
    rows = [form.cleaned_data for form in formset.forms if form.is_step(form.cleaned_data)]
    return [StepChange(**{name: row.get(name) for name in StepChange._fields}) for row in rows]


def initial_steps(policy: Policy) -> list[dict[str, Any]]:
    """The rows of the policy's present steps."""
    names = ("position", "name", "offset_days", "channel", "stage", "days_to_pay")
    return [{name: getattr(step, name) for name in names} for step in policy.steps.all()]
