"""The rules for what may leave the house, as a form; and the reason of a stop."""

from typing import Any

from django import forms

from customers.models import OutgoingRules
from customers.services.save_outgoing_rules import LONGEST, OutgoingChange


class OutgoingForm(forms.Form):
    """Everything but the kill switch, which has a form of its own so that one press is enough."""

    test_address = forms.CharField(
        label="Test mode: send every mail to", required=False, max_length=254,
        help_text="Every mail goes to this one address; its header names whom it was meant for. Empty: to customers.",
    )  # fmt: skip
    allowed = forms.CharField(
        label="Write only to", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Addresses or domains, one per line. Everything else is held. Empty: no limit.",
    )  # fmt: skip
    bank_days = forms.IntegerField(
        label="Hold reminders when bank data are older than (working days)", required=False, min_value=1,
        max_value=LONGEST, help_text="Yesterday's data are one working day old. Empty: never.",
    )  # fmt: skip
    invoice_days = forms.IntegerField(
        label="Hold reminders when imported invoices are older than (working days)", required=False, min_value=1,
        max_value=LONGEST, help_text="Counts from the last import of a file. Empty: never.",
    )  # fmt: skip
    contacts_per_week = forms.IntegerField(
        label="Contacts per person and week, at most", min_value=1, max_value=100,
        help_text="Over all channels, by hand and by themselves.",
    )  # fmt: skip

    def change(self, rules: OutgoingRules) -> OutgoingChange:
        """What the valid form asks for; the kill switch stays as it is."""
        values = {**self.cleaned_data, "allowed": self.cleaned_data["allowed"].replace(",", "\n").splitlines()}
        return OutgoingChange(stopped=rules.stopped_at is not None, stopped_why=rules.stopped_why, **values)


class StopForm(forms.Form):
    """Why everything is stopped: colleagues read it on every page."""

    why = forms.CharField(label="Why", max_length=200, error_messages={"required": "Say why everything is stopped."})


def initial_rules(rules: OutgoingRules) -> dict[str, Any]:
    """The form's values as the rules stand."""
    names = ("test_address", "bank_days", "invoice_days", "contacts_per_week")
    return {**{name: getattr(rules, name) for name in names}, "allowed": "\n".join(rules.allowed)}
