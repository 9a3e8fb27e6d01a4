"""The policy and its steps as one form: a row per step, and an empty one to add another."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db.models import Q

from collections_app.lib.currencies import is_currency
from collections_app.lib.money import round_amount
from customers.models import Contact, Segment
from dunning.models import NoticeTemplate, Policy, PolicyVersion, Step
from dunning.queries.policies import STEP_RULES, channels
from dunning.rules.policy_change import PolicyChange, StepChange

_WHERE_TO = "place"
_LAST = 99  # where a new step goes that names no place
_PARTS = [("", "Primary contact"), *Contact.Part.choices]


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """The policy itself."""

    minimums = forms.CharField(
        required=False,
        max_length=400,
        label="Smallest amounts in other currencies",
        help_text="Such as “USD 10, GBP 8”. Other currencies are converted at the day's rate.",
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    running = forms.ChoiceField(required=False, choices=PolicyVersion.Running.choices, widget=forms.RadioSelect)

    class Meta:
        model = Policy
        fields = (
            "name", "segment", "strategy", "rank", "is_active", "mode", "entry", "min_days_between", "send_hour",
            "send_until_hour", "hold_minutes", "days_after_delivery", "min_amount", "min_share", "credits",
            "lists_held_items", "end_action",
        )  # fmt: skip
        labels = {
            "segment": "Only for customers of this segment",
            "strategy": "Only for customers with this strategy",
            "rank": "Rank among the policies",
            "is_active": "Dunning is on",
            "mode": "How notices leave",
            "entry": "Where a late customer enters",
            "min_amount": "Smallest amount to ask for",
            "min_share": "Smallest share of all that is open, in per cent",
            "min_days_between": "Days between two contacts, at least",
            "days_after_delivery": "Days after an invoice was delivered, at least",
            "send_hour": "From this hour of the customer's day",
            "send_until_hour": "Until this hour",
            "hold_minutes": "Minutes to undo after approval",
            "credits": "Open credits and unallocated payments",
            "lists_held_items": "Show what is disputed, promised or on hold, without asking for it",
            "end_action": "After the last step",
        }
        help_texts = {
            "rank": "A customer comes under the policy with the lowest rank that fits.",
            "is_active": "Off: nothing is proposed, and what is approved waits.",
            "min_days_between": "Calls and mails by hand count as contacts.",
            "min_share": "Where too little is owed at a step, the next lower step is tried.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = self.instance
        self.fields["segment"].empty_label = "All customers"  # type: ignore[attr-defined]
        offered = Q(is_active=True) | Q(pk=policy.segment_id)
        self.fields["segment"].queryset = Segment.objects.filter(offered)  # type: ignore[attr-defined]
        self.initial["min_amount"] = round_amount(policy.min_amount, policy.entity.currency)
        self.initial["min_share"] = f"{policy.min_share.normalize():f}"
        self.initial["seen"] = policy.version
        self.initial["minimums"] = ", ".join(
            f"{row.currency} {round_amount(row.min_amount, row.currency)}" for row in policy.minimums.all()
        )

    def clean_minimums(self) -> dict[str, Decimal]:
        """The amounts by currency, from "USD 10, GBP 8"."""
        found: dict[str, Decimal] = {}
        for part in filter(None, (part.strip() for part in self.cleaned_data["minimums"].split(","))):
            currency, _, amount = part.partition(" ")
            try:
                value = Decimal(amount.strip())
            except InvalidOperation:
                value = Decimal(-1)
            if not is_currency(currency) or not value.is_finite() or not 0 <= value < 10**15:
                raise forms.ValidationError(f"“{part[:40]}” is not a currency and an amount. Write it like USD 10.")
            found[currency] = value
        return found

    def change(self) -> PolicyChange:
        """The valid values."""
        segment: Segment | None = self.cleaned_data["segment"]
        values = {**self.cleaned_data, "segment_id": segment.pk if segment else None}
        return PolicyChange(**{name: values[name] for name in PolicyChange._fields})


class StepForm(forms.Form):
    """One step. An empty name in the last row means that there is no such step."""

    position = forms.IntegerField(required=False, widget=forms.HiddenInput)
    place = forms.IntegerField(min_value=1, max_value=_LAST, initial=_LAST, label="Place")
    name = forms.CharField(max_length=60, error_messages={"required": "Every step needs a name."})
    offset_days = forms.IntegerField(min_value=-60, max_value=365, label="Days")
    business_days = forms.BooleanField(required=False, label="Count working days only")
    anchor = forms.ChoiceField(choices=Step.Anchor.choices, label="Counted from")
    channel = forms.ChoiceField()
    stage = forms.ChoiceField(choices=Step.Stage.choices, initial=Step.Stage.EARLY)
    days_to_pay = forms.IntegerField(min_value=0, max_value=90, initial=7, label="Days to pay")
    to_first = forms.ChoiceField(required=False, choices=_PARTS, label="To")
    to_second = forms.ChoiceField(
        required=False, choices=_PARTS, label="Else to", help_text="Where neither can be reached, the primary contact."
    )
    copies = forms.MultipleChoiceField(
        required=False, choices=Contact.Part.choices, widget=forms.CheckboxSelectMultiple, label="Copies to"
    )
    words = forms.ChoiceField(required=False, label="Words")
    fee = forms.ChoiceField(choices=Step.Fee.choices)
    fee_amount = forms.DecimalField(
        required=False, min_value=Decimal("0.01"), max_digits=15, decimal_places=4, label="Amount of a fixed fee",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    with_interest = forms.BooleanField(required=False, label="Name the interest accrued so far")
    needs_approval = forms.BooleanField(required=False, label="A person approves it, even in automatic mode")
    remove = forms.BooleanField(required=False, label="Take this step out")

    def __init__(self, *args: Any, words: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, channel.label) for code, channel in channels().items()]
        self._offer("channel", choices)
        self.fields["channel"].initial = choices[0][0]  # so that an untouched row counts as empty
        self.fields["anchor"].initial = Step.Anchor.DUE_DATE
        self.fields["fee"].initial = Step.Fee.NONE
        self._offer("words", [("", "Those of the stage"), *((key, key) for key in words)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """The values; a fee that is not fixed has no amount of its own, and recipients come in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["recipients"] = list(filter(None, (cleaned.get("to_first"), cleaned.get("to_second"))))
        if cleaned.get("fee") != Step.Fee.FIXED:
            cleaned["fee_amount"] = None
        return cleaned

    @staticmethod
    def is_step(cleaned: dict[str, Any]) -> bool:
        """Whether the row describes a step to keep."""
        return bool(cleaned.get("name")) and not cleaned.get("remove")

    @property
    def has_more(self) -> bool:
        """Whether something behind "More" is set or wrong, so that it is shown open."""
        return any(self[name].errors for name in ("days_to_pay", "to_first", "copies", "words", "fee", "fee_amount"))


StepFormSet = forms.formset_factory(StepForm, extra=1, max_num=20)


def words_keys() -> tuple[str, ...]:
    """The keys of templates that a step may ask for."""
    rows = NoticeTemplate.objects.filter(is_current=True).exclude(key="").values_list("key", flat=True)
    return tuple(sorted(set(rows)))


def steps_of(formset: Any) -> list[StepChange]:
    """The steps that the valid rows describe, in order of their places; a new one goes before the one it displaces."""
    kept = [form.cleaned_data for form in formset.forms if form.is_step(form.cleaned_data)]
    kept.sort(key=lambda row: (row[_WHERE_TO], row.get("position") is not None))
    return [StepChange(**{name: row.get(name) for name in StepChange._fields}) for row in kept]


def initial_steps(policy: Policy) -> list[dict[str, Any]]:
    """The rows of the policy's present steps."""
    rows = []
    for place, step in enumerate(policy.steps.all(), start=1):
        row = {name: getattr(step, name) for name in STEP_RULES}
        row["to_first"], row["to_second"], *_ = [*step.recipients, "", ""]
        if step.fee_amount is not None:
            row["fee_amount"] = round_amount(step.fee_amount, policy.entity.currency)
        rows.append({**row, _WHERE_TO: place})
    return rows
