"""The form of a plan template."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invoices.models import PlanTemplate


class PlanTemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """For whom it holds, how far a plan may go, and who agrees to it. The currency is chosen once."""

    class Meta:
        model = PlanTemplate
        fields = [
            "name", "currency", "entity", "segment", "rank", "least_amount", "most_amount", "most_instalments",
            "least_instalment", "first_within_days", "longest_days", "grace_days", "approve_over", "reminds",
            "payer_may_propose", "is_active",
        ]  # fmt: skip
        labels = {
            "name": _("Name"),
            "currency": _("Currency"),
            "entity": _("Legal entity"),
            "segment": _("Segment"),
            "rank": _("Rank"),
            "least_amount": _("For amounts from"),
            "most_amount": _("up to"),
            "most_instalments": _("Parts at most"),
            "least_instalment": _("A part is at least"),
            "first_within_days": _("First part within so many days"),
            "longest_days": _("Last part within so many days"),
            "grace_days": _("Days of grace for a late part"),
            "approve_over": _("Two people agree over"),
            "reminds": _("Mail the customer about parts that are due soon, or late"),
            "payer_may_propose": _("The payer may propose such a plan from the link in a mail"),
            "is_active": _("In use"),
        }
        help_texts = {
            "entity": _("Empty: every company."),
            "segment": _("Empty: every customer."),
            "rank": _("Of the templates that fit, the lowest counts."),
            "most_amount": _("Empty: no upper end."),
            "longest_days": _("Counted from the day the plan is proposed."),
            "approve_over": _("Empty: one person agrees to all that keeps to these limits."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("entity", "segment"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.empty_label = _("All")
        if self.instance.pk:
            self.fields["currency"].disabled = True

    def clean_currency(self) -> str:
        """The code in capitals."""
        return str(self.cleaned_data["currency"]).upper()
