"""The form of a currency's rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invoices.models import CurrencyRules


class CurrencyRulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Tolerances and the limit for one person. The currency is chosen once."""

    class Meta:
        model = CurrencyRules
        fields = [
            "currency", "under_tolerance", "over_tolerance", "approval_over", "promise_grace_days",
            "plan_max_parts", "plan_max_months", "plan_min_part", "plan_grace_days", "waive_analyst",
            "waive_accountant", "waive_manager",
        ]  # fmt: skip
        labels = {
            "currency": _("Currency"),
            "under_tolerance": _("A payment may be short by"),
            "over_tolerance": _("A payment may be over by"),
            "approval_over": _("Two people decide over"),
            "promise_grace_days": _("Days of grace for a promise"),
            "plan_max_parts": _("A payment plan has up to so many parts"),
            "plan_max_months": _("It ends within so many months"),
            "plan_min_part": _("A part is at least"),
            "plan_grace_days": _("Days of grace for a late part"),
            "waive_analyst": _("An analyst waives up to"),
            "waive_accountant": _("An accountant waives up to"),
            "waive_manager": _("A manager waives up to"),
        }
        help_texts = {
            "currency": _("Three letters, such as EUR."),
            "under_tolerance": _("Up to this, inclusive, the rest is posted as a small difference. 0: never."),
            "over_tolerance": _("Up to this, inclusive, the surplus is kept as a small difference. 0: never."),
            "approval_over": _("Write-offs, settlements and adjustments over this wait for approval. 0: all of them."),
            "promise_grace_days": _("Holds for promises made from now on. 0: money counts by its promised day."),
            "plan_max_parts": _("A payer cannot ask for more; a colleague's plan with more needs a second person."),
            "waive_analyst": _("Interest, lump sum and fees of one invoice together; more needs a second person."),
            "plan_grace_days": _("When they are over and the part is still missing, the plan has defaulted."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["currency"].disabled = True

    def clean_currency(self) -> str:
        """The code in capitals."""
        return str(self.cleaned_data["currency"]).upper()
