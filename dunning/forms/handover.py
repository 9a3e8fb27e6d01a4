"""What people decide about debts at the end of the ladder, as small forms; and the credit stop."""

from collections.abc import Sequence
from typing import Any

from django import forms

from dunning.models import Handover
from invoices.queries.open_claims import OpenClaim

_KINDS = [(kind.value, kind.label) for kind in Handover.Kind if kind is not Handover.Kind.UNDECIDED]
_ENDS = [
    (Handover.State.RETURNED.value, "Take it back: reminders may follow again"),
    *((end.value, end.label) for end in (Handover.Outcome.PAID, Handover.Outcome.UNCOLLECTABLE)),
]
_WHO = "The agency or law firm, as the evidence names it."


class ApproveForm(forms.Form):
    """What happens, and with whom."""

    kind = forms.ChoiceField(label="What happens", choices=[("", "Choose"), *_KINDS])
    recipient = forms.CharField(label="With", max_length=200, required=False, help_text=_WHO)


class HandOverForm(forms.Form):
    """To whom it goes."""

    recipient = forms.CharField(label="To", max_length=200, help_text=_WHO)


class EndForm(forms.Form):
    """What came of it."""

    outcome = forms.ChoiceField(label="How it ends", choices=_ENDS)
    note = forms.CharField(label="What happened", max_length=250)


class DeclineForm(forms.Form):
    """Why a proposal is not followed."""

    note = forms.CharField(label="Why not", max_length=250)


class ProposeForm(forms.Form):
    """Which overdue documents of one currency, what is to happen with them, and why."""

    kind = forms.ChoiceField(label="What should happen", choices=[("", "Choose"), *_KINDS])
    reason = forms.CharField(label="Why", max_length=250, help_text="The second person and the evidence will show it.")
    invoices = forms.TypedMultipleChoiceField(
        label="Documents", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one document."},
    )  # fmt: skip

    def __init__(self, *args: Any, claims: Sequence[OpenClaim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = {claim.invoice_id: claim.number for claim in claims}
        field = self.fields["invoices"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(numbers.items())
        field.initial = list(numbers)


class CreditForm(forms.Form):
    """Why credit is stopped, or given again."""

    reason = forms.CharField(label="Why", max_length=200)
