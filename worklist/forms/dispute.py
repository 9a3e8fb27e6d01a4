"""The forms that open a dispute from the account, and end what is disputed of one invoice."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.lib.errors import Refusal
from invoices.models import Dispute
from worklist.forms.actions import ActionForm, item_words
from worklist.forms.fields import DigitChoice
from worklist.forms.shares import Row, SharesField, shares_field

REASONS = [("", _("Choose a reason")), *Dispute.Reason.choices]


class DisputeForm(ActionForm):
    """Several invoices with their amounts, the reason, and what the customer says."""

    invoices = shares_field()
    reason = forms.ChoiceField(label=_("Reason"), choices=REASONS)
    text = forms.CharField(
        label=_("What they say"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self) -> None:
        rows = [Row(row.id, item_words(row), row.currency) for row in self.about.items if row.dispute is None]
        field = cast(SharesField, self.fields["invoices"])
        field.show(rows)
        if not rows:
            field.help_text = _("All that is open is in dispute already. Work on it on the page of its dispute.")

    def refused(self, refusal: Refusal) -> None:
        """Nothing; a sentence about an amount stands at the invoices."""
        if "amount" in refusal.fields:
            self.add_error("invoices", refusal.fields["amount"])
        else:
            super().refused(refusal)


class CloseDisputeForm(forms.Form):
    """How what is disputed of one invoice ends."""

    state = forms.ChoiceField(
        label=_("How does it end?"),
        widget=DigitChoice(),
        choices=[row for row in Dispute.State.choices if row[0] != "open"],
    )
    resolution = forms.CharField(
        label=_("What was agreed"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )
