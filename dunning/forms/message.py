"""The forms of the messages page: what a proposal means exactly, whose a message is. They check; services decide."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from collections_app.web.writing import amount_text
from customers.models import Contact
from dunning.models import MessageProposal
from dunning.queries.message_items import meant_contact
from dunning.services.confirm_proposal import Answer
from invoices.forms.typed_amount import TypedAmountField, read_amount, written_amount
from invoices.models import Dispute, Invoice

Kind = MessageProposal.Kind
_DAYS = {
    Kind.PROMISE: "Promised by",
    Kind.ALREADY_PAID: "Paid on",
    Kind.OUT_OF_OFFICE: "Last day away",
}


class ConfirmForm(forms.Form):
    """One proposal with its facts filled in; which fields there are depends on its kind."""

    def __init__(
        self,
        *args: Any,
        proposal: MessageProposal,
        offered: Sequence[Invoice],
        meant: Sequence[Invoice],
        contacts: Sequence[Contact],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.proposal, self._offered = proposal, {str(row.pk): row for row in offered}
        self._contacts = {str(row.pk): row for row in contacts}
        self._meant = list(meant)
        if proposal.kind in _DAYS:
            self.fields["day"] = forms.DateField(
                label=_DAYS[Kind(proposal.kind)],
                required=proposal.kind != Kind.ALREADY_PAID,
                initial=proposal.day,
                widget=forms.DateInput(attrs={"type": "date", "data-focus": True}, format="%Y-%m-%d"),
            )
        if proposal.kind in (Kind.PROMISE, Kind.DISPUTE):
            self._add_amount()
        if proposal.kind == Kind.PROMISE:
            self._add_invoices()
        elif proposal.kind in (Kind.DISPUTE, Kind.ALREADY_PAID):
            self._add_invoice()
        else:
            self._add_contact()

    def answers(self) -> dict[str, Any]:
        """What the form would send as it stands: for the one key that confirms without opening it."""
        sent: dict[str, Any] = {}
        for name, field in self.fields.items():
            value = self.get_initial_for_field(field, name)
            sent[name] = value if value is not None else ""
        return sent

    def answer(self) -> Answer:
        """The checked answer."""
        data = self.cleaned_data
        chosen = data.get("invoices") or ([data["invoice"]] if data.get("invoice") else [])
        return Answer(
            day=data.get("day"),
            amount=data.get("amount_read"),
            invoices=[self._offered[pk] for pk in chosen],
            reason=data.get("reason", ""),
            contact=self._contacts.get(data.get("contact", "")),
            name=data.get("name", ""),
            email=data.get("email", ""),
        )

    def clean(self) -> dict[str, Any]:
        """The values with `amount_read` in the currency of the chosen invoices."""
        values = super().clean() or {}
        chosen = values.get("invoices") or ([values["invoice"]] if values.get("invoice") else [])
        currencies = {self._offered[pk].currency for pk in chosen}
        if len(currencies) > 1:
            self.add_error("invoices", "Choose invoices of one currency.")
        elif currencies and values.get("amount"):
            currency = currencies.pop()
            as_read = values["amount"] == self["amount"].initial
            if as_read and self.proposal.currency not in ("", currency):
                self.add_error("amount", f"The amount is in {self.proposal.currency}, the invoices are not.")
            else:
                values["amount_read"] = read_amount(self, "amount", currency)
        return values

    def _add_amount(self) -> None:
        proposal = self.proposal
        text = written_amount(proposal.amount, proposal.currency) if proposal.amount is not None else ""
        label = f"Amount in {proposal.currency}" if proposal.currency else "Amount"
        self.fields["amount"] = TypedAmountField(
            label=label, required=False, initial=text, help_text="Empty: all that is open."
        )

    def _add_invoices(self) -> None:
        field = forms.MultipleChoiceField(
            label="Invoices",
            widget=forms.CheckboxSelectMultiple(),
            choices=self._choices(),
            initial=[str(row.pk) for row in self._meant],
            error_messages={"required": "Choose at least one invoice."},
        )
        self.fields["invoices"] = field

    def _add_invoice(self) -> None:
        is_dispute = self.proposal.kind == Kind.DISPUTE
        first = str(self._meant[0].pk) if len(self._meant) == 1 else ""
        self.fields["invoice"] = forms.ChoiceField(
            label="Invoice",
            required=is_dispute,
            choices=[("", "Choose" if is_dispute else "No particular one"), *self._choices()],
            initial=first,
            error_messages={"required": "Choose the disputed invoice."},
        )
        if is_dispute:
            self.fields["reason"] = forms.ChoiceField(
                label="Reason", choices=Dispute.Reason.choices, initial=self.proposal.reason
            )

    def _add_contact(self) -> None:
        about = meant_contact(self.proposal, list(self._contacts.values()))
        self.fields["contact"] = forms.ChoiceField(
            label="Who",
            choices=[("", "Choose"), *((pk, str(row)) for pk, row in self._contacts.items())],
            initial=str(about.pk) if about else "",
            error_messages={"required": "Choose whom it is about."},
        )
        if self.proposal.kind != Kind.OUT_OF_OFFICE:
            self.fields["name"] = forms.CharField(
                label="New contact", max_length=150, required=False, initial=self.proposal.name
            )
            self.fields["email"] = forms.EmailField(
                label="E-mail of the new contact", required=False, initial=self.proposal.email
            )

    def _choices(self) -> list[tuple[str, str]]:
        rows = cast(dict[str, Any], self._offered)
        return [(pk, f"{row.number} · {amount_text(row.open_amount, row.currency)}") for pk, row in rows.items()]


class AssignForm(forms.Form):
    """Which customer a message belongs to."""

    find = forms.CharField(
        label="Customer",
        max_length=100,
        help_text="Name, number, or the number of one of its invoices.",
        widget=forms.TextInput(attrs={"data-focus": True, "autocomplete": "off"}),
    )
